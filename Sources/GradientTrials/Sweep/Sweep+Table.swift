import GradientDiagnosis

extension Sweep.Part {
  /// The measured values of one quantity as lines of text of at most 78 columns: a head, then a row a layer.
  package func table(of quantity: Sweep.Quantity, steps: Int?) -> [String] {
    let lines = shown(lines(of: quantity))
    guard !lines.isEmpty else { return [] }
    let hasOwn = lines.contains { $0.ownSlope != nil }
    let name = 19, column = 8
    let head = labels.map { $0.leftPadded(to: column) }.joined()
    let slopes = "slope".leftPadded(to: column) + (hasOwn ? "own".leftPadded(to: column) : "")
    return [quantity.title(steps: steps), "".rightPadded(to: name) + head + slopes]
      + lines.map { line in
        let values = line.values.map { ($0.map(Wording.short) ?? "–").leftPadded(to: column) }
        let figures = [line.slope] + (hasOwn ? [line.ownSlope] : [])
        let slopes = figures.map { ($0.map(Self.signed) ?? "–").leftPadded(to: column) }
        return line.layer.shortened(to: name - 1).rightPadded(to: name) + values.joined()
          + slopes.joined()
      }
  }

  /// At most eight of the lines, evenly chosen, those of layers that a judgment names among them.
  private func shown(_ lines: [Sweep.Line]) -> [Sweep.Line] {
    let limit = 8
    guard lines.count > limit else { return lines }
    let named = Set(judgments.compactMap(\.layers.first))
    let even = Set((0..<limit).map { $0 * (lines.count - 1) / (limit - 1) })
    return lines.enumerated().filter {
      even.contains($0.offset) || named.contains($0.element.layer)
    }
    .map(\.element)
  }

  private static func signed(_ slope: Double) -> String {
    let text = Wording.decimal(abs(slope), places: 2)
    return text == "0" ? "0" : (slope < 0 ? "−" : "+") + text
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  fileprivate func rightPadded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  fileprivate func shortened(to width: Int) -> String {
    count <= width ? self : prefix(width - 1) + "…"
  }
}
