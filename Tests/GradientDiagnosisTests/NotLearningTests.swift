import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct NotLearningTests {
  private var flat: SyntheticRun {
    var run = SyntheticRun(depth: 3)
    run.loss = { step in 2.31 + 0.05 * sin(Double(step)) }
    return run
  }

  @Test func aLossThatStaysIsFound() throws {
    let finding = try #require(flat.findings(of: NotLearning.self).first)
    #expect(finding.severity == .warning)
    #expect(finding.firstStep == 0)
    #expect(finding.lastStep == 99)
    #expect(
      finding.message
        == "The loss has not fallen: 2.31 now, 2.31 at the start; the best constant prediction "
        + "costs 2.30.")
  }

  @Test func itsRemediesAreThoseOfWhatIsThere() throws {
    let usual = ["check-targets", "higher-learning-rate", "adaptive-optimizer"]
    for (kind, own) in [("dense", []), ("rnn", ["use-lstm"]), ("lstm", ["longer-memory"])] {
      var run = flat
      run.editHeader = { $0.layers[1].kind = kind }
      let finding = try #require(run.findings(of: NotLearning.self).first)
      #expect(finding.remedies.map(\.id) == usual + own + ["batch-normalization"])
    }
  }

  /// What a preflight found out is evidence: examples that could be learned by heart acquit gradients and capacity.
  @Test func aPreflightTellsWhatHoldsTheLossUp() throws {
    func finding(_ preflight: Preflight?) throws -> Finding {
      var documents: [String: String] = [:]
      if let preflight { documents[Preflight.document] = try preflight.jsonText }
      let diagnosis = try Diagnosis(
        of: Trace(header: flat.header, steps: flat.records, documents: documents))
      return try #require(diagnosis.findings.first { $0.id == "not-learning" })
    }
    #expect(try finding(nil).cause.text == "The loss alone does not tell what holds it up.")
    var preflight = Preflight(seed: 1)
    preflight.overfit = Preflight.Overfit(examples: 4, steps: 12)
    #expect(
      try finding(preflight).cause.text
        == "Before the run 4 examples were learned by heart in 12 steps of adam, so gradients arrive "
        + "and there are units enough. What remains is the learning rate, the optimizer, the length "
        + "of the run, or the data.")
    #expect(try finding(preflight).remedies.first?.id == "check-targets")
    preflight.overfit?.steps = nil
    preflight.warnings = [
      Preflight.Warning(
        .overfit, value: 1, limit: 0.1, message: "4 examples can't be learned by heart.",
        cause: Cause(id: "architecture", text: "The units are too few."),
        remedies: [Remedy(id: "more-units", text: "Give the narrowest layers more units.")])
    ]
    #expect(try finding(preflight).cause.id == "architecture")
    #expect(try finding(preflight).remedies.map(\.id) == ["more-units"])
  }

  @Test func aLossThatFellButStaysAboveTheConstantIsFound() throws {
    var run = flat
    run.loss = { $0 < 10 ? 4 : 2.35 }
    let finding = try #require(run.findings(of: NotLearning.self).first)
    #expect(
      finding.message
        == "The loss has fallen by 41 % only: 2.35 now, 4.00 at the start; the best constant "
        + "prediction costs 2.30.")
  }

  /// What it has fallen by is said, and that the rest is too little.
  @Test func aLossThatHasFallenIsNotSaidNotTo() throws {
    var run = flat
    run.loss = { $0 == 0 ? 3.12 : 2.81 }
    let finding = try #require(run.findings(of: NotLearning.self).first)
    #expect(
      finding.message.hasPrefix("The loss has fallen by 9.9 % only: 2.81 now, 3.12 at the start; "))
  }

  @Test func aLossThatFellOrStartedLowIsClear() {
    var run = flat
    run.loss = { 2.3 * pow(0.99, Double($0)) }
    #expect(run.findings(of: NotLearning.self).isEmpty)
    run.loss = { _ in 0.1 }
    #expect(
      run.outcome(of: NotLearning.self)
        == .clear(
          "the loss is 0.100 now, 0.100 at the start; the best constant prediction costs 2.30"))
  }

  @Test func withoutAMeasuredConstantTheStartStandsForIt() {
    var run = flat
    run.run.constantLoss = nil
    #expect(run.findings(of: NotLearning.self).count == 1)
    run.loss = { 2.3 * pow(0.99, Double($0)) }
    #expect(
      run.outcome(of: NotLearning.self)
        == .clear(
          "the loss fell from 2.30 to 1.09; its start stands for the best constant prediction, "
            + "which this trace does not tell"))
  }

  @Test func aShortRunAndAHighLossThatFallsAreLeftOpen() {
    var run = flat
    run.steps = 12
    #expect(
      run.outcome(of: NotLearning.self)
        == .notChecked(
          "only 12 steps: the loss is 2.31 now, 2.31 at the start; it takes 20 to say that it does "
            + "not fall"))
    run = flat
    run.loss = { 40 * pow(0.98, Double($0)) }
    #expect(
      run.outcome(of: NotLearning.self)
        == .notChecked(
          "the loss still falls: the loss is 8.88 now, 40.0 at the start; the best constant "
            + "prediction costs 2.30"))
  }

  @Test func aLossThatIsNotFiniteIsNotJudged() {
    var run = flat
    run.loss = { $0 < 7 ? 2.3 : .infinity }
    #expect(
      run.outcome(of: NotLearning.self) == .notChecked("the loss is not finite since step 7"))
  }

  @Test func saysWhatIsMissing() {
    var run = flat
    run.steps = 0
    #expect(run.outcome(of: NotLearning.self) == .notChecked("no loss in this trace"))
    run.steps = 30
    run.loss = { _ in nil }
    #expect(run.outcome(of: NotLearning.self) == .notChecked("no loss in this trace"))
  }
}
