import Backpropagation
import GradientTrace
import Testing

/// Runs recorded by Recorders/pytorch/gradtrace.py, repeated here and recorded by our own recorder.
@Suite struct GoldenRunTests {
  @Test(arguments: ["mlp", "cnn", "lstm"])
  func bothRecordersWriteTheSame(_ name: String) throws {
    let run = try Self.run(name)
    #expect(run.theirs.header.layers.map(\.name) == run.ours.header.layers.map(\.name))
    #expect(run.theirs.header.layers.map(\.kind) == run.ours.header.layers.map(\.kind))
    #expect(run.theirs.header.layers.map(\.inputs) == run.ours.header.layers.map(\.inputs))
    let shapes = run.theirs.header.layers.map { $0.parameters.map(\.shape) }
    #expect(shapes == run.ours.header.layers.map { $0.parameters.map(\.shape) })
    let comparison = try Self.comparison(run) { $0 }
    #expect(comparison.differences.isEmpty, "\(comparison.differences.joined(separator: "\n"))")
    #expect(comparison.count > 400)
  }

  /// What the comparison is worth: one number off by a ten-thousandth is found.
  @Test func aNumberThatIsOffIsFound() throws {
    let run = try Self.run("mlp")
    let wrongDelta = try Self.comparison(run) { step in
      var step = step
      step.layers[1]?.delta?.rms? *= 1.0001
      return step
    }
    #expect(wrongDelta.differences.count == 6)
    let wrongUpdate = try Self.comparison(run) { step in
      var step = step
      step.layers[5]?.parameters[1]?.updateRMS? *= 0.9999
      return step
    }
    #expect(wrongUpdate.differences.count == 6)
  }

  private static func run(_ name: String) throws -> GoldenRun {
    try GoldenRun(
      name, name == "cnn" ? .sgd(learningRate: 0.05, momentum: 0.9) : .adam(learningRate: 0.01))
  }

  private static func comparison(
    _ run: GoldenRun, changing change: (StepRecord) -> StepRecord
  ) throws -> TraceComparison {
    func steps(_ trace: Trace) throws -> [StepRecord] {
      var steps: [StepRecord] = []
      try trace.forEachStep { steps.append($0) }
      return steps
    }
    return TraceComparison(
      try steps(run.ours), try steps(run.theirs).map(change), run.ours.header, tolerance: 1e-5)
  }
}
