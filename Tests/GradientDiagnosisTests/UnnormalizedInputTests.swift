import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct UnnormalizedInputTests {
  /// A run that does not learn on features of these means and deviations.
  private func run(
    means: @escaping (_ feature: Int) -> Double, deviations: @escaping (_ feature: Int) -> Double
  ) -> SyntheticRun {
    var run = SyntheticRun(depth: 3)
    run.loss = { _ in 2.31 }
    run.edit = { record in
      guard record.step == 0 else { return }
      record.layers[0]?.unitMeans = (0..<64).map(means)
      record.layers[0]?.unitDeviations = (0..<64).map(deviations)
    }
    return run
  }

  private var large: SyntheticRun { run(means: { _ in 130 }, deviations: { _ in 70 }) }

  @Test func largeValuesAreFound() throws {
    let finding = try #require(large.findings(of: UnnormalizedInput.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "input")
    #expect(finding.firstStep == 0)
    #expect(finding.statistic == "input-size")
    #expect(finding.cause.id == "input-scale")
    #expect(finding.remedies.first?.id == "normalize-input")
    #expect(
      finding.message
        == "The values of ‘input’ have an RMS of 150, and the loss has not fallen as it should.")
    #expect(finding.headline == "unnormalized input, since step 0")
    #expect(large.liveAlarm("unnormalized-input") == 49)
  }

  /// A loss that falls gets a second window to show that the scale does no harm.
  @Test func aLossThatStillFallsIsGivenTime() {
    var run = large
    run.loss = { 2.31 - 0.02 * Double($0) }
    #expect(run.liveAlarm("unnormalized-input") == nil)
    run.loss = { 2.31 - 0.9 * min(1, Double($0) / 50) }
    #expect((50...99).contains(run.liveAlarm("unnormalized-input") ?? 0))
  }

  @Test func featuresOfUnequalSizeAreFound() {
    let uneven = run(means: { _ in 0 }, deviations: { $0 == 5 ? 40 : 0.5 })
    #expect(uneven.findings(of: UnnormalizedInput.self).first?.statistic == "feature-spread")
    let distant = run(means: { _ in 9 }, deviations: { _ in 0.3 })
    #expect(distant.findings(of: UnnormalizedInput.self).first?.statistic == "feature-offset")
  }

  @Test func scaledSparseAndConstantFeaturesAreHealthy() {
    #expect(
      run(means: { _ in 0 }, deviations: { _ in 1 }).findings(of: UnnormalizedInput.self).isEmpty)
    #expect(
      run(means: { _ in 5 }, deviations: { _ in 6 }).findings(of: UnnormalizedInput.self).isEmpty)
    #expect(
      run(means: { _ in 0.001 }, deviations: { _ in 0.03 }).findings(of: UnnormalizedInput.self)
        .isEmpty)
    #expect(
      run(means: { $0 < 3 ? 0 : 0.4 }, deviations: { $0 < 3 ? 0 : 0.3 })
        .findings(of: UnnormalizedInput.self).isEmpty)
  }

  @Test func whatDoesNoHarmIsHealthy() {
    var run = large
    run.loss = { 2.3 / (1 + 0.1 * Double($0)) }
    #expect(
      run.outcome(of: UnnormalizedInput.self)
        == .clear("the values of ‘input’ have an RMS of 150, which has done no harm"))
    run.loss = { 2.3 - 0.8 * min(1, Double($0) / 30) }
    #expect(run.findings(of: UnnormalizedInput.self).first?.severity == .warning)
  }

  @Test func indicesOfAnEmbeddingAreNotJudged() {
    var run = large
    run.editHeader = { $0.layers[1].kind = "embedding" }
    #expect(
      run.outcome(of: UnnormalizedInput.self)
        == .notChecked("no input in this trace, or one of indices alone"))
  }

  @Test func isTheRootOfWhatItSaturates() throws {
    var run = large
    run.activation = "tanh"
    let edit = run.edit
    run.edit = { record in
      edit(&record)
      let count = record.layers[2]?.activation?.count ?? 0
      record.layers[2]?.saturated = count
      record.layers[2]?.delta = TensorStatistics(count: count, rms: 5)
      record.layers[0]?.activation?.rms = 150
    }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.root?.id == "unnormalized-input")
    let saturated = try #require(diagnosis.findings.first { $0.id == "saturated-activation" })
    #expect(saturated.causedBy == 0 && saturated.cause.id == "input-scale")
  }

  @Test func withoutFeaturesTheRMSIsJudged() {
    var run = large
    run.edit = { $0.layers[0]?.activation?.rms = 150 }
    #expect(run.findings(of: UnnormalizedInput.self).count == 1)
    run.edit = { $0.layers[0] = nil }
    #expect(
      run.outcome(of: UnnormalizedInput.self)
        == .notChecked("no statistics of the input in this trace"))
  }
}
