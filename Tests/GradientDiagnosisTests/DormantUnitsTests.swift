import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct DormantUnitsTests {
  /// So many of 20 units of the first activation say a hundredth of what the others say.
  private func run(dormant: Int, from start: Int = 0, silent: Int = 0) -> SyntheticRun {
    var run = SyntheticRun(depth: 3)
    run.activation = "gelu"
    run.edit = { record in
      guard record.step % 10 == 9 else { return }
      record.layers[2]?.unitMeans = [Double](repeating: 0, count: 20)
      record.layers[2]?.unitDeviations = (0..<20).map { unit in
        unit < silent ? 0 : unit < silent + dormant && record.step >= start ? 0.005 : 1
      }
    }
    return run
  }

  @Test func areANoteWhereTheRunLearns() throws {
    let finding = try #require(run(dormant: 8, from: 40).findings(of: DormantUnits.self).first)
    #expect(finding.severity == .info)
    #expect(finding.layer == "gelu-1")
    #expect(finding.firstStep == 40 && finding.raisedAtStep == 59)
    #expect(finding.value == 0.4)
    #expect(
      finding.message
        == "8 of 20 units of gelu-1 say less than 2.5 % of what its units say on average.")
  }

  @Test func whatIsSoFromTheStartIsNotTheRatesFault() throws {
    let born = try #require(run(dormant: 8).findings(of: DormantUnits.self).first)
    #expect(born.firstStep == 0 && born.raisedAtStep == 19)
    #expect(born.cause.id == "initial-scale")
    #expect(born.remedies.map(\.id).prefix(2) == ["batch-normalization", "zero-bias"])
    let later = try #require(run(dormant: 8, from: 40).findings(of: DormantUnits.self).first)
    #expect(later.cause.id == "unknown" && later.remedies.first?.id == "lower-learning-rate")
  }

  @Test func mostOfThemAreAWarningEvenThen() {
    let findings = run(dormant: 11).findings(of: DormantUnits.self)
    #expect(findings.map(\.severity) == [.warning])
  }

  /// What is exactly zero is dead where a ReLU is; elsewhere nothing else looks at it.
  @Test func zerosOfASmoothActivationAreDormant() {
    var run = run(dormant: 0, silent: 8)
    #expect(run.findings(of: DormantUnits.self).first?.value == 0.4)
    run.activation = "relu"
    #expect(run.findings(of: DormantUnits.self).isEmpty)
  }

  @Test func areAWarningWhereItDoesNot() {
    var run = run(dormant: 8)
    run.loss = { _ in 2.31 }
    #expect(run.findings(of: DormantUnits.self).first?.severity == .warning)
  }

  @Test func aFewAndDeadOnesAreHealthy() {
    #expect(run(dormant: 5).findings(of: DormantUnits.self).isEmpty)
    #expect(run(dormant: 8, from: 95).findings(of: DormantUnits.self).isEmpty)
  }

  @Test func saysWhatIsMissing() {
    #expect(
      SyntheticRun(depth: 3).outcome(of: DormantUnits.self)
        == .notChecked("no means and deviations of single units in this trace"))
    #expect(
      SyntheticRun(depth: 1).outcome(of: DormantUnits.self)
        == .notChecked("no activation between layers with weights"))
  }
}
