import Foundation
import GradientDiagnosis
import GzipIO

/// SARIF 2.1.0, as code scanning reads it: a result for each issue, at the line of its layer in the model file.
package enum SARIFFormat: AssertionFormat {
  package static let id = "sarif"

  package static func text(of report: AssertionReport) throws -> String {
    try DocumentJSON.text(of: Log(report)) + "\n"
  }
}

/// A text of a log.
private struct Message: Encodable {
  var text: String

  init(_ text: String) { self.text = text }
}

private struct Log: Encodable {
  var version = "2.1.0"
  var runs: [Run]

  init(_ report: AssertionReport) { runs = [Run(report)] }
}

private struct Run: Encodable {
  struct Tool: Encodable { var driver: Driver }

  struct Driver: Encodable {
    var name = "gradcheck"
    var semanticVersion: String
    var rules: [Rule]
  }

  struct Invocation: Encodable {
    var executionSuccessful: Bool
    var toolExecutionNotifications: [Notification]
  }

  struct Notification: Encodable {
    var level = "error"
    var message: Message
    var locations: [Location]
  }

  var tool: Tool
  var invocations: [Invocation]
  var columnKind = "unicodeCodePoints"
  var results: [Result]

  init(_ report: AssertionReport) {
    let rules = AssertionRule.all
    tool = Tool(driver: Driver(semanticVersion: report.version, rules: rules.map(Rule.init)))
    let notifications = report.results.compactMap { result in
      result.obstacle.map {
        Notification(
          message: Message($0.description), locations: [Location(result.path, line: $0.line ?? 1)])
      }
    }
    invocations = [
      Invocation(
        executionSuccessful: notifications.isEmpty, toolExecutionNotifications: notifications)
    ]
    results = report.results.flatMap { result in
      result.issues.compactMap { item, issue in
        rules.firstIndex { $0.id == item.id }.map { Result(item, issue, of: result, rule: $0) }
      }
    }
  }
}

private struct Rule: Encodable {
  var id: String
  var shortDescription: Message
  var fullDescription: Message
  var help: Message

  init(_ explanation: Explanation) {
    id = explanation.id
    shortDescription = Message(explanation.summary)
    fullDescription = Message("\(explanation.measures) \(explanation.matters)")
    help = Message(explanation.description)
  }
}

private struct Result: Encodable {
  var ruleId: String
  var ruleIndex: Int
  var level: String
  var message: Message
  var locations: [Location]
  var partialFingerprints: [String: String]

  init(_ item: AssertionItem, _ issue: AssertionIssue, of result: AssertionResult, rule: Int) {
    ruleId = item.id
    ruleIndex = rule
    level = item.outcome == .warned ? "warning" : "error"
    message = Message(issue.text)
    locations = [Location(result.path, line: result.line(of: issue.layer), layer: issue.layer)]
    partialFingerprints = ["gradcheck/v1": issue.fingerprint(item.id, in: result.path)]
  }
}

private struct Location: Encodable {
  struct Physical: Encodable {
    var artifactLocation: Artifact
    var region: Region
  }

  struct Artifact: Encodable { var uri: String }
  struct Region: Encodable { var startLine: Int }

  struct Logical: Encodable {
    var name: String
    var kind = "layer"
  }

  var physicalLocation: Physical
  var logicalLocations: [Logical]?

  init(_ path: String, line: Int, layer: String? = nil) {
    physicalLocation = Physical(
      artifactLocation: Artifact(uri: Self.reference(to: path)), region: Region(startLine: line))
    logicalLocations = layer.map { [Logical(name: $0)] }
  }

  /// A path as a URI reference, in which everything but letters, digits, `-._~` and `/` is escaped.
  private static func reference(to path: String) -> String {
    let kept = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
    let escaped = path.addingPercentEncoding(withAllowedCharacters: kept) ?? ""
    return path.hasPrefix("/") ? "file://" + escaped : escaped
  }
}
