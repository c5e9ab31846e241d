import GzipIO

extension Explanation: CustomStringConvertible {
  /// The explanation as text of at most 78 columns under fixed headings: what `gradcheck explain` prints.
  public var description: String {
    var lines = [id, ""] + Self.wrapped(summary, indent: 2)
    for (heading, text) in [
      ("What it measures", measures), ("Why it matters", matters), ("When it fires", fires),
    ] {
      lines += ["", heading] + Self.wrapped(text, indent: 2)
    }
    lines += ["", "Typical causes"] + causes.flatMap { Self.wrapped($0, bullet: "- ", indent: 2) }
    lines += ["", "What to try"]
    for (number, remedy) in remedies.enumerated() {
      lines += Self.wrapped(remedy.text, bullet: "\(number + 1). ", indent: 2)
    }
    lines += ["", "Reference"] + Self.wrapped(reference, indent: 2)
    return lines.joined(separator: "\n")
  }

  private static func wrapped(_ text: String, bullet: String = "", indent: Int) -> [String] {
    let start = String(repeating: " ", count: indent)
    let rest = start + String(repeating: " ", count: bullet.count)
    return text.lines(ofWidth: 78 - rest.count).enumerated().map { number, line in
      (number == 0 ? start + bullet : rest) + line
    }
  }
}
