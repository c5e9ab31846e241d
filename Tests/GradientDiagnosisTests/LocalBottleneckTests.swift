import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct LocalBottleneckTests {
  /// Between dense-4 and dense-3 δ loses so many decades, elsewhere 0.1 a layer.
  private func run(_ decades: Double) -> SyntheticRun {
    var run = SyntheticRun(depth: 8)
    run.loss = { _ in 2.31 }
    run.delta = { depth, _ in pow(10, -0.1 * Double(8 - depth) - (depth <= 3 ? decades : 0)) }
    run.updateRatio = { depth, _ in depth <= 3 ? 1e-6 : 1e-3 }
    return run
  }

  @Test func namesTheLayerThatTakesIt() throws {
    let finding = try #require(run(2).findings(of: LocalBottleneck.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-3")
    #expect(finding.layers == ["dense-3", "relu-3", "dense-4"])
    #expect(abs(finding.value - 2.1) < 1e-9)
    #expect(
      finding.message
        == "δ loses 2.1 decades (a factor of 130) between dense-4 and dense-3 alone, since step 0.")
    #expect(run(2).liveAlarm("local-bottleneck") == 19)
  }

  @Test func smallWeightsAreNamedWithTheirScale() throws {
    var small = run(2)
    small.editHeader = { $0.layers[7].parameters[0].initialRMS = 0.00177 }
    let finding = try #require(small.findings(of: LocalBottleneck.self).first)
    #expect(finding.cause.id == "initial-scale")
    #expect(
      finding.cause.text
        == "The weights of dense-4 start 100 times smaller than the other layers', next to what "
        + "keeps δ at its size, and δ passes through them.")
    #expect(
      finding.remedies.map(\.id) == [
        "he-initialization", "batch-normalization", "residual-connections",
      ])
    #expect(
      finding.remedies[0].text
        == "Start the weights of dense-4 with a standard deviation of 0.18 instead of 0.0018: He "
        + "initialization for its inputs.")
    // Another layer's, or weights that are a little smaller, don't explain it.
    for (place, size) in [(5, 0.00177), (7, 0.05)] {
      var other = run(2)
      other.editHeader = { $0.layers[place].parameters[0].initialRMS = size }
      let finding = try #require(other.findings(of: LocalBottleneck.self).first)
      #expect(finding.cause.id == "architecture")
      #expect(finding.remedies.first?.id == "batch-normalization")
    }
  }

  @Test func isTheRootOfWhatVanishesBehindIt() throws {
    let diagnosis = try run(4).diagnosis()
    #expect(diagnosis.root?.id == "local-bottleneck")
    #expect(diagnosis.findings.first { $0.id == "vanishing-gradient" }?.causedBy == 0)
  }

  @Test func aSmallDropAndASteadyLossAreNone() {
    #expect(run(1.3).findings(of: LocalBottleneck.self).isEmpty)
    var steady = run(0)
    steady.delta = { depth, _ in pow(10, -1.8 * Double(8 - depth)) }
    #expect(steady.findings(of: LocalBottleneck.self).isEmpty)
    var growing = run(0)
    growing.delta = { depth, _ in depth <= 3 ? 100 : 0.5 }
    #expect(growing.findings(of: LocalBottleneck.self).isEmpty)
  }

  @Test func layersThatMoveAndLearnMakeItANote() {
    var learning = run(2)
    learning.updateRatio = { _, _ in 1e-3 }
    #expect(learning.findings(of: LocalBottleneck.self).first?.severity == .warning)
    learning.loss = { 2.3 / (1 + Double($0)) }
    #expect(learning.findings(of: LocalBottleneck.self).first?.severity == .info)
  }

  @Test func saysWhatIsMissing() {
    #expect(
      SyntheticRun(depth: 3).outcome(of: LocalBottleneck.self)
        == .notChecked("the network has fewer than 5 layers with weights in a row"))
    var blind = run(2)
    blind.delta = { _, _ in nil }
    #expect(
      blind.outcome(of: LocalBottleneck.self)
        == .notChecked("no δ of 5 layers with weights in this trace"))
  }
}
