import Backpropagation
import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

/// Runs that show nothing, and aren't called healthy: all zero, without a gradient, or next to no step.
@Suite struct SilentRunTests {
  /// A run whose δ and gradients are exactly zero from a step on, so that nothing moves.
  private func silent(since start: Int = 0) -> SyntheticRun {
    var run = SyntheticRun(depth: 4)
    run.loss = { $0 < start ? 2.31 - 0.001 * Double($0) : 2.31 }
    run.delta = { _, step in step < start ? 0.5 : 0 }
    run.gradient = { _, step in step < start ? 1e-2 : 0 }
    run.updateRatio = { _, step in step < start ? 1e-3 : 0 }
    return run
  }

  @Test func nothingFromTheLossOnIsABlockedGradient() throws {
    let diagnosis = try silent().diagnosis()
    let root = try #require(diagnosis.root)
    #expect(diagnosis.verdict == .error && root.id == "blocked-gradient")
    #expect(root.layer == "dense-4" && root.layers == (1...4).map { "dense-\($0)" })
    #expect(root.firstStep == 0 && root.raisedAtStep == 9 && root.cause.id == "loss-scale")
    #expect(
      root.message
        == "δ is exactly zero from the loss on, in dense-1 … dense-4, since step 0, though the loss "
        + "is 2.31: nothing can learn.")
    #expect(root.remedies.map(\.id) == ["scale-loss", "check-graph"])
    #expect(diagnosis.findings.map(\.id) == ["blocked-gradient", "not-learning"])
    #expect(
      diagnosis.notChecked.first { $0.id == "learning-rate-too-low" }?.reason
        == "every gradient is exactly zero, which no learning rate makes up for")
    #expect(silent().liveAlarm("blocked-gradient") == 9)
  }

  @Test func whatFallsSilentLaterIsDated() throws {
    let root = try #require(silent(since: 40).diagnosis().root)
    #expect(root.id == "blocked-gradient" && root.firstStep == 40 && root.severity == .error)
    // A loss that had fallen by then is harmed less.
    var run = silent(since: 40)
    run.loss = { 2.3 / (1 + 0.1 * Double(min($0, 40))) }
    #expect(try run.diagnosis().root?.severity == .warning)
  }

  @Test func aLossScaledToNothingIsNamed() throws {
    for weight in [1e-37, 1e-42, 1e-46] {
      let network = try NeuralNetwork(
        inputs: [NetworkInput([RealRun.features])],
        losses: [NetworkLoss(.softmaxCrossEntropy, weight: weight)],
        layers: [
          LayerNode(Dense(16)), LayerNode(ReLU()), LayerNode(Dense(16)), LayerNode(ReLU()),
          LayerNode(Dense(RealRun.classes)),
        ])
      let diagnosis = try RealRun().diagnosis(of: network)
      let root = try #require(diagnosis.root, "\(weight): \(diagnosis)")
      #expect(
        ["blocked-gradient", "subnormal-gradient"].contains(root.id), "\(weight): \(diagnosis)")
      #expect(root.cause.id == "loss-scale" && root.remedies.first?.id == "scale-loss")
    }
  }

  @Test func aRunOfZerosAloneIsNotHealthy() throws {
    for loss in [0, 2.31] {
      var run = silent()
      run.initialRMS = 0
      run.weight = { _, _ in 0 }
      run.loss = { _ in loss }
      run.edit = { record in
        for place in record.layers.indices { record.layers[place]?.activation?.rms = 0 }
      }
      let diagnosis = try run.diagnosis()
      #expect(diagnosis.verdict == .error)
      #expect(diagnosis.root?.id == "zero-initialization")
      #expect(!diagnosis.findings.contains { $0.id == "learning-rate-too-low" })
    }
  }

  @Test func aLossThatIsMetIsHealthy() throws {
    // Solved at step 40, or before the first one: from then on nothing comes from the loss.
    for step in [0, 40] {
      var run = silent(since: step)
      run.loss = { $0 < step ? 2.31 / (1 + Double($0)) : 0 }
      #expect(try run.diagnosis().verdict == .healthy)
    }
    // A penalty of weights may be left of a loss that is met.
    var run = silent(since: 40)
    run.loss = { $0 < 40 ? 2.31 / (1 + Double($0)) : 0.02 }
    #expect(try run.diagnosis().verdict == .healthy)
  }

  @Test func silenceOfSomeStepsIsNone() throws {
    var run = SyntheticRun(depth: 4)
    run.delta = { _, step in (20..<29).contains(step) ? 0 : 0.5 }
    #expect(try run.diagnosis().verdict == .healthy)
  }

  @Test func fewStepsAreInconclusive() throws {
    for steps in 1...9 {
      // Better than a constant from the first step on, as a run that goes on from another one.
      var run = SyntheticRun(depth: 3)
      run.steps = steps
      run.loss = { _ in 0.3 }
      let diagnosis = try run.diagnosis()
      #expect(diagnosis.verdict == .inconclusive && diagnosis.root == nil)
      #expect(
        diagnosis.reason
          == "only \(steps == 1 ? "1 step" : "\(steps) steps"): it takes 10 to call a run healthy")
    }
    var run = SyntheticRun(depth: 3)
    run.steps = 10
    run.loss = { _ in 0.3 }
    #expect(try run.diagnosis().verdict == .healthy)
  }

  @Test func aLossAloneTellsNothingOfGradients() throws {
    var run = SyntheticRun(depth: 3)
    run.edit = { $0.layers = $0.layers.map { _ in nil } }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.verdict == .inconclusive && diagnosis.findings.isEmpty)
    #expect(
      diagnosis.reason
        == "neither δ nor a gradient nor an update of weights in this trace, which tell of health")
    // One of them is enough, as a framework without hooks has gradients alone.
    var gradients = SyntheticRun(depth: 3)
    gradients.delta = { _, _ in nil }
    gradients.updateRatio = { _, _ in nil }
    #expect(try gradients.diagnosis().verdict == .healthy)
  }
}
