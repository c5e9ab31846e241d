import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct UntrainedLayerTests {
  /// dense-2 gets a gradient like the others and is never updated.
  private var leftOut: SyntheticRun {
    var run = SyntheticRun(depth: 4)
    run.updateRatio = { depth, _ in depth == 2 ? 0 : 1e-3 }
    return run
  }

  @Test func aLayerThatTheOptimizerWasNotGivenIsFound() throws {
    let finding = try #require(leftOut.findings(of: UntrainedLayer.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-2" && finding.layers == ["dense-2"])
    #expect(finding.firstStep == 0 && finding.raisedAtStep == 49)
    #expect(finding.cause.id == "optimizer")
    #expect(finding.remedies.first?.id == "train-layer")
    #expect(
      finding.message
        == "dense-2 does not move in any of 100 steps, while other layers learn, though a gradient "
        + "arrives.")
    #expect(leftOut.liveAlarm("untrained-layer") == 49)
  }

  @Test func aDetachedLayerAndAllBeforeItAreFound() throws {
    var run = SyntheticRun(depth: 4)
    run.delta = { depth, _ in depth <= 2 ? nil : 0.5 }
    run.gradient = { depth, _ in depth <= 2 ? nil : 1e-2 }
    run.updateRatio = { depth, _ in depth <= 2 ? 0 : 1e-3 }
    let finding = try #require(run.findings(of: UntrainedLayer.self).first)
    #expect(finding.layer == "dense-2" && finding.layers == ["dense-1", "dense-2"])
    #expect(finding.cause.id == "architecture")
    #expect(finding.remedies.first?.id == "check-graph")
    #expect(finding.message.hasSuffix("while other layers learn and no gradient arrives."))
  }

  @Test func frozenLayersAreHealthy() throws {
    var run = leftOut
    run.editHeader = { $0.layers[3].parameters[0].frozen = true }
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
    run = leftOut
    run.edit = { $0.layers[3]?.parameters[0]?.frozen = true }
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
    #expect(try run.diagnosis().verdict == .healthy)
  }

  /// A layer before it gets δ, so it is a branch that nothing uses.
  @Test func anUnusedBranchIsHealthy() {
    var run = SyntheticRun(depth: 4)
    run.delta = { depth, _ in depth == 2 ? nil : 0.5 }
    run.gradient = { depth, _ in depth == 2 ? nil : 1e-2 }
    run.updateRatio = { depth, _ in depth == 2 ? 0 : 1e-3 }
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
  }

  /// Of two players in one trace each rests while the other moves.
  @Test func theOtherPlayersPhaseIsHealthy() throws {
    var run = SyntheticRun(depth: 4)
    run.steps = 400
    run.updateRatio = { depth, step in (step / 100 % 2 == 0) == (depth <= 2) ? 1e-3 : 0 }
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
    #expect(try run.diagnosis().verdict == .healthy)
  }

  @Test func aRateOfZeroInAWarmUpAndAVanishedGradientAreNotItsFault() {
    var run = leftOut
    run.updateRatio = { _, _ in 0 }
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
    // An update below the weights' precision is exactly zero.
    run = leftOut
    run.gradient = { depth, _ in depth == 2 ? 1e-9 : 1e-2 }
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
  }

  @Test func biasesWithoutAGradientAreHealthy() {
    var run = SyntheticRun(depth: 4)
    run.edit = { record in
      for layer in [1, 3, 5, 7] {
        record.layers[layer]?.parameters[1]?.gradientRMS = 0
        record.layers[layer]?.parameters[1]?.updateRMS = 0
      }
    }
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
  }

  @Test func saysWhatIsMissing() {
    var run = leftOut
    run.updateRatio = { _, _ in nil }
    #expect(
      run.outcome(of: UntrainedLayer.self) == .notChecked("no updates of weights in this trace"))
    run = leftOut
    run.steps = 8
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
  }
}
