import Backpropagation
import GradientTrace
import Testing

/// Runs recorded by Recorders/pytorch/gradtrace.py, repeated here and recorded by our own recorder.
@Suite struct GoldenRunTests {
  @Test(arguments: ["mlp", "curves", "cnn", "lstm"])
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

  /// What the comparison is worth: one number off by a ten-thousandth, one count off by one is found wherever both
  /// recorders have it.
  @Test(arguments: [
    Planted("mlp", 6) { $0.layers[1]?.delta?.rms? *= 1.0001 },
    Planted("mlp", 6) { $0.layers[5]?.parameters[1]?.updateRMS? *= 0.9999 },
    Planted("curves", 12) {
      $0.layers[2]?.saturated? += 1
      $0.layers[4]?.saturated? -= 1
    },
    Planted("curves", 6) { $0.layers[1]?.delta?.subnormal? += 1 },
    // The input's moments are those of the first batch, the others those of the window's last.
    Planted("curves", 2) {
      $0.layers[0]?.unitMeans?[3] *= 1.0001
      $0.layers[2]?.unitMeans?[7] *= 1.0001
    },
    Planted("curves", 2) {
      $0.layers[0]?.unitDeviations?[3] *= 1.0001
      $0.layers[4]?.unitDeviations?[7] *= 0.9999
    },
  ])
  func aNumberThatIsOffIsFound(_ planted: Planted) throws {
    let comparison = try Self.comparison(Self.run(planted.run)) { step in
      var step = step
      planted.change(&step)
      return step
    }
    #expect(comparison.differences.count == planted.differences)
  }

  /// What the run with curved activations is there for: there is something to count.
  @Test func unitsAreSaturatedAndDeltasSubnormal() throws {
    var saturated = 0
    var subnormal = 0
    try Self.run("curves").ours.forEachStep { step in
      for layer in step.layers {
        saturated += layer?.saturated ?? 0
        subnormal += layer?.delta?.subnormal ?? 0
      }
    }
    #expect(saturated > 500 && subnormal > 500)
  }

  /// A change of what PyTorch's recorder wrote, and how many differences it makes.
  struct Planted: Sendable {
    let run: String
    let differences: Int
    let change: @Sendable (inout StepRecord) -> Void

    init(
      _ run: String, _ differences: Int, _ change: @escaping @Sendable (inout StepRecord) -> Void
    ) {
      self.run = run
      self.differences = differences
      self.change = change
    }
  }

  private static func run(_ name: String) throws -> GoldenRun {
    let hasMomentum = ["cnn", "curves"].contains(name)
    return try GoldenRun(
      name, hasMomentum ? .sgd(learningRate: 0.05, momentum: 0.9) : .adam(learningRate: 0.01))
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
