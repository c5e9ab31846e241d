import GradientDiagnosis
import GzipIO

/// A Code Quality report of GitLab, which a merge request shows: a list of issues at the lines of their layers.
package enum GitLabFormat: AssertionFormat {
  package static let id = "gitlab"

  package static func text(of report: AssertionReport) throws -> String {
    try DocumentJSON.text(of: report.results.flatMap(entries)) + "\n"
  }

  private static func entries(of result: AssertionResult) -> [Entry] {
    if let obstacle = result.obstacle {
      let issue = AssertionIssue(severity: .error, message: obstacle.description)
      return [
        Entry("unreadable", issue, in: result.path, line: obstacle.line ?? 1, severity: "blocker")
      ]
    }
    return result.issues.map { item, issue in
      Entry(
        item.id, issue, in: result.path, line: result.line(of: issue.layer),
        severity: item.outcome == .warned ? "minor" : "critical")
    }
  }
}

/// The keys of an issue, as GitLab names them.
private struct Entry: Encodable {
  struct Location: Encodable {
    struct Lines: Encodable { var begin: Int }

    var path: String
    var lines: Lines
  }

  var description: String
  var checkName: String
  var fingerprint: String
  var severity: String
  var location: Location

  enum CodingKeys: String, CodingKey {
    case description
    case checkName = "check_name"
    case fingerprint, severity, location
  }

  init(_ id: String, _ issue: AssertionIssue, in path: String, line: Int, severity: String) {
    description = issue.text
    checkName = id
    fingerprint = issue.fingerprint(id, in: path)
    self.severity = severity
    location = Location(path: path, lines: .init(begin: line))
  }
}
