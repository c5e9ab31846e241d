import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct OverfittingTests {
  /// Measured every 10 steps, the validation loss falls to 0.8 at step 99 and then climbs.
  private func run(climb: Double, noise: Double = 0) -> SyntheticRun {
    var run = SyntheticRun(depth: 2)
    run.steps = 300
    run.loss = { 2.4 * pow(0.98, Double($0)) }
    run.edit = { record in
      guard record.step % 10 == 9 else { return }
      let now = Double(record.step)
      let turn = 99.0
      record.validationLoss =
        (now <= turn ? 0.8 + 1.5 * (turn - now) / turn : 0.8 + climb * (now - turn) / 200)
        + noise * sin(now)
    }
    return run
  }

  @Test func namesTheStepToStopAt() throws {
    let finding = try #require(run(climb: 2).findings(of: Overfitting.self).first)
    #expect(finding.severity == .warning)
    #expect(finding.firstStep == 99)
    #expect(finding.remedies.first?.text.hasPrefix("Stop at step 99") == true)
    #expect(
      finding.message
        == "The validation loss was lowest at step 99, where it was 0.800; it has climbed to 2.60 since "
        + "(median of its last 5 measurements), while the training loss went on falling.")
    #expect(abs(finding.value - 1.8 / 1.5) < 0.01)
  }

  @Test func isRaisedLiveSoonAfterTheThreshold() throws {
    let raised = try #require(run(climb: 2).liveAlarm("overfitting"))
    #expect((230...300).contains(raised))
  }

  @Test func aSmallClimbIsANoteAndNoiseIsHealthy() {
    #expect(run(climb: 1).findings(of: Overfitting.self).map(\.severity) == [.info])
    #expect(run(climb: 0.05, noise: 0.05).findings(of: Overfitting.self).isEmpty)
    #expect(run(climb: -0.2).findings(of: Overfitting.self).isEmpty)
  }

  /// A start far above the best constant prediction is no gain that could be lost.
  @Test func whatCountsIsTheGainOverAConstantAnswer() throws {
    var run = run(climb: 2)
    let edit = run.edit
    run.edit = { record in
      edit(&record)
      if record.step == 9 { record.validationLoss = 40 }
    }
    #expect(run.findings(of: Overfitting.self).first?.severity == .warning)
    run.run.constantLoss = nil
    #expect(run.findings(of: Overfitting.self).isEmpty)
  }

  @Test func validationThatNeverGainedAndClimbsIsFound() {
    var run = run(climb: 1)
    let edit = run.edit
    run.edit = { record in
      edit(&record)
      record.validationLoss = record.validationLoss.map { $0 + 1.6 }
    }
    let finding = run.findings(of: Overfitting.self).first
    #expect(finding?.severity == .warning)
    // It is held against the constant answer's 2.3, of which a tenth stands for the gain that there was not.
    #expect(abs((finding?.value ?? 0) - 1.0 / 0.23) < 0.05)
  }

  /// Far above a constant answer's loss it need not climb much further: three measurements after the lowest will do.
  @Test func validationThatNeverGainedIsFoundSoon() {
    var run = run(climb: 0.2)
    let edit = run.edit
    run.edit = { record in
      edit(&record)
      record.validationLoss = record.validationLoss.map { $0 + 2 }
    }
    #expect(run.liveAlarm("overfitting") == 129)
  }

  @Test func aTrainingLossThatClimbsTooIsAnotherMatter() {
    var run = run(climb: 2)
    run.loss = { $0 < 100 ? 2.4 * pow(0.98, Double($0)) : 2 }
    #expect(run.findings(of: Overfitting.self).isEmpty)
  }

  @Test func saysWhatIsMissing() {
    #expect(
      SyntheticRun(depth: 2).outcome(of: Overfitting.self)
        == .notChecked("no validation loss in this trace"))
    var short = run(climb: 2)
    short.steps = 30
    #expect(
      short.outcome(of: Overfitting.self)
        == .notChecked("the validation loss was measured 3 times; it takes 4"))
  }
}
