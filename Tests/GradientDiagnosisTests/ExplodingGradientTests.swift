import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct ExplodingGradientTests {
  /// Ten ReLU layers that start at three times He's scale, and overflow at step 4.
  private var exploding: SyntheticRun {
    var run = SyntheticRun(depth: 11)
    run.initialRMS = 3 * (2.0 / 64).squareRoot()
    run.delta = { depth, _ in pow(10, 0.477 * Double(11 - depth)) }
    run.updateRatio = { _, _ in 0.9 }
    run.loss = { step in step < 4 ? 1e5 * pow(10, Double(step)) : .nan }
    run.nonFinite = { tensor, depth, step in
      step == 4 && depth > 2 && tensor == .activation || step > 4 ? 7 : 0
    }
    return run
  }

  /// Updates as large as the weights: from step 30 on the gradient grows tenfold a step.
  private var climbing: SyntheticRun {
    var run = SyntheticRun(depth: 4)
    run.steps = 60
    run.gradient = { depth, step in
      step < 30 ? 1e-2 : 1e-2 * pow(10, min(8, Double(step - 29))) * (depth == 3 ? 2 : 1)
    }
    run.updateRatio = { depth, step in step == 29 && depth == 2 ? 0.8 : 1e-3 }
    run.loss = { step in step < 30 ? 2.3 : 50 }
    return run
  }

  @Test func namesTheFirstLayerAndTheInitialScale() throws {
    let finding = try #require(exploding.findings(of: ExplodingGradient.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-1")
    #expect(finding.firstStep == 0)
    #expect(finding.raisedAtStep == 4)
    #expect(finding.cause.id == "initial-scale")
    #expect(
      finding.cause.text
        == "The weights start at 3 times the scale that keeps δ; over 10 layers that multiplies "
        + "it by 59,000.")
    #expect(finding.remedies.first?.id == "he-initialization")
    #expect(
      finding.message
        == "δ grows by 4.8 decades (a factor of 59,000) on its way from dense-11 to dense-1, from step 0 on; healthy "
        + "networks keep it within 1.")
  }

  @Test func everythingElseFollowsFromIt() throws {
    let diagnosis = try exploding.diagnosis()
    #expect(
      diagnosis.findings.map(\.id) == ["exploding-gradient", "loss-divergence", "non-finite"])
    #expect(diagnosis.findings.map(\.causedBy) == [nil, 0, 0])
    #expect(diagnosis.notChecked.map(\.id).contains("not-learning"))
  }

  @Test func aDecadeOfGrowthIsHealthyAndALossThatFallsMakesMoreANote() {
    var run = SyntheticRun(depth: 11)
    run.delta = { depth, _ in pow(10, 0.1 * Double(11 - depth)) }
    run.loss = { _ in 2.31 }
    #expect(run.findings(of: ExplodingGradient.self).isEmpty)
    run.delta = { depth, _ in pow(10, 0.3 * Double(11 - depth)) }
    #expect(run.findings(of: ExplodingGradient.self).first?.severity == .error)
    run.loss = { 2.3 / (1 + Double($0)) }
    #expect(run.findings(of: ExplodingGradient.self).first?.severity == .info)
  }

  @Test func ordinaryWeightsAreNotBlamed() {
    var run = SyntheticRun(depth: 11)
    run.delta = { depth, _ in pow(10, 0.3 * Double(11 - depth)) }
    run.loss = { _ in 2.31 }
    #expect(run.findings(of: ExplodingGradient.self).first?.cause.id == "architecture")
  }

  @Test func aNormThatLeapsAgainAndAgainIsRaisedWithItsCause() throws {
    let finding = try #require(climbing.findings(of: ExplodingGradient.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-3")
    #expect(finding.firstStep == 30)
    #expect(finding.raisedAtStep == 32)
    #expect(finding.cause.id == "learning-rate")
    #expect(
      finding.cause.text
        == "The update of step 29, at learning rate 0.1, moved dense-2 by 0.8 times its own size; such "
        + "steps make the next gradient larger still.")
    #expect(
      finding.remedies.first
        == Remedy(
          id: "lower-learning-rate",
          text: "Lower the learning rate to 0.01 or less, a tenth of this run's 0.1."))
  }

  @Test func aSpikeThatPassesIsNoAlarm() {
    var run = climbing
    run.gradient = { _, step in step == 30 ? 1e3 : 1e-2 }
    run.loss = { _ in 2.31 }
    #expect(run.findings(of: ExplodingGradient.self).isEmpty)
    run.gradient = { _, step in (30..<34).contains(step) ? 1e3 : 1e-2 }
    #expect(run.findings(of: ExplodingGradient.self).map(\.severity) == [.info])
  }

  @Test func aGradientThatShrinksWithAnyScaleIsHealthy() {
    var run = SyntheticRun(depth: 4)
    run.gradient = { _, step in 1e20 * pow(0.7, Double(step)) }
    #expect(run.findings(of: ExplodingGradient.self).isEmpty)
  }

  @Test func growthOverDepthThatComesLaterIsRaised() throws {
    var run = SyntheticRun(depth: 11)
    run.loss = { _ in 2.31 }
    run.delta = { depth, step in step < 20 ? 0.5 : pow(10, 0.3 * Double(11 - depth)) }
    let finding = try #require(run.findings(of: ExplodingGradient.self).first)
    #expect(finding.severity == .error)
    #expect(finding.firstStep == 0)
    #expect(finding.raisedAtStep == 44)
    #expect(finding.cause.id == "unknown")
  }

  @Test func saysWhatIsMissing() {
    var run = SyntheticRun(depth: 3)
    run.steps = 0
    #expect(run.outcome(of: ExplodingGradient.self) == .notChecked("no steps in this trace"))
    run.steps = 30
    run.delta = { _, _ in nil }
    run.gradient = { _, _ in nil }
    #expect(
      run.outcome(of: ExplodingGradient.self)
        == .notChecked("neither δ of two layers with weights nor a gradient in this trace"))
    run = SyntheticRun(depth: 3)
    run.nonFinite = { _, _, _ in 1 }
    #expect(run.findings(of: ExplodingGradient.self).isEmpty)
  }
}
