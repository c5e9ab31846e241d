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

  /// A recurrent layer has a weight for its input and one for its state, and takes one step at a time all the same.
  @Test func aRecurrentLayerThatTheOptimizerWasNotGivenIsFound() throws {
    var run = leftOut
    run.editHeader = { header in
      header.layers[3].kind = "lstm"
      header.layers[3].parameters = ["weight-input-0", "weight-hidden-0", "weight-output"].map {
        ParameterDescription(name: $0, shape: [64, 64], initialRMS: 0.18)
      }
    }
    run.edit = { record in
      let weight = ParameterStatistics(rms: 0.18, gradientRMS: 1e-3, updateRMS: 0)
      record.layers[3]?.parameters = [weight, weight, weight]
    }
    let finding = try #require(run.findings(of: UntrainedLayer.self).first)
    #expect(finding.layer == "dense-2" && finding.value == 100)
    #expect(finding.raisedAtStep == 49)
    run.edit = { record in
      let weight = ParameterStatistics(rms: 0.18, gradientRMS: 1e-3, updateRMS: 0)
      var moving = weight
      moving.updateRMS = 1e-4
      record.layers[3]?.parameters = [weight, moving, weight]
    }
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
  }

  /// Where all updates are near the last digit of the weights, some weights never change for all that.
  @Test func updatesLostInRoundingAreNotItsFault() {
    var run = leftOut
    run.updateRatio = { depth, _ in depth == 2 ? 0 : 1e-8 }
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
  }

  /// Units that died elsewhere don't keep an optimizer from a layer to which a gradient comes.
  @Test func isNoConsequenceOfDeadUnits() throws {
    var run = leftOut
    run.active = { depth, _, unit in depth == 3 && unit < 60 ? 0 : 32 }
    run.chanceSilent = 0
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.findings.map(\.id).contains("dead-relu"))
    let finding = try #require(diagnosis.findings.first { $0.id == "untrained-layer" })
    #expect(finding.causedBy == nil)
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
