import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct OscillationTests {
  private func run(_ loss: @escaping (_ step: Int) -> Double) -> SyntheticRun {
    var run = SyntheticRun(depth: 2)
    run.loss = loss
    return run
  }

  /// Noise that is the same at each call.
  private func noise(_ step: Int) -> Double {
    let x = sin(Double(step) * 12.9898) * 43758.5453
    return x - floor(x) - 0.5
  }

  @Test func aLossThatTurnsAtEachStepIsFound() throws {
    let run = run { 1.2 + ($0 % 2 == 0 ? 0.5 : -0.5) }
    let finding = try #require(run.findings(of: Oscillation.self).first)
    #expect(finding.severity == .warning)
    #expect(finding.firstStep == 0)
    #expect(finding.value < -0.9)
    #expect(
      finding.message
        == "The loss turns from one step to the next, by 1.00 around 1.20, since step 0, and does not "
        + "settle.")
    #expect(run.liveAlarm("oscillation") == 59)
  }

  @Test func aSlowSwingOfMomentumIsFound() throws {
    let run = run { 1.2 + 0.6 * sin(2 * .pi * Double($0) / 14) }
    let finding = try #require(run.findings(of: Oscillation.self).first)
    #expect(finding.message.hasPrefix("The loss turns every 7 steps, "))
    #expect(finding.cause.text.contains("momentum"))
    #expect(
      finding.remedies.map(\.id) == ["lower-learning-rate", "lower-momentum", "larger-batch"])
  }

  /// Nothing is larger than a batch of all examples, and what turns at each step has no momentum.
  @Test func offersWhatTheRunCanTake() throws {
    var run = run { 1.2 + ($0 % 2 == 0 ? 0.5 : -0.5) }
    run.run.examplesPerEpoch = 64
    let finding = try #require(run.findings(of: Oscillation.self).first)
    #expect(finding.remedies.map(\.id) == ["lower-learning-rate"])
  }

  @Test func noiseAFallAndASpikeAreHealthy() {
    #expect(run { 1.2 + 1.5 * noise($0) }.findings(of: Oscillation.self).isEmpty)
    #expect(run { 2.4 * pow(0.95, Double($0)) }.findings(of: Oscillation.self).isEmpty)
    #expect(run { $0 == 80 ? 30 : 0.3 + 0.1 * noise($0) }.findings(of: Oscillation.self).isEmpty)
  }

  @Test func aSmallSwingAndOneAtTheEndOfLearningAreHealthy() {
    #expect(run { 1.2 + ($0 % 2 == 0 ? 0.1 : -0.1) }.findings(of: Oscillation.self).isEmpty)
    #expect(run { 0.01 + ($0 % 2 == 0 ? 0.009 : -0.009) }.findings(of: Oscillation.self).isEmpty)
  }

  /// Batches that come in the same order again and again make a beat of their own.
  @Test func theBeatOfShortEpochsIsHealthy() {
    var run = run { 1.2 + ($0 % 2 == 0 ? 0.5 : -0.5) }
    run.steps = 200
    run.run.examplesPerEpoch = 128
    #expect(run.findings(of: Oscillation.self).isEmpty)
    run.loss = { 1.2 + ($0 / 2 % 2 == 0 ? 0.5 : -0.5) }
    #expect(run.findings(of: Oscillation.self).count == 1)
  }

  @Test func saysWhatIsMissing() {
    var run = run { _ in 1 }
    run.steps = 30
    #expect(
      run.outcome(of: Oscillation.self)
        == .notChecked("30 losses (of steps, or of short epochs); it takes 50"))
    run.loss = { _ in nil }
    #expect(run.outcome(of: Oscillation.self) == .notChecked("no loss in this trace"))
  }
}
