import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct BlockedGradientTests {
  private var blocked: SyntheticRun {
    var run = SyntheticRun(depth: 4)
    run.loss = { _ in 2.31 }
    run.delta = { depth, step in depth <= 2 && step >= 20 ? 0 : 0.5 }
    return run
  }

  @Test func namesTheLayerNextToTheBlock() throws {
    let finding = try #require(blocked.findings(of: BlockedGradient.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-2")
    #expect(finding.layers == ["dense-1", "dense-2"])
    #expect(finding.firstStep == 20)
    #expect(finding.raisedAtStep == 29)
    #expect(finding.cause.id == "dead-units")
    #expect(
      finding.message
        == "δ is exactly zero in dense-1 and dense-2 since step 20, though not at the loss: they "
        + "no longer learn.")
  }

  @Test func withoutAZeroBranchTheGraphIsBlamed() {
    var run = blocked
    run.activation = "tanh"
    #expect(run.findings(of: BlockedGradient.self).first?.cause.id == "architecture")
    run.loss = { 2.3 / (1 + Double($0)) }
    #expect(run.findings(of: BlockedGradient.self).first?.severity == .warning)
  }

  /// With a layer of its own beside it that multiplies what dense-2 passes on.
  private func gated(weights size: Double, output: Double) -> SyntheticRun {
    var run = blocked
    run.activation = "tanh"
    run.editHeader = { header in
      var gate = header.layers[1]
      gate.name = "gate"
      let product = LayerDescription(
        name: "multiply-1", kind: "multiply", inputs: ["tanh-2", "gate"], units: 64)
      header.layers[5].inputs = ["multiply-1"]
      header.layers.insert(contentsOf: [gate, product], at: 5)
    }
    run.edit = { record in
      var gate = record.layers[7]
      gate?.parameters[0]?.rms = size
      gate?.activation?.rms = output
      record.layers.insert(contentsOf: [gate, nil], at: 5)
    }
    return run
  }

  @Test func aGateOfZerosIsBlamed() throws {
    let finding = try #require(
      gated(weights: 0, output: 0).findings(of: BlockedGradient.self).first)
    #expect(finding.layer == "dense-2" && finding.cause.id == "initial-scale")
    #expect(
      finding.cause.text
        == "‘gate’, whose weights are all zero, multiplies what dense-2 passes on, and nothing trains it."
    )
    #expect(finding.remedies.first?.id == "random-initialization")
    // A gate of small weights, and one that its bias holds open.
    for (weights, output) in [(0.1, 0.1), (0, 1)] {
      let open = try #require(
        gated(weights: weights, output: output).findings(of: BlockedGradient.self).first)
      #expect(open.cause.id == "architecture" && open.remedies.first?.id == "check-graph")
    }
  }

  @Test func zerosThatPassOrReachTheLossAreHealthy() {
    var run = blocked
    run.delta = { depth, step in depth <= 2 && (20..<29).contains(step) ? 0 : 0.5 }
    #expect(run.findings(of: BlockedGradient.self).isEmpty)
    run.delta = { depth, step in depth <= 2 && step >= 95 ? 0 : 0.5 }
    #expect(run.findings(of: BlockedGradient.self).isEmpty)
    run.delta = { _, step in step >= 20 ? 0 : 0.5 }
    run.loss = { $0 >= 20 ? 0 : 2.31 }
    #expect(run.findings(of: BlockedGradient.self).isEmpty)
  }

  @Test func underflowBelongsToVanishing() {
    var run = blocked
    run.delta = { depth, _ in depth <= 2 ? 0 : 1e-40 }
    #expect(run.findings(of: BlockedGradient.self).isEmpty)
  }

  @Test func frozenLayersAreLeftOut() {
    let run = blocked
    var header = run.header
    for layer in [1, 3] { header.layers[layer].parameters[0].frozen = true }
    let context = AnalysisContext(header: header)
    var fold = BlockedGradient(context)
    for record in run.records { fold.observe(ObservedStep(record, context)) }
    #expect(fold.findings().isEmpty)
  }

  @Test func saysWhatIsMissing() {
    var run = blocked
    run.steps = 0
    let missing = Outcome.notChecked("no δ of a layer with weights in this trace")
    #expect(run.outcome(of: BlockedGradient.self) == missing)
    run = SyntheticRun(depth: 3)
    run.nonFinite = { _, _, _ in 4 }
    #expect(run.outcome(of: BlockedGradient.self) == missing)
  }
}
