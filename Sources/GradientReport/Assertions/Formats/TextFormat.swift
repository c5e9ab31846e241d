import GzipIO

/// For people: a line for each subject, and below one that isn't healthy what was found.
package enum TextFormat: AssertionFormat {
  package static let id = "text"

  package static func text(of report: AssertionReport) -> String {
    var lines = [""]
    for result in report.results {
      let lead = "  " + padded(result.label, to: indent - 2) + result.path.quotable
      let told = result.summary + (result.report.map { ["Report: \($0)"] } ?? [])
      lines.append(told.isEmpty ? "\(lead)   \(result.evidence)" : lead)
      for text in told { lines += wrapped(text.quotable) }
      if !told.isEmpty { lines.append("") }
    }
    if report.results.count > 1 {
      if lines.last != "" { lines.append("") }
      lines.append("  " + report.headline)
    }
    return lines.joined(separator: "\n") + (lines.last == "" ? "" : "\n") + "\n"
  }

  private static let indent = 13

  /// A text broken at 80 columns; what follows a `Why:` or `Try:` stands below its text.
  private static func wrapped(_ text: String) -> [String] {
    let start = String(repeating: " ", count: indent)
    let hang = ["Why: ", "Try: "].contains { text.hasPrefix($0) } ? "     " : ""
    return text.lines(ofWidth: 80 - indent - hang.count).enumerated().map { number, line in
      start + (number == 0 ? "" : hang) + line
    }
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
