import Foundation
import GradientHealth
import Testing

/// The runs of Examples/pytorch/train.py, as Recorders/pytorch/gradtrace.py recorded them.
@Suite struct PyTorchExampleTests {
  private static func log(_ name: String) -> String {
    Command.package.appending(path: "Examples/pytorch/\(name).jsonl.gz").path
  }

  @Test func digitsAreLearnedHealthily() throws {
    let trace = try Trace(contentsOf: Self.log("digits"))
    let diagnosis = try Diagnosis(of: trace)
    #expect(diagnosis.verdict == .healthy, "\(diagnosis)")
    #expect(diagnosis.passed.map(\.id).contains("dead-relu"))
    #expect(
      trace.header.layers.map(\.kind) == ["input", "dense", "relu", "dense", "relu", "dense"])
  }

  @Test func theDeepTwinVanishes() throws {
    let diagnosis = try Diagnosis(of: Trace(contentsOf: Self.log("deep")))
    #expect(diagnosis.verdict == .error)
    let root = try #require(diagnosis.rootCause.map { diagnosis.findings[$0] })
    #expect(root.id == "vanishing-gradient")
    #expect(root.layer == "dense1")
    #expect(root.firstStep == 0)
    #expect(root.cause.id == "saturating-activation")
    #expect(root.remedies.first?.id == "use-relu")
  }

  /// What goes out and comes in again is judged as before: these runs, and those that PyTorch and we recorded alike.
  @Test(arguments: [
    "Examples/pytorch/digits", "Examples/pytorch/deep",
    "Tests/GradientRecordingTests/Fixtures/mlp", "Tests/GradientRecordingTests/Fixtures/cnn",
    "Tests/GradientRecordingTests/Fixtures/lstm", "Tests/GradientTraceTests/Fixtures/pytorch-lstm",
  ])
  func theWayThroughATraceFileChangesNothing(_ path: String) throws {
    let command = try Command()
    defer { command.clean() }
    let log = Command.package.appending(path: "\(path).jsonl.gz").path
    #expect(try command("import", log, "--output", "a.gradtrace").status == 0)
    let export = ["export", "a.gradtrace", "--format", "jsonl", "--output", "b.jsonl"]
    #expect(try command.call(export).status == 0)
    let original = try command("diagnose", log, "--format", "json")
    #expect(original.output.contains("gradient-diagnosis"))
    for copy in ["a.gradtrace", "b.jsonl"] {
      let diagnosis = try command("diagnose", copy, "--format", "json")
      #expect(diagnosis.output == original.output)
      #expect(diagnosis.status == original.status)
    }
  }
}
