import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct LossDivergenceTests {
  private var diverging: SyntheticRun {
    var run = SyntheticRun(depth: 3)
    run.loss = { step in step < 40 ? 2.3 : 2.3 * pow(1.2, Double(step - 39)) }
    return run
  }

  @Test func datesTheStepFromWhichTheLossNeverCameBack() throws {
    let finding = try #require(diverging.findings(of: LossDivergence.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == nil)
    // 1.2⁷ = 3.6 is the first power above 3.
    #expect(finding.firstStep == 46)
    #expect(finding.message.contains("above 6.90 ever since step 46"))
  }

  /// Small steps don't leap: those that make it worse all the same go the wrong way.
  @Test(arguments: [
    (1e-3, "unknown", "check-sign"), (0.05, "learning-rate", "lower-learning-rate"),
  ])
  func tellsStepsThatLeapFromStepsUphill(size: Double, cause: String, remedy: String) throws {
    var run = diverging
    run.updateRatio = { _, _ in size }
    let finding = try #require(run.findings(of: LossDivergence.self).first)
    #expect(finding.cause.id == cause)
    #expect(finding.remedies.first?.id == remedy)
  }

  /// Steps that are small already are not to be made smaller.
  @Test func whatGoesUphillIsNotToBeSlowedDown() throws {
    var run = diverging
    run.updateRatio = { _, _ in 1e-3 }
    let finding = try #require(run.findings(of: LossDivergence.self).first)
    #expect(finding.remedies.map(\.id) == ["check-sign", "check-targets"])
  }

  @Test func aRateBelowZeroIsNamed() throws {
    var run = diverging
    run.learningRate = -0.1
    let finding = try #require(run.findings(of: LossDivergence.self).first)
    #expect(
      finding.cause
        == Cause(
          id: "learning-rate",
          text: "The learning rate is -0.1, below zero: every step climbs the loss."))
    #expect(
      finding.remedies.first
        == Remedy(
          id: "constant-learning-rate",
          text: "Train at a constant learning rate above zero, without the schedule that makes it "
            + "-0.1."))
    #expect(finding.remedies.map(\.id) == ["constant-learning-rate", "check-sign"])
  }

  /// A number that overflows after huge steps tells of them itself; after ordinary ones the climb does.
  @Test func isTheRootOfAnOverflowThatItsStepsDoNotExplain() throws {
    var run = diverging
    run.nonFinite = { tensor, depth, step in
      tensor == .activation && depth == 3 && step > 80 ? 1 : 0
    }
    #expect(try run.diagnosis().root?.id == "loss-divergence")
    run.updateRatio = { _, step in step > 70 ? 2 : 1e-3 }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.root?.id == "non-finite")
    #expect(diagnosis.root?.cause.id == "learning-rate")
    #expect(diagnosis.findings.first { $0.id == "loss-divergence" }?.causedBy == 0)
  }

  @Test func noiseAndASpikeAreHealthy() {
    var run = diverging
    run.loss = { step in 2.3 * (step % 3 == 0 ? 6 : 0.8) }
    #expect(run.findings(of: LossDivergence.self).isEmpty)
    run.loss = { step in (50..<60).contains(step) ? 1e6 : 2 }
    #expect(run.findings(of: LossDivergence.self).isEmpty)
  }

  @Test func aHighStartThatFallsIsHealthy() {
    var run = diverging
    run.loss = { 3e4 * pow(0.97, Double($0)) }
    #expect(run.findings(of: LossDivergence.self).isEmpty)
  }

  @Test func saysWhatIsMissing() {
    var run = diverging
    run.loss = { _ in nil }
    #expect(run.outcome(of: LossDivergence.self) == .notChecked("no loss in this trace"))
    run.loss = { _ in .nan }
    #expect(run.outcome(of: LossDivergence.self) == .notChecked("no loss in this trace"))
    run.loss = { _ in -4 }
    run.run.constantLoss = nil
    #expect(
      run.outcome(of: LossDivergence.self)
        == .notChecked("the loss is not above zero, so that a ratio of losses says nothing"))
    run.steps = 0
    #expect(run.outcome(of: LossDivergence.self) == .notChecked("no loss in this trace"))
  }
}
