import GzipIO

/// Workflow commands of GitHub Actions: each issue is an annotation at the line of its layer in the model file.
package enum GitHubFormat: AssertionFormat {
  package static let id = "github"

  package static func text(of report: AssertionReport) -> String {
    var lines: [String] = []
    for result in report.results {
      if let obstacle = result.obstacle {
        lines.append(
          command(
            "error", result.path, line: obstacle.line ?? 1, title: "unreadable",
            obstacle.description))
      }
      for (item, issue) in result.issues {
        lines.append(
          command(
            item.outcome == .warned ? "warning" : "error", result.path,
            line: result.line(of: issue.layer), title: item.id, issue.text))
      }
    }
    return (lines + ["gradcheck: \(report.headline)"]).joined(separator: "\n") + "\n"
  }

  private static func command(
    _ kind: String, _ path: String, line: Int, title: String, _ text: String
  ) -> String {
    "::\(kind) file=\(property(path)),line=\(line),title=\(property("gradcheck: \(title)"))"
      + "::\(data(text))"
  }

  /// A message, in which line breaks and percent signs are escaped; all other control characters are shown.
  private static func data(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).quotable.replacing("%", with: "%25") }.joined(separator: "%0A")
  }

  /// A property, in which colons and commas are escaped as well.
  private static func property(_ text: String) -> String {
    text.quotable.replacing("%", with: "%25").replacing(":", with: "%3A")
      .replacing(",", with: "%2C")
  }
}
