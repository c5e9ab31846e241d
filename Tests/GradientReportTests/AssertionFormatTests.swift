import Foundation
import GradientReport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The formats of assertions, held against what their schemas demand; `Scripts/schemas` asks the schemas themselves.
@Suite struct AssertionFormatTests {
  @Test func everyFormatOfTheFolderIsInTheCatalog() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/GradientReport/Assertions/Formats").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.sorted() == AssertionFormatCatalog.all.map { "\($0).swift" }.sorted())
    #expect(
      AssertionFormatCatalog.all.map { $0.id } == [
        "text", "json", "junit", "sarif", "github", "gitlab",
      ])
  }

  @Test(arguments: AssertionFormatCatalog.all.map { $0.id })
  func theSameResultsGiveTheSameText(id: String) throws {
    let format = try #require(AssertionFormatCatalog.format(id))
    let text = try format.text(of: SampleAssertion.report)
    #expect(try text == format.text(of: SampleAssertion.report))
    #expect(text.hasSuffix("\n"))
    // What a terminal, a log or a page would act on is shown.
    let hostile = try format.text(of: SampleAssertion.hostileReport)
    #expect(!hostile.contains("\u{1b}") && !hostile.contains("\n::error::g"))
  }

  @Test func textIsALineForWhatIsWell() throws {
    let text = TextFormat.text(of: SampleAssertion.report)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[1] == "  healthy    models/digits.yaml   30 looked at, 1 could not be")
    #expect(lines[2] == "  FAILED     models/digits.yaml")
    #expect(lines.contains("             Report: reports/digits/report.md"))
    #expect(lines.contains("  UNCLEAR    runs/short.jsonl.gz"))
    #expect(lines.contains("  UNREADABLE none.yaml"))
    #expect(lines.suffix(3) == ["  \(SampleAssertion.report.headline)", "", ""])
  }

  @Test func jsonHoldsTheDiagnosisAndTheCheck() throws {
    let document = try object(JSONFormat.text(of: SampleAssertion.report))
    #expect(document["format"] as? String == "gradient-assertion")
    #expect(document["version"] as? Int == 1 && document["verdict"] as? String == "unreadable")
    let subjects = try #require(document["subjects"] as? [[String: Any]])
    #expect(
      subjects.map { $0["verdict"] as? String } == [
        "passed", "failed", "no-verdict", "passed", "unreadable",
      ])
    let diagnosis = try #require(subjects[1]["diagnosis"] as? [String: Any])
    #expect(diagnosis["format"] as? String == "gradient-diagnosis")
    #expect((subjects[1]["check"] as? [String: Any])?["verdict"] as? String == "fail")
    let items = try #require(subjects[1]["items"] as? [[String: Any]])
    let failed = try #require(items.first { $0["id"] as? String == "vanishing-gradient" })
    let issue = try #require((failed["issues"] as? [[String: Any]])?.first)
    #expect(issue["line"] as? Int == 7 && issue["layer"] as? String == "hidden")
    let finding = try #require((diagnosis["findings"] as? [[String: Any]])?.first)
    #expect(finding["value"] as? String == "Infinity")
    let hostile = try object(JSONFormat.text(of: SampleAssertion.hostileReport))
    #expect(
      (hostile["subjects"] as? [[String: Any]])?.first?["name"] as? String
        == SampleAssertion.hostile)
  }

  @Test(arguments: SampleAssertion.Kind.allCases)
  func junitHoldsWhatItsSchemaKnows(kind: SampleAssertion.Kind) throws {
    let report = kind.report
    let reader = JUnitReader()
    let parser = XMLParser(data: Data(JUnitFormat.text(of: report).utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(reader.mistakes == [])
    #expect(reader.suites.count == report.results.count)
    for (suite, result) in zip(reader.suites, report.results) {
      #expect(suite.cases == max(result.items.count, 1))
      #expect(suite.failures == result.items.count { $0.outcome == .failed })
      #expect(suite.skipped == result.items.count { $0.outcome == .notChecked })
      #expect((suite.failures + suite.errors == 0) == (result.status == .passed))
    }
  }

  @Test func sarifNamesRuleLevelAndPlace() throws {
    let log = try object(SARIFFormat.text(of: SampleAssertion.report))
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: [String: Any]])?["driver"])
    #expect(driver["name"] as? String == "gradcheck")
    let rules = try #require(driver["rules"] as? [[String: Any]])
    #expect(rules.count == AssertionRule.all.count)
    for rule in rules {
      for key in ["shortDescription", "fullDescription", "help"] {
        #expect((rule[key] as? [String: String])?["text"]?.isEmpty == false)
      }
    }
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(
      results.map { $0["ruleId"] as? String } == [
        "gradients", "vanishing-gradient", "oscillation", "verdict", "oscillation",
      ])
    #expect(
      results.map { $0["level"] as? String } == ["error", "error", "warning", "error", "warning"])
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      #expect((result["partialFingerprints"] as? [String: String])?["gradcheck/v1"]?.count == 32)
    }
    #expect(try places(results).map(\.line) == [9, 7, 1, 1, 1])
    #expect(try places(results).last?.uri == "file:///elsewhere/run%201.gradtrace")
    let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
    #expect(invocation["executionSuccessful"] as? Bool == false)
    #expect((invocation["toolExecutionNotifications"] as? [Any])?.count == 1)
  }

  @Test(arguments: SampleAssertion.Kind.allCases)
  func sarifHoldsWhatItsSchemaKnows(kind: SampleAssertion.Kind) throws {
    let report = kind.report
    let log = try object(SARIFFormat.text(of: report))
    #expect(SARIFSchema.mistakes(in: log, "log") == [])
  }

  @Test func githubCommandsAreLinesOfTheirOwn() throws {
    let lines = GitHubFormat.text(of: SampleAssertion.report).split(separator: "\n").map(
      String.init)
    #expect(lines.count == 7)
    #expect(
      lines[0].hasPrefix(
        "::error file=models/digits.yaml,line=9,title=gradcheck%3A gradients::wrong"))
    #expect(
      lines[1] == "::error file=models/digits.yaml,line=7,title=gradcheck%3A vanishing-gradient::"
        + "vanishing-gradient (error) in ‘hidden’, since step 3: hidden is 100 %25 wrong.%0A"
        + "Why: Nobody knows.%0ATry: Try this. Or: try that.")
    #expect(
      lines[2].hasPrefix(
        "::warning file=models/digits.yaml,line=1,title=gradcheck%3A oscillation::"))
    #expect(
      lines[5]
        == "::error file=none.yaml,line=3,title=gradcheck%3A unreadable::none.yaml:3: is not what was expected"
    )
    #expect(lines[6] == "gradcheck: \(SampleAssertion.report.headline)")
    let hostile = GitHubFormat.text(of: SampleAssertion.hostileReport).split(separator: "\n")
    #expect(
      hostile.dropLast().allSatisfy { line in
        line.wholeMatch(of: /::(error|warning) file=[^:,]*,line=\d+,title=[^:,]*::.*/) != nil
      })
  }

  @Test(arguments: SampleAssertion.Kind.allCases)
  func gitlabEntriesHaveAllTheirKeys(kind: SampleAssertion.Kind) throws {
    let report = kind.report
    let text = try GitLabFormat.text(of: report)
    let entries = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(
      entries.count
        == report.results.reduce(0) { $0 + max($1.issues.count, $1.obstacle == nil ? 0 : 1) })
    for entry in entries {
      #expect(
        Set(entry.keys) == ["check_name", "description", "fingerprint", "location", "severity"])
      #expect(["blocker", "critical", "minor"].contains(entry["severity"] as? String))
      let location = try #require(entry["location"] as? [String: Any])
      #expect((location["lines"] as? [String: Int])?["begin"] ?? 0 >= 1)
    }
    let prints = entries.compactMap { $0["fingerprint"] as? String }
    #expect(Set(prints).count == entries.count)
  }

  @Test func theJobPageShowsNamesAsTheyAre() {
    let page = SampleAssertion.report.markdown
    #expect(page.hasPrefix("## gradcheck: 5 subjects: "))
    #expect(page.contains("| `models/digits.yaml` | **FAILED** | "))
    #expect(page.contains("- Report: `reports/digits/report.md`\n"))
    let hostile = SampleAssertion.hostileReport.markdown
    let rows = hostile.split(separator: "\n").filter { $0.hasPrefix("| ") }
    #expect(rows.count == 4, "a head, a rule and a row for each of two subjects")
    #expect(hostile.split(separator: "\n").allSatisfy { !$0.hasPrefix("::") })
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func places(_ results: [[String: Any]]) throws -> [(uri: String?, line: Int?)] {
    try results.map { result in
      let place = try #require(
        (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any])
      return (
        (place["artifactLocation"] as? [String: String])?["uri"],
        (place["region"] as? [String: Int])?["startLine"]
      )
    }
  }
}

