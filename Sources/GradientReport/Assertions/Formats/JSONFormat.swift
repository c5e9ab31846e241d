import GradientChecking
import GradientDiagnosis
import GzipIO

/// One JSON document (`gradient-assertion`, version 1) with everything that is known of each subject.
package enum JSONFormat: AssertionFormat {
  package static let id = "json"

  package static func text(of report: AssertionReport) throws -> String {
    let subjects = try report.results.map(subject)
    return JSONDocument("gradient-assertion").adding("verdict", report.status.rawValue)
      .adding("subjects", json: "[\(subjects.joined(separator: ","))]").text + "\n"
  }

  private static func subject(_ result: AssertionResult) throws -> String {
    var document = JSONDocument("gradient-assertion-subject").adding("path", result.path)
      .adding("name", result.name).adding("verdict", result.status.rawValue)
    if let obstacle = result.obstacle { document = document.adding("error", obstacle.description) }
    if let report = result.report { document = document.adding("report", report) }
    let items = result.items.map { Item($0, in: result) }
    document = document.adding("items", json: try DocumentJSON.text(of: items))
    if let check = result.check { document = document.adding("check", json: try check.jsonText) }
    if let diagnosis = result.diagnosis {
      document = document.adding("diagnosis", json: try diagnosis.json())
    }
    return document.text
  }
}

/// The keys of an item, which other programs read.
private struct Item: Encodable {
  struct Issue: Encodable {
    var severity: String
    var layer: String?
    var line: Int
    var message: String
    var advice: [String]
  }

  var id: String
  var group: String
  var outcome: String
  var text: String
  var issues: [Issue]

  init(_ item: AssertionItem, in result: AssertionResult) {
    id = item.id
    group = item.group.rawValue
    outcome = item.outcome.rawValue
    text = item.text
    issues = item.issues.map {
      Issue(
        severity: $0.severity.rawValue, layer: $0.layer, line: result.line(of: $0.layer),
        message: $0.message, advice: $0.advice)
    }
  }
}
