import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct SubnormalGradientTests {
  /// Such a share of the first layer's δ is subnormal.
  private func run(share: @escaping (_ step: Int) -> Double) -> SyntheticRun {
    var run = SyntheticRun(depth: 3)
    run.loss = { _ in 2.31 }
    run.edit = { record in
      for layer in [1, 3, 5] { record.layers[layer]?.delta?.subnormal = 0 }
      let count = Double(record.layers[1]?.delta?.count ?? 0)
      record.layers[1]?.delta?.subnormal = Int(count * share(record.step))
    }
    return run
  }

  @Test func namesTheLayer() throws {
    let run = run { _ in 0.5 }
    let finding = try #require(run.findings(of: SubnormalGradient.self).first)
    #expect(finding.severity == .warning)
    #expect(finding.layer == "dense-1")
    #expect(finding.value == 0.5)
    #expect(
      finding.message == "50 % of δ at dense-1 is subnormal since step 0: next comes zero.")
    #expect(run.liveAlarm("subnormal-gradient") == 49)
  }

  /// δ that is as small in all layers was so at the loss.
  @Test func whatStartsSmallIsTheLosssFault() throws {
    var run = run { _ in 0.5 }
    let fading = try #require(run.findings(of: SubnormalGradient.self).first)
    #expect(fading.cause.id == "depth")
    #expect(fading.remedies.map(\.id) == ["scale-loss", "use-relu", "residual-connections"])
    run.edit = { record in
      for layer in [1, 3, 5] {
        let count = record.layers[layer]?.delta?.count
        record.layers[layer]?.delta?.subnormal = count
      }
    }
    let small = try #require(run.findings(of: SubnormalGradient.self).first)
    #expect(small.layers == ["dense-1", "dense-2", "dense-3"])
    #expect(small.cause.id == "loss-scale")
    #expect(small.cause.text.hasPrefix("δ is that small at the loss already: it stands at 2.31."))
    #expect(small.remedies.map(\.id) == ["scale-loss"])
  }

  @Test func isANoteInARunThatLearns() {
    var run = run { _ in 0.5 }
    run.loss = { 2.3 / (1 + Double($0)) }
    #expect(run.findings(of: SubnormalGradient.self).map(\.severity) == [.info])
  }

  @Test func theTailsOfAHealthyDeltaAreHealthy() {
    #expect(run { _ in 0.05 }.findings(of: SubnormalGradient.self).isEmpty)
    #expect(run { $0 % 10 == 0 ? 0.9 : 0 }.findings(of: SubnormalGradient.self).isEmpty)
  }

  @Test func saysWhatIsMissing() {
    #expect(
      SyntheticRun(depth: 2).outcome(of: SubnormalGradient.self)
        == .notChecked("no counts of subnormal values in this trace"))
  }
}
