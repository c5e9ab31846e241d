import Foundation
import Testing

/// The bundled models each get the diagnosis that their construction calls for, written down before their first run.
@Suite struct ExampleTests {
  /// The folders that say what they expect.
  static let names: [String] = {
    let examples = Command.package.appending(path: "Examples")
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: examples.path)) ?? []
    return folders.sorted().filter {
      FileManager.default.fileExists(atPath: examples.appending(path: "\($0)/expected.json").path)
    }
  }()

  /// A model without an expectation would be one that no test runs.
  @Test func everyModelSaysWhatItExpects() throws {
    let examples = Command.package.appending(path: "Examples")
    let models = try FileManager.default.contentsOfDirectory(atPath: examples.path).filter {
      FileManager.default.fileExists(atPath: examples.appending(path: "\($0)/model.yaml").path)
    }
    #expect(models.sorted() == Self.names)
    #expect(models.count >= 6)
  }

  @Test(arguments: names, [1, 2])
  func getsItsDiagnosis(name: String, threads: Int) throws {
    let command = try Command()
    defer { command.clean() }
    let expected = try JSONDecoder().decode(
      Expectation.self,
      from: Data(
        contentsOf: Command.package.appending(path: "Examples/\(name)/expected.json")))

    let result = try command(
      "run", Command.package.appending(path: "Examples/\(name)/model.yaml").path, "--threads",
      "\(threads)", "--format", "json")
    #expect(result.errors == "")
    #expect(result.status == (expected.root == nil ? 0 : 1))
    let run = try JSONDecoder().decode(RunDocument.self, from: Data(result.output.utf8))
    #expect(run.check.verdict == "pass")
    #expect(run.diagnosis.verdict == expected.verdict)

    let findings = run.diagnosis.findings
    let serious = findings.indices.filter { findings[$0].severity != "info" }
    guard let root = expected.root else {
      #expect(serious.isEmpty, "a healthy run has no warning, got \(findings.map(\.id))")
      return
    }
    let rootIndex = try #require(run.diagnosis.rootCause)
    let found = findings[rootIndex]
    #expect(found.id == root.id)
    #expect(found.layer == root.layer)
    #expect(abs(found.firstStep - root.firstStep) <= root.firstStepTolerance)
    #expect(found.cause.id == root.cause)
    #expect(found.remedies.first?.id == root.firstRemedy)
    for index in serious where index != rootIndex {
      #expect(expected.alsoAllowed.contains(findings[index].id))
      #expect(findings[index].causedBy != nil, "\(findings[index].id) must lead to the root")
    }
    #expect(command.has("gradcheck-report/\(name)/report.md"))
    #expect(command.has("gradcheck-report/\(name)/trace.gradtrace"))
  }

  /// The digits read row by row: what trains gets more than 19 of 20 right, and its trace holds δ for each of the 8 rows.
  @Test func theRecurrentOneRecordsByTimeStep() throws {
    struct Line: Decodable {
      struct Layer: Decodable { var deltaRmsByTime: [Double]? }
      var layers: [String: Layer]
    }
    struct Trained: Decodable {
      struct Training: Decodable { var parts: [String: Part] }
      struct Part: Decodable { var accuracy: Double }
      var training: Training
    }
    let command = try Command()
    defer { command.clean() }
    let model = Command.package.appending(path: "Examples/digits-lstm/model.yaml").path
    let run = try command("train", model, "--output", "run.gradtrace", "--format", "json")
    #expect(run.status == 0)
    let trained = try JSONDecoder().decode(Trained.self, from: Data(run.output.utf8))
    #expect(try #require(trained.training.parts["test"]).accuracy > 0.95)
    let exported = try command("export", "run.gradtrace", "--format", "jsonl")
    let lines = exported.output.split(separator: "\n").dropFirst()
    #expect(lines.count == 400)
    for line in [lines.first, lines.last] {
      let step = try JSONDecoder().decode(Line.self, from: Data(try #require(line).utf8))
      let byTime = try #require(step.layers["lstm-1"]?.deltaRmsByTime)
      #expect(byTime.count == 8 && byTime.allSatisfy { $0 > 0 })
      #expect(step.layers["dense-1"]?.deltaRmsByTime == nil)
    }
    for format in ["text", "json"] {
      #expect(try command("diagnose", "run.gradtrace", "--format", format).status == 0)
    }
    #expect(try command("report", "run.gradtrace", "--output", "report").status == 0)
    #expect(command.has("report/report.md"))
  }
}

/// What an example's expected.json says.
private struct Expectation: Decodable {
  struct Root: Decodable {
    var id: String
    var layer: String
    var firstStep: Int
    var firstStepTolerance: Int
    var cause: String
    var firstRemedy: String
  }

  var verdict: String
  var root: Root?
  var alsoAllowed: [String]
}

/// The parts of `run --format json` that an expectation is held against.
private struct RunDocument: Decodable {
  struct Check: Decodable { var verdict: String }
  struct Named: Decodable { var id: String }
  struct Finding: Decodable {
    var id: String
    var severity: String
    var layer: String?
    var firstStep: Int
    var cause: Named
    var causedBy: Int?
    var remedies: [Named]
  }
  struct Diagnosis: Decodable {
    var verdict: String
    var rootCause: Int?
    var findings: [Finding]
  }

  var check: Check
  var diagnosis: Diagnosis
}
