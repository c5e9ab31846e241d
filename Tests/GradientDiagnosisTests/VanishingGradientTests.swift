import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct VanishingGradientTests {
  /// Twelve sigmoid layers and the output: δ loses 0.6 decades a layer, the updates with it.
  private var vanishing: SyntheticRun {
    var run = SyntheticRun(depth: 13)
    run.activation = "sigmoid"
    run.initialRMS = 0.125
    run.delta = { depth, _ in pow(10, -0.6 * Double(13 - depth)) }
    run.updateRatio = { depth, _ in 1e-2 * pow(10, -0.6 * Double(13 - depth)) }
    run.loss = { _ in 2.31 }
    return run
  }

  @Test func namesTheFirstLayerTheCauseAndTheRemedy() throws {
    let finding = try #require(vanishing.findings(of: VanishingGradient.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-1")
    #expect(finding.firstStep == 0)
    #expect(finding.raisedAtStep == 9)
    #expect(finding.lastStep == 99)
    #expect(finding.statistic == "attenuation")
    #expect(abs(finding.value - 7.2) < 1e-9)
    #expect(finding.layers == (1...10).map { "dense-\($0)" })
    #expect(finding.cause.id == "saturating-activation")
    #expect(finding.remedies.first?.id == "use-relu")
    #expect(
      finding.message
        == "δ loses 7.2 decades (a factor of 1.6e7) on its way from dense-13 to dense-1, since step 0; healthy "
        + "networks lose less than 1.5. dense-1 moves by 6.3e-10 of its weights a step and keeps its "
        + "random start.")
  }

  @Test func aLossOfTwoAndAHalfDecadesOverManyLayersIsHealthy() {
    var run = vanishing
    run.delta = { depth, _ in pow(10, -0.2 * Double(13 - depth)) }
    #expect(run.findings(of: VanishingGradient.self).isEmpty)
  }

  @Test func aSteepSlopeOverFewLayersCounts() {
    var run = vanishing
    run.depth = 5
    run.delta = { depth, _ in pow(10, -0.6 * Double(5 - depth)) }
    run.updateRatio = { _, _ in 1e-5 }
    #expect(run.findings(of: VanishingGradient.self).first?.statistic == "slope")
  }

  @Test func shiftingAllLayersAlikeChangesNothing() {
    var run = vanishing
    let delta = run.delta
    run.delta = { depth, step in delta(depth, step).map { $0 * 1e-12 * pow(0.9, Double(step)) } }
    #expect(
      run.findings(of: VanishingGradient.self).first?.message
        == vanishing.findings(of: VanishingGradient.self).first?.message)
    var healthy = SyntheticRun(depth: 13)
    healthy.delta = { _, step in pow(10, -0.1 * Double(step)) }
    #expect(healthy.findings(of: VanishingGradient.self).isEmpty)
  }

  @Test func aLayerThatMovesAndARunThatLearnsMakeItANote() {
    var run = vanishing
    run.updateRatio = { _, _ in 1e-3 }
    #expect(run.findings(of: VanishingGradient.self).first?.severity == .warning)
    run.loss = { 2.3 / (1 + Double($0)) }
    #expect(run.findings(of: VanishingGradient.self).first?.severity == .info)
  }

  /// Once all is learned every layer rests; a starved one rests while others move.
  @Test func aConvergedRunIsNotStarved() {
    var run = vanishing
    run.loss = { 2.3 / (1 + Double($0)) }
    run.updateRatio = { depth, _ in depth < 4 ? 2e-6 : 3e-5 }
    #expect(run.findings(of: VanishingGradient.self).first?.severity == .info)
    run.updateRatio = { depth, _ in depth < 4 ? 2e-6 : 3e-3 }
    #expect(run.findings(of: VanishingGradient.self).first?.severity == .error)
  }

  @Test func smallWeightsAreTheCauseWhereTheyExplainTheLoss() throws {
    var run = vanishing
    run.activation = "relu"
    run.initialRMS = 0.25 * (2.0 / 64).squareRoot()
    let finding = try #require(run.findings(of: VanishingGradient.self).first)
    #expect(finding.cause.id == "initial-scale")
    #expect(finding.cause.text.hasPrefix("The weights start at 0.25 times the scale that keeps δ"))
    #expect(finding.remedies.first?.id == "he-initialization")
  }

  /// One layer of tiny weights among ordinary ones is named.
  @Test func aSingleLayerOfSmallWeightsIsNamed() throws {
    var run = vanishing
    run.activation = "relu"
    run.initialRMS = (2.0 / 64).squareRoot()
    run.editHeader = { $0.layers[11].parameters[0].initialRMS = 1e-9 }
    let finding = try #require(run.findings(of: VanishingGradient.self).first)
    #expect(finding.cause.id == "initial-scale")
    #expect(
      finding.cause.text
        == "The weights of dense-6 start at 5.7e-9 times the scale that keeps δ.")
  }

  @Test func underflowIsVanishedButAHardZeroIsNot() {
    var run = vanishing
    run.depth = 60
    run.delta = { depth, _ in
      let exponent = -0.8 * Double(60 - depth)
      return exponent < -45 ? 0 : pow(10, exponent)
    }
    #expect(run.findings(of: VanishingGradient.self).first?.severity == .error)
    run.delta = { depth, _ in depth < 30 ? 0 : 0.5 }
    #expect(run.findings(of: VanishingGradient.self).isEmpty)
  }

  /// The first update of a bias outweighs activations that small, and units die of it.
  @Test func whatFadedAtTheStartAndWasBlockedThenIsTheRoot() throws {
    var run = vanishing
    run.activation = "relu"
    run.initialRMS = 0.25 * (2.0 / 64).squareRoot()
    run.chanceSilent = 0.02
    let delta = run.delta
    run.delta = { depth, step in step == 0 || depth > 11 ? delta(depth, step) : 0 }
    run.updateRatio = { depth, step in step == 0 || depth > 11 ? 1e-3 : 0 }
    run.active = { depth, step, _ in depth >= 11 && step > 0 ? 0 : 32 }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.root?.id == "vanishing-gradient")
    #expect(diagnosis.root?.cause.id == "initial-scale")
    let dead = try #require(diagnosis.findings.first { $0.id == "dead-relu" })
    #expect(dead.causedBy == 0)
  }

  @Test func aBranchThatSomethingBypassesIsAtMostAWarning() throws {
    let run = vanishing
    var header = run.header
    header.layers.append(
      LayerDescription(name: "add", kind: "add", inputs: ["input", "dense-12"], units: 64))
    let context = AnalysisContext(header: header)
    var fold = VanishingGradient(context)
    for var record in run.records {
      record.layers.append(nil)
      fold.observe(ObservedStep(record, context))
    }
    #expect(fold.findings().first?.severity == .warning)
  }

  @Test func aVanishedStartThatHealsIsANote() {
    var run = vanishing
    let delta = run.delta
    run.steps = 200
    run.delta = { depth, step in step < 40 ? delta(depth, step) : 0.5 }
    let outcome = run.outcome(of: VanishingGradient.self)
    guard case .clear(let evidence) = outcome else {
      Issue.record("expected a clear outcome, got \(outcome)")
      return
    }
    #expect(evidence == "δ lost 7.2 decades over depth in steps 0 to 64, and recovered")
  }

  @Test func sevenStepsAreJudgedOnWhatTheyAre() throws {
    var run = vanishing
    run.steps = 7
    #expect(run.findings(of: VanishingGradient.self).first?.raisedAtStep == 6)
    #expect(try run.diagnosis().root?.message.hasSuffix("Judged on 7 steps alone.") == true)
  }

  @Test func saysWhatIsMissing() {
    var run = vanishing
    run.steps = 0
    let missing = Outcome.notChecked("no δ of two layers with weights in this trace")
    #expect(run.outcome(of: VanishingGradient.self) == missing)
    run = vanishing
    run.delta = { _, _ in nil }
    #expect(run.outcome(of: VanishingGradient.self) == missing)
    run = vanishing
    run.nonFinite = { tensor, _, _ in tensor == .delta ? 5 : 0 }
    #expect(run.outcome(of: VanishingGradient.self) == missing)
    #expect(
      SyntheticRun(depth: 1).outcome(of: VanishingGradient.self)
        == .notChecked("the network has fewer than two layers with weights in a row"))
  }
}
