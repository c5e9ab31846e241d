import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct LearningRateTooHighTests {
  /// The first two updates are as large as the weights; the loss is thrown about above its start.
  private var leaping: SyntheticRun {
    var run = SyntheticRun(depth: 3)
    run.activation = "tanh"
    run.learningRate = 10
    run.updateRatio = { depth, step in step < 2 && depth == 2 ? 0.9 : 1e-3 }
    run.loss = { step in step == 0 ? 2.4 : 2.6 + 0.3 * sin(Double(step)) }
    return run
  }

  @Test func namesTheLayerThatLeaptAndTheRate() throws {
    let finding = try #require(leaping.findings(of: LearningRateTooHigh.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-2")
    #expect(finding.firstStep == 0)
    #expect(finding.statistic == "leaps" && finding.value == 2)
    #expect(finding.cause.id == "learning-rate")
    #expect(
      finding.message.hasPrefix(
        "The fastest layer usually moves by 0.001 of its weights a step; the update of step 0 moved "
          + "dense-2 by 0.9 times its own size. The loss is thrown about: 2.60 now, 2.40 at the "
          + "start."))
    #expect(
      finding.remedies.first?.text
        == "Lower the learning rate to 1 or less, a tenth of this run's 10.")
  }

  @Test func aLossThatFallsIsNotSaidToBeThrownAbout() throws {
    var run = leaping
    run.loss = { 2.6 - 0.004 * Double($0) }
    let finding = try #require(run.findings(of: LearningRateTooHigh.self).first)
    #expect(finding.message.hasSuffix("The loss falls too little: 2.30 now, 2.60 at the start."))
  }

  @Test func largeStepsWithoutALeapCount() throws {
    var run = leaping
    run.updateRatio = { _, _ in 0.15 }
    #expect(run.findings(of: LearningRateTooHigh.self).first?.statistic == "update-ratio")
    // A loss driven up is explained by smaller steps.
    run.updateRatio = { _, _ in 0.02 }
    run.loss = { step in step < 5 ? 2.4 : 4 }
    #expect(run.findings(of: LearningRateTooHigh.self).first?.threshold == 0.01)
  }

  @Test func isRaisedLiveOnceTheLossHadTimeToFall() {
    #expect(leaping.liveAlarm("learning-rate-too-high") == 49)
    var climbing = leaping
    climbing.loss = { $0 < 3 ? 2.4 : 9 }
    #expect(climbing.liveAlarm("learning-rate-too-high") == 19)
    // Batches of one example make a loss leap about, and it comes down all the same.
    var noisy = leaping
    noisy.loss = { $0 < 3 ? 2.4 : $0 < 25 ? 4 : 1 }
    #expect(noisy.liveAlarm("learning-rate-too-high") == nil)
  }

  @Test func aLossThatFellALittleMakesItAWarningAndMuchClearsIt() {
    var run = leaping
    run.loss = { 2.3 - 0.8 * min(1, Double($0) / 30) }
    #expect(run.findings(of: LearningRateTooHigh.self).first?.severity == .warning)
    run.loss = { 2.3 / (1 + 0.1 * Double($0)) }
    #expect(run.findings(of: LearningRateTooHigh.self).isEmpty)
  }

  @Test func whatWasLearnedAndLostAgainIsAWarning() {
    var run = leaping
    run.steps = 200
    run.loss = { $0 < 120 ? 2.3 / (1 + Double($0)) : 0.9 }
    #expect(run.findings(of: LearningRateTooHigh.self).first?.severity == .warning)
    run.updateRatio = { _, _ in 1e-3 }
    #expect(run.findings(of: LearningRateTooHigh.self).isEmpty)
  }

  @Test func oneBadStepAndAStartAtZeroAreHealthy() {
    var run = leaping
    run.updateRatio = { depth, step in step == 30 && depth == 2 ? 0.9 : 1e-3 }
    #expect(run.findings(of: LearningRateTooHigh.self).isEmpty)
    // Weights that start at zero are as large as their first updates.
    run.updateRatio = { depth, step in depth == 3 ? 1 / Double(step + 1) : 1e-3 }
    run.editHeader = { $0.layers[5].parameters[0].initialRMS = 0 }
    #expect(run.findings(of: LearningRateTooHigh.self).isEmpty)
  }

  @Test func isNotToldTwice() throws {
    var run = leaping
    run.activation = "relu"
    run.chanceSilent = 0.05
    run.updateRatio = { depth, step in step == 5 || step == 6 ? 3 : 1e-3 }
    run.active = { depth, step, unit in depth == 2 && step > 5 && unit < 60 ? 0 : 32 }
    #expect(run.findings(of: LearningRateTooHigh.self).count == 1)
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.root?.id == "dead-relu")
    #expect(!diagnosis.findings.map(\.id).contains("learning-rate-too-high"))
    #expect(
      diagnosis.notChecked.contains {
        $0.id == "learning-rate-too-high" && $0.reason == "another finding blames the learning rate"
      })
  }

  @Test func standsAtTheRootOfADivergedLoss() throws {
    var run = leaping
    run.loss = { step in step < 3 ? 2.4 : 40 }
    let diagnosis = try run.diagnosis()
    #expect(
      diagnosis.findings.map(\.id).prefix(2) == ["learning-rate-too-high", "loss-divergence"])
    #expect(diagnosis.findings[1].causedBy == 0)
  }

  @Test func saysWhatIsMissing() {
    var run = leaping
    run.steps = 0
    #expect(run.outcome(of: LearningRateTooHigh.self) == .notChecked("no loss in this trace"))
    run.steps = 30
    run.updateRatio = { _, _ in nil }
    #expect(
      run.outcome(of: LearningRateTooHigh.self)
        == .notChecked("no updates of weights in this trace"))
    run.loss = { _ in .nan }
    #expect(run.outcome(of: LearningRateTooHigh.self) == .notChecked("the loss was never finite"))
  }
}
