import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct LearningRateTooLowTests {
  private var slow: SyntheticRun {
    var run = SyntheticRun(depth: 3)
    run.learningRate = 1e-6
    run.updateRatio = { _, _ in 1e-6 }
    run.loss = { 2.4 - 1e-4 * Double($0) }
    return run
  }

  @Test func namesTheStepSizeAndTheRate() throws {
    let finding = try #require(slow.findings(of: LearningRateTooLow.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == nil)
    #expect(finding.cause.id == "learning-rate")
    #expect(
      finding.message
        == "No layer moves by more than 1e-6 of its weights a step on average, and the loss has gone "
        + "from 2.40 to 2.39 in 100 steps.")
    #expect(finding.remedies.map(\.id) == ["higher-learning-rate", "adaptive-optimizer"])
    #expect(slow.liveAlarm("learning-rate-too-low") == 59)
  }

  /// Where nothing moves there is no number of steps after which it would have.
  @Test func updatesThatAreLostToRoundingAreSaidToBe() throws {
    var run = slow
    run.updateRatio = { _, _ in 0 }
    let finding = try #require(run.findings(of: LearningRateTooLow.self).first)
    #expect(finding.message.hasPrefix("No layer moves at all, and the loss has gone from 2.40 to"))
    #expect(
      finding.cause.text
        == "Every update is lost to rounding: learning rate times gradient lies below the last digit "
        + "of every weight; the learning rate is 1e-6.")
    #expect(
      finding.remedies.map(\.id) == ["higher-learning-rate", "scale-loss", "adaptive-optimizer"])
  }

  /// What suffices for thousands of steps leads nowhere in a hundred.
  @Test func aShortRunNeedsLargerSteps() {
    var run = slow
    run.updateRatio = { _, _ in 2.5e-4 }
    #expect(run.findings(of: LearningRateTooLow.self).first?.threshold == 3e-4)
    run.run.plannedSteps = 1000
    #expect(run.findings(of: LearningRateTooLow.self).isEmpty)
  }

  @Test func aLossThatFallsSlowlyMakesItAWarning() {
    var run = slow
    run.loss = { 2.4 - 1e-3 * Double($0) }
    #expect(run.findings(of: LearningRateTooLow.self).first?.severity == .warning)
  }

  /// A random start can lie below the constant's loss by luck.
  @Test func aLuckyStartHasLearnedNothing() {
    var run = slow
    run.loss = { 1.9 - 1e-4 * Double($0) }
    #expect(run.findings(of: LearningRateTooLow.self).count == 1)
  }

  @Test func convergedWarmingUpFrozenAndLongRunsAreHealthy() {
    var run = slow
    run.loss = { _ in 0.01 }
    #expect(run.findings(of: LearningRateTooLow.self).isEmpty)

    run = slow
    run.edit = { $0.learningRate = 1e-8 * Double($0.step + 1) }
    #expect(run.findings(of: LearningRateTooLow.self).isEmpty)

    // One layer that moves as layers do is enough.
    run = slow
    run.updateRatio = { depth, _ in depth == 3 ? 1e-3 : 1e-9 }
    #expect(run.findings(of: LearningRateTooLow.self).isEmpty)

    // At its pace the loss will have fallen by the end of the plan.
    run = slow
    run.loss = { 2.4 - 1e-3 * Double($0) }
    run.run.plannedSteps = 1000
    #expect(run.findings(of: LearningRateTooLow.self).isEmpty)
  }

  @Test func aTinyLossScaleAloneIsNoFault() {
    var run = slow
    run.updateRatio = { _, _ in 1e-3 }
    run.gradient = { _, _ in 1e-12 }
    run.delta = { _, _ in 1e-12 }
    #expect(run.findings(of: LearningRateTooLow.self).isEmpty)
  }

  @Test func followsFromWhatHoldsTheGradientBack() throws {
    var run = slow
    run.activation = "sigmoid"
    run.depth = 13
    run.delta = { depth, _ in pow(10, -0.6 * Double(13 - depth)) }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.root?.id == "vanishing-gradient")
    let low = try #require(diagnosis.findings.first { $0.id == "learning-rate-too-low" })
    #expect(low.causedBy == 0)
  }

  @Test func aRateThatIsNotToBlame() {
    // Updates that were large once have stopped for another reason.
    var run = slow
    run.updateRatio = { _, step in step == 3 ? 0.3 : 1e-6 }
    #expect(run.findings(of: LearningRateTooLow.self).isEmpty)
    run = slow
    run.updateRatio = { depth, _ in depth == 1 ? 1e-6 : nil }
    #expect(
      run.outcome(of: LearningRateTooLow.self)
        == .notChecked("updates of fewer than half the layers in this trace"))
  }

  @Test func saysWhatIsMissing() {
    var run = slow
    run.steps = 49
    #expect(
      run.outcome(of: LearningRateTooLow.self)
        == .notChecked("only 49 steps; it takes 50 to call them too small"))
    run.updateRatio = { _, _ in nil }
    #expect(
      run.outcome(of: LearningRateTooLow.self) == .notChecked("no updates of weights in this trace")
    )
    run.loss = { _ in nil }
    #expect(run.outcome(of: LearningRateTooLow.self) == .notChecked("no loss in this trace"))
  }
}
