import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct NonFiniteTests {
  /// A NaN in the output of dense-2 at step 30, and everywhere from then on.
  private var poisoned: SyntheticRun {
    var run = SyntheticRun(depth: 4)
    run.nonFinite = { tensor, depth, step in
      step > 30 || step == 30 && (tensor != .activation || depth >= 2) ? 3 : 0
    }
    run.loss = { step in step < 30 ? 2 : .nan }
    return run
  }

  @Test func namesTheFirstTensorTheStepAndWhatItWasBefore() throws {
    let finding = try #require(poisoned.findings(of: NonFinite.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-2")
    #expect(finding.firstStep == 30)
    #expect(finding.raisedAtStep == 30)
    #expect(finding.lastStep == 99)
    #expect(finding.value == 3)
    #expect(finding.cause.id == "unknown")
    #expect(
      finding.message
        == "The output of dense-2 has 3 values that are NaN or infinite at step 30, in the forward "
        + "pass. The step before, its RMS was 1, its largest magnitude 3.")
  }

  @Test(arguments: [
    (
      SyntheticRun.Tensor.delta,
      "δ of dense-4 has 3 values that are NaN or infinite at step 30, in the backward pass."
    ),
    (
      .gradient,
      "The gradient of dense-4/weight has 3 values that are NaN or infinite at step 30, in the backward pass."
    ),
    (
      .parameter,
      "dense-1/weight has 3 values that are NaN or infinite at step 30, in the update."
    ),
  ])
  func followsTheOrderOfTheStep(_ tensor: SyntheticRun.Tensor, _ message: String) throws {
    var run = SyntheticRun(depth: 4)
    run.nonFinite = { place, _, step in place == tensor && step >= 30 ? 3 : 0 }
    let finding = try #require(run.findings(of: NonFinite.self).first)
    #expect(finding.message.hasPrefix(message), "\(finding.message)")
  }

  @Test func theLossComesAfterTheOutputsAndBeforeTheGradients() throws {
    var run = SyntheticRun(depth: 4)
    run.loss = { step in step == 5 ? .infinity : 2 }
    run.nonFinite = { tensor, _, step in tensor == .delta && step == 5 ? 1 : 0 }
    run.steps = 6
    let finding = try #require(run.findings(of: NonFinite.self).first)
    #expect(finding.layer == nil)
    #expect(
      finding.message
        == "The loss is the first value that is NaN or infinite, at step 5. It was 2.00 at the step "
        + "before.")
    #expect(finding.layers == [], "what is broken by the loss is not where it broke")
  }

  @Test func isRaisedAtOnceEvenInTheFirstSteps() {
    var run = poisoned
    run.nonFinite = { _, _, step in step >= 2 ? 1 : 0 }
    var live = LiveDiagnosis(header: run.header)
    for record in run.records.prefix(3) { live.observe(record) }
    #expect(live.alarms().map(\.id) == ["non-finite"])
  }

  @Test func aStepThatWasSkippedIsANote() {
    var run = SyntheticRun(depth: 4)
    run.nonFinite = { tensor, _, step in tensor == .gradient && step == 30 ? 3 : 0 }
    #expect(run.findings(of: NonFinite.self).first?.severity == .warning)
    run.updateRatio = { _, step in step == 30 ? 0 : 1e-3 }
    #expect(run.findings(of: NonFinite.self).first?.severity == .info)
    run.steps = 35
    #expect(run.findings(of: NonFinite.self).first?.severity == .error)
  }

  @Test func largeStepsAndBadDataAreToldApart() throws {
    var run = poisoned
    run.updateRatio = { depth, step in step == 29 && depth == 3 ? 2 : 1e-3 }
    let finding = try #require(run.findings(of: NonFinite.self).first)
    #expect(finding.cause.id == "learning-rate")
    #expect(
      finding.cause.text
        == "The update of step 29, at learning rate 0.1, moved dense-3 by 2 times its own size; what "
        + "the network computes with such weights overflows.")
    let context = AnalysisContext(header: run.header)
    var fold = NonFinite(context)
    for var record in poisoned.records {
      if record.step == 12 { record.layers[0]?.activation?.nonFinite = 1 }
      fold.observe(ObservedStep(record, context))
    }
    #expect(fold.findings().first?.cause.id == "data")
    #expect(fold.findings().first?.layer == "input")
  }

  @Test func whatFollowsIsItsConsequence() throws {
    let diagnosis = try poisoned.diagnosis()
    #expect(diagnosis.root?.id == "non-finite")
    #expect(diagnosis.findings.count == 1)
  }

  @Test func largeButFiniteIsHealthyAndNothingIsNothing() {
    var run = SyntheticRun(depth: 2)
    run.gradient = { _, _ in 1e30 }
    #expect(run.findings(of: NonFinite.self).isEmpty)
    #expect(run.outcome(of: NonFinite.self) == .clear("all values are finite in all 100 steps"))
    run.steps = 0
    #expect(run.outcome(of: NonFinite.self) == .notChecked("no steps in this trace"))
  }
}
