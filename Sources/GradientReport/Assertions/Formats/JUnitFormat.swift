import GradientDiagnosis
import GzipIO

/// JUnit's XML, as Jenkins (`junit-10.xsd`), GitLab and most services read it: a suite for each subject, a case for each item.
///
/// What could not be looked at is skipped, what can't be decided is an error, a warning is a case that passes and says so.
package enum JUnitFormat: AssertionFormat {
  package static let id = "junit"

  package static func text(of report: AssertionReport) -> String {
    let suites = report.results.map(suite)
    let count = suites.reduce(Count()) { $0 + $1.count }
    let lines =
      ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
      + ["<testsuites name=\"gradcheck\" \(count.attributes)>"] + suites.flatMap(\.lines)
      + ["</testsuites>"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// How many cases there are, and how many of them went wrong.
  private struct Count {
    var tests = 0
    var failures = 0
    var errors = 0

    var attributes: String { "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\"" }

    static func + (left: Count, right: Count) -> Count {
      Count(
        tests: left.tests + right.tests, failures: left.failures + right.failures,
        errors: left.errors + right.errors)
    }
  }

  private static func suite(_ result: AssertionResult) -> (lines: [String], count: Count) {
    let path = HTML.text(result.path)
    var cases = result.items.flatMap { testCase($0, of: result) }
    var count = Count(
      tests: result.items.count, failures: result.items.count { $0.outcome == .failed },
      errors: result.items.count { $0.outcome == .undecided })
    if let obstacle = result.obstacle {
      cases = opening("subject", of: result, group: "input")
      cases += element("error", "unreadable", obstacle.description, []) + [closing]
      count = Count(tests: 1, failures: 0, errors: 1)
    }
    let opening = "  <testsuite name=\"\(path)\" file=\"\(path)\" \(count.attributes)>"
    return ([opening] + cases + ["  </testsuite>"], count)
  }

  private static func testCase(_ item: AssertionItem, of result: AssertionResult) -> [String] {
    var content: [String] = []
    let type = item.issues.first?.severity.rawValue ?? item.outcome.rawValue
    let lines = item.issues.flatMap { [$0.message] + $0.advice }
    switch item.outcome {
    case .passed: content = ["      <system-out>\(HTML.text(item.text))</system-out>"]
    case .warned: content = ["      <system-out>\(body(lines))</system-out>"]
    case .failed: content = element("failure", type, item.text, lines)
    case .undecided: content = element("error", item.outcome.rawValue, item.text, lines)
    case .notChecked: content = ["      <skipped message=\"\(HTML.text(item.text))\"/>"]
    }
    return opening(item.id, of: result, group: item.group.rawValue) + content + [closing]
  }

  private static func opening(
    _ name: String, of result: AssertionResult, group: String
  ) -> [String] {
    let group = HTML.text("\(result.name).\(group)")
    return ["    <testcase name=\"\(HTML.text(name))\" classname=\"\(group)\">"]
  }

  private static let closing = "    </testcase>"

  private static func element(
    _ name: String, _ type: String, _ message: String, _ lines: [String]
  ) -> [String] {
    let attributes = "type=\"\(type)\" message=\"\(HTML.text(message))\""
    return ["      <\(name) \(attributes)>\(body(lines))</\(name)>"]
  }

  private static func body(_ lines: [String]) -> String {
    lines.map(HTML.text).joined(separator: "\n")
  }
}
