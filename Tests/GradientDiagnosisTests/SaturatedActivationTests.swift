import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct SaturatedActivationTests {
  /// From `start` on, nine tenths of tanh-2 stand at its ends, and take two decades of δ.
  private func saturated(from start: Int = 0, drop: Double = 2) -> SyntheticRun {
    var run = SyntheticRun(depth: 3)
    run.activation = "tanh"
    run.loss = { _ in 2.31 }
    run.edit = { record in
      let isFlat = record.step >= start
      for layer in [2, 4] {
        let count = record.layers[layer]?.activation?.count ?? 0
        record.layers[layer]?.saturated = layer == 4 && isFlat ? count * 9 / 10 : count / 50
        let below = record.layers[layer - 1]?.delta?.rms ?? 0
        record.layers[layer]?.delta = TensorStatistics(
          count: count, rms: below * (layer == 4 && isFlat ? pow(10, drop) : 1.2))
      }
    }
    return run
  }

  @Test func namesTheLayerAndWhatItCosts() throws {
    let finding = try #require(saturated().findings(of: SaturatedActivation.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "tanh-2" && finding.layers == ["tanh-2"])
    #expect(finding.firstStep == 0)
    #expect(finding.raisedAtStep == 49)
    #expect(abs(finding.value - 0.9) < 1e-3)
    #expect(
      finding.message
        == "90 % of the outputs of tanh-2 stand at its flat ends, since step 0; it takes 2.0 decades "
        + "of δ.")
  }

  @Test func theScaleAtTheStartIsTheCause() throws {
    var run = saturated()
    run.initialRMS = 2
    let finding = try #require(run.findings(of: SaturatedActivation.self).first)
    #expect(finding.cause.id == "initial-scale")
    #expect(finding.cause.text.hasPrefix("The weights of dense-2 start at 16 times the scale"))
    #expect(finding.remedies.map(\.id).prefix(2) == ["use-relu", "xavier-initialization"])
  }

  @Test func aLargeInputIsTheCause() throws {
    var run = saturated()
    let edit = run.edit
    run.edit = { record in
      edit(&record)
      record.layers[2]?.activation?.rms = 40
    }
    let finding = try #require(run.findings(of: SaturatedActivation.self).first)
    #expect(finding.cause.id == "input-scale")
    #expect(finding.remedies.first?.id == "normalize-input")
  }

  @Test func aLargeUpdateIsTheCause() throws {
    var run = saturated(from: 40)
    run.updateRatio = { depth, step in step == 39 && depth == 2 ? 2 : 1e-3 }
    let finding = try #require(run.findings(of: SaturatedActivation.self).first)
    #expect(finding.cause.id == "learning-rate")
    #expect(finding.firstStep == 40)
  }

  /// While the weights below still move, a run may outgrow it; where they don't, there is nothing to wait for.
  @Test func isToldAtOnceWhereTheWeightsBelowRest() {
    #expect(saturated().liveAlarm("saturated-activation") == 49)
    var starved = saturated()
    starved.updateRatio = { depth, _ in depth <= 2 ? 1e-7 : 1e-3 }
    #expect(starved.liveAlarm("saturated-activation") == 19)
  }

  @Test func isAConsequenceOfALossThatClimbed() throws {
    var run = saturated(from: 40)
    run.loss = { $0 < 20 ? 2.3 : 50 }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.root?.id == "loss-divergence")
    #expect(diagnosis.findings.first { $0.id == "saturated-activation" }?.causedBy == 0)
  }

  @Test func decidedUnitsOfARunThatLearnsAreANote() {
    var run = saturated()
    run.loss = { 2.3 - 0.8 * min(1, Double($0) / 30) }
    #expect(run.findings(of: SaturatedActivation.self).first?.severity == .warning)
    run.loss = { 2.3 / (1 + Double($0)) }
    #expect(run.findings(of: SaturatedActivation.self).first?.severity == .info)
  }

  @Test func saturationThatCostsNothingIsHealthy() {
    #expect(saturated(drop: 0.3).findings(of: SaturatedActivation.self).isEmpty)
    // A sigmoid takes 0.6 decades at its steepest.
    var run = saturated(drop: 0.9)
    run.activation = "sigmoid"
    #expect(run.findings(of: SaturatedActivation.self).isEmpty)
  }

  @Test func anActivationOfTheOutputIsLeftOut() {
    var run = saturated()
    run.editHeader = { header in
      // tanh-2 now feeds nothing, so its answers may well be decided.
      header.layers[5].inputs = ["dense-2"]
    }
    #expect(run.findings(of: SaturatedActivation.self).isEmpty)
  }

  @Test func saysWhatIsMissing() {
    var run = saturated()
    run.edit = { _ in }
    #expect(
      run.outcome(of: SaturatedActivation.self)
        == .notChecked("no counts of saturated outputs in this trace"))
    run.activation = "relu"
    #expect(
      run.outcome(of: SaturatedActivation.self)
        == .notChecked("no sigmoid or tanh between layers with weights"))
  }
}