/// Reads JUnit's XML, and notes what Jenkins' schema (`junit-10.xsd`) doesn't know.
private final class JUnitReader: NSObject, XMLParserDelegate {
  struct Suite {
    var cases = 0
    var failures = 0
    var errors = 0
    var skipped = 0
  }

  private(set) var suites: [Suite] = []
  private(set) var mistakes: [String] = []
  private var path: [String] = []

  /// Where an element may stand, the attributes that it must have, and those that it may.
  private static let elements:
    [String: (parent: String?, required: Set<String>, optional: Set<String>)] = [
      "testsuites": (nil, [], ["name", "time", "tests", "failures", "errors"]),
      "testsuite": (
        "testsuites", ["name", "tests", "failures", "errors"],
        [
          "group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log",
          "url",
        ]
      ),
      "testcase": ("testsuite", ["name"], ["time", "classname", "group"]),
      "failure": ("testcase", [], ["type", "message"]),
      "error": ("testcase", [], ["type", "message"]),
      "skipped": ("testcase", [], ["type", "message"]),
      "system-out": ("testcase", [], []),
    ]

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    guard let element = Self.elements[name] else { return mistakes.append("element \(name)") }
    let keys = Set(attributes.keys)
    if element.parent != path.last { mistakes.append("\(name) in \(path.last ?? "nothing")") }
    if !keys.isSuperset(of: element.required) { mistakes.append("\(name) without an attribute") }
    if !keys.isSubset(of: element.required.union(element.optional)) {
      mistakes.append("\(name) with one too many of \(keys.sorted())")
    }
    path.append(name)
    switch name {
    case "testsuite": suites.append(Suite())
    case "testcase": suites[suites.count - 1].cases += 1
    case "failure": suites[suites.count - 1].failures += 1
    case "error": suites[suites.count - 1].errors += 1
    case "skipped": suites[suites.count - 1].skipped += 1
    default: break
    }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { path.removeLast() }
}
