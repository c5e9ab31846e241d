import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct ThroughTimeTests {
  /// A recurrent layer over 16 time steps whose δ changes by so many decades from the last back to the first.
  private func run(_ decades: @escaping (_ step: Int) -> Double, learns: Bool = false)
    -> SyntheticRun
  {
    var run = SyntheticRun(depth: 2)
    if !learns { run.loss = { _ in 2.31 } }
    run.editHeader = { $0.layers[1].kind = "rnn" }
    run.edit = { record in
      let total = decades(record.step)
      record.layers[1]?.deltaRMSByTime = (0..<16).map {
        1e-2 * pow(10, total * Double(15 - $0) / 15)
      }
    }
    return run
  }

  @Test func fadingThroughTimeIsFound() throws {
    let run = run { _ in -6 }
    let finding = try #require(run.findings(of: VanishingThroughTime.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-1")
    #expect(abs(finding.value - 6) < 1e-9)
    #expect(finding.cause.id == "recurrent-weights")
    #expect(finding.remedies.map(\.id).prefix(2) == ["use-lstm", "orthogonal-initialization"])
    for (kind, remedies) in [
      ("gru", ["longer-memory", "orthogonal-initialization"]),
      ("cell", ["use-lstm", "longer-memory"]),
    ] {
      var other = run
      other.editHeader = { $0.layers[1].kind = kind }
      let found = try #require(other.findings(of: VanishingThroughTime.self).first)
      #expect(Array(found.remedies.map(\.id).prefix(2)) == remedies)
    }
    #expect(
      finding.message
        == "δ of dense-1 loses 6.0 decades (a factor of 1e6) on its way from time step 16 back to the "
        + "first: what a sequence begins with is not learned.")
    #expect(finding.cause.text.hasSuffix("here by 0.4, which takes 0.4 decades a step."))
    #expect(run.liveAlarm("vanishing-through-time") == 49)
    #expect(run.findings(of: ExplodingThroughTime.self).isEmpty)
  }

  @Test func growingThroughTimeIsFound() throws {
    let run = run { _ in 4 }
    let finding = try #require(run.findings(of: ExplodingThroughTime.self).first)
    #expect(finding.severity == .error)
    #expect(abs(finding.value - 4) < 1e-9)
    #expect(finding.remedies.map(\.id).prefix(2) == ["use-lstm", "orthogonal-initialization"])
    let later = self.run { $0 < 40 ? 0 : 4 }.findings(of: ExplodingThroughTime.self)
    #expect(later.first?.remedies.first?.id == "gradient-clipping")
    #expect(run.findings(of: VanishingThroughTime.self).isEmpty)
  }

  /// What grew at the first step and overflowed at the second is told by the first.
  @Test func anOverflowAtTheSecondStepIsItsConsequence() throws {
    var run = run { _ in 4 }
    let edit = run.edit
    run.nonFinite = { tensor, _, step in tensor == .delta && step > 0 ? 5 : 0 }
    run.loss = { $0 > 0 ? .nan : 2.3 }
    run.edit = { record in
      edit(&record)
      if record.step > 0 {
        record.layers[1]?.deltaRMSByTime = [Double](repeating: .nan, count: 16)
      }
    }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.root?.id == "exploding-through-time")
    #expect(diagnosis.findings.first { $0.id == "non-finite" }?.causedBy == 0)
    #expect(run.liveAlarm("non-finite") == 1)
  }

  @Test func anUnderflowCountsAsFaded() {
    var run = run { _ in -6 }
    run.edit = { $0.layers[1]?.deltaRMSByTime = [0, 0, 1e-30, 1e-20, 1e-10, 1e-2] }
    #expect(run.findings(of: VanishingThroughTime.self).count == 1)
  }

  /// Between two and three decades it depends on what is learned.
  @Test func aMildFadingCountsWhereNothingIsLearned() throws {
    let finding = try #require(run { _ in -2.5 }.findings(of: VanishingThroughTime.self).first)
    #expect(finding.severity == .error && finding.threshold == 2)
    #expect(run({ _ in -2.5 }, learns: true).findings(of: VanishingThroughTime.self).isEmpty)
    var little = run { _ in -2.5 }
    little.loss = { _ in 1.6 }
    #expect(little.findings(of: VanishingThroughTime.self).isEmpty)
    // Weights that rest learn nothing for another reason.
    var resting = run { _ in -2.5 }
    resting.updateRatio = { _, _ in 1e-6 }
    #expect(resting.findings(of: VanishingThroughTime.self).isEmpty)
  }

  @Test func mildChangesPaddingAndShortSequencesAreHealthy() {
    for decades in [-1.9, 0, 1.5] {
      #expect(run { _ in decades }.findings(of: VanishingThroughTime.self).isEmpty)
      #expect(run { _ in decades }.findings(of: ExplodingThroughTime.self).isEmpty)
    }
    var padded = run { _ in 0 }
    padded.edit = { $0.layers[1]?.deltaRMSByTime = [1e-2, 1e-2, 1e-2, 1e-2, 1e-2, 0, 0, 0] }
    #expect(padded.findings(of: VanishingThroughTime.self).isEmpty)
    #expect(padded.findings(of: ExplodingThroughTime.self).isEmpty)
    padded.edit = { $0.layers[1]?.deltaRMSByTime = [1e-9, 1e-2] }
    #expect(padded.findings(of: VanishingThroughTime.self).isEmpty)
  }

  @Test func aStartThatHealsAndARunThatLearnsAreNoAlarm() {
    #expect(run { $0 < 15 ? -6 : -1 }.findings(of: VanishingThroughTime.self).isEmpty)
    #expect(
      run({ _ in -6 }, learns: true).findings(of: VanishingThroughTime.self).map(\.severity)
        == [.info])
  }

  /// What held a run up for most of its time is not undone by its last steps; a run that has learned is not accused.
  @Test func aRunThatLearnedLittleIsJudgedByMostOfItsTime() throws {
    let late = run { $0 < 60 ? -6 : -1 }
    let finding = try #require(late.findings(of: VanishingThroughTime.self).first)
    #expect(finding.severity == .error && finding.firstStep == 0)
    #expect(
      finding.message
        == "δ of dense-1 lost 6.0 decades (a factor of 1e6) on its way from time step 16 back to the "
        + "first, up to step \(finding.lastStep): what a sequence begins with was not learned.")
    #expect(
      run({ $0 < 60 ? -6 : -1 }, learns: true).findings(of: VanishingThroughTime.self).isEmpty)
    let growing = try #require(
      run { $0 < 60 ? 4 : 0 }.findings(of: ExplodingThroughTime.self).first)
    #expect(growing.message.contains(" grew by 4.0 decades"))
  }

  @Test func aShortRunIsJudgedOnWhatItHas() {
    var short = run { _ in -6 }
    short.steps = 12
    #expect(short.findings(of: VanishingThroughTime.self).count == 1)
  }

  @Test func saysWhatIsMissing() {
    let missing = Outcome.notChecked("no δ by time step in this trace")
    let run = SyntheticRun(depth: 2)
    #expect(run.outcome(of: VanishingThroughTime.self) == missing)
    #expect(run.outcome(of: ExplodingThroughTime.self) == missing)
  }
}
