import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct ClippingAlwaysOnTests {
  private func run(_ factor: @escaping (_ step: Int) -> Double?) -> SyntheticRun {
    var run = SyntheticRun(depth: 2)
    run.loss = { _ in 2.31 }
    run.edit = { $0.clipFactor = factor($0.step) }
    return run
  }

  @Test func aLimitFarBelowTheGradientIsFound() throws {
    let run = run { _ in 0.002 }
    let finding = try #require(run.findings(of: ClippingAlwaysOn.self).first)
    #expect(finding.severity == .warning)
    #expect(finding.value == 1)
    #expect(finding.cause.id == "clipping")
    #expect(
      finding.message
        == "Clipping acts at 100 % of the last 50 steps and leaves 0.2 % of the gradient."
    )
    #expect(
      finding.remedies.map(\.text) == [
        "Raise the clipping limit from 0.0018 to 0.91, 500 times as much: the gradient's usual norm."
      ])
    let silent = self.run { 0.002 + 0.0001 * Double($0 % 5) }
    #expect(
      silent.findings(of: ClippingAlwaysOn.self).first?.remedies.first?.text
        == "Raise the clipping limit to 450 times this run's, which is the gradient's usual norm.")
    #expect(run.liveAlarm("clipping-always-on") == 59)
  }

  /// Where the gradient is always cut down to one norm, that is the limit.
  @Test func theLimitIsNamedWhereTheTraceTellsIt() throws {
    var run = run { _ in nil }
    run.gradient = { _, step in 0.05 + 0.001 * Double(step % 7) }
    let numbers = 2 * (64.0 * 64 + 64)
    run.edit = { record in
      let rms = record.layers[1]?.parameters[0]?.gradientRMS ?? 0
      record.clipFactor = 0.01 / (rms * numbers.squareRoot())
    }
    let finding = try #require(run.findings(of: ClippingAlwaysOn.self).first)
    #expect(
      finding.cause.text.hasPrefix("The limit, 0.01, lies far below the gradient's usual size."))
    #expect(
      finding.remedies.first?.text
        == "Raise the clipping limit from 0.01 to 4.8, 480 times as much: the gradient's usual norm."
    )
  }

  @Test func aRunThatLearnsAllTheSameIsANote() {
    var run = run { _ in 0.002 }
    run.loss = { 2.3 / (1 + Double($0)) }
    #expect(run.findings(of: ClippingAlwaysOn.self).map(\.severity) == [.info])
  }

  @Test func aSafeguardIsHealthy() {
    #expect(run { $0 % 4 == 0 ? 0.01 : 1 }.findings(of: ClippingAlwaysOn.self).isEmpty)
    #expect(run { $0 < 45 ? 0.01 : 1 }.findings(of: ClippingAlwaysOn.self).isEmpty)
    #expect(run { _ in 0.4 }.findings(of: ClippingAlwaysOn.self).isEmpty)
  }

  @Test func explainsARateThatIsTooLow() throws {
    var run = run { _ in 1e-5 }
    run.updateRatio = { _, _ in 1e-7 }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.root?.id == "clipping-always-on")
    #expect(diagnosis.findings.first { $0.id == "learning-rate-too-low" }?.causedBy == 0)
  }

  @Test func saysWhatIsMissing() {
    #expect(
      run { _ in nil }.outcome(of: ClippingAlwaysOn.self)
        == .notChecked("no clipping in this trace"))
    var short = run { _ in 0.01 }
    short.steps = 20
    #expect(
      short.outcome(of: ClippingAlwaysOn.self)
        == .notChecked("20 steps with clipping; it takes 50"))
  }
}
