import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct ZeroInitializationTests {
  /// All weights start at zero and stay there; δ arrives at the last layer alone.
  private var zeros: SyntheticRun {
    var run = SyntheticRun(depth: 3)
    run.initialRMS = 0
    run.weight = { _, _ in 0 }
    run.updateRatio = { _, _ in 0 }
    run.delta = { depth, _ in depth == 3 ? 0.5 : 0 }
    run.loss = { _ in 2.3 }
    return run
  }

  @Test func namesTheLayersThatStayAtZero() throws {
    let finding = try #require(zeros.findings(of: ZeroInitialization.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-1")
    #expect(finding.layers == ["dense-1", "dense-2", "dense-3"])
    #expect(finding.firstStep == 0 && finding.raisedAtStep == 9)
    #expect(
      finding.message
        == "The weights of dense-1 … dense-3 are exactly zero since step 0, and no update moves them."
    )
    #expect(zeros.liveAlarm("zero-initialization") == 9)
  }

  @Test func isTheRootOfWhatFollows() throws {
    let diagnosis = try zeros.diagnosis()
    #expect(diagnosis.root?.id == "zero-initialization")
    #expect(
      diagnosis.findings.filter { $0.severity > .info }.dropFirst().allSatisfy {
        $0.causedBy != nil
      })
  }

  @Test func weightsThatLeaveZeroAllAlikeAreFound() throws {
    var run = zeros
    run.weight = { _, step in 0.01 * Double(step) }
    run.updateRatio = { _, _ in 1e-2 }
    run.delta = { _, _ in 0.5 }
    run.edit = { record in
      guard record.step % 50 == 0 || record.step == 99 else { return }
      for layer in [1, 3] { record.layers[layer]?.parameters[0]?.distinctRows = 1 }
      record.layers[5]?.parameters[0]?.distinctRows = 10
    }
    let finding = try #require(run.findings(of: ZeroInitialization.self).first)
    #expect(finding.layers == ["dense-1", "dense-2"])
    #expect(finding.statistic == "distinct-rows")
    #expect(run.findings(of: SymmetricInitialization.self).isEmpty)
  }

  /// A last layer, a residual branch's last layer, a gate, an adapter: each leaves zero with its first updates.
  @Test(arguments: [1, 2, 3])
  func aSingleLayerThatLeavesZeroIsHealthy(_ depth: Int) throws {
    var run = SyntheticRun(depth: 3)
    run.editHeader = { $0.layers[2 * depth - 1].parameters[0].initialRMS = 0 }
    run.weight = { level, step in level == depth ? 1e-3 * Double(step) : 0.18 }
    run.updateRatio = { level, step in level == depth ? 1 / Double(step + 1) : 1e-3 }
    #expect(run.findings(of: ZeroInitialization.self).isEmpty)
    #expect(try run.diagnosis().verdict == .healthy)
  }

  @Test func aHeadThatNothingUsesIsHealthy() throws {
    var run = SyntheticRun(depth: 4)
    run.editHeader = { header in
      header.layers[5].parameters[0].initialRMS = 0
      header.layers[7].inputs = ["relu-2"]
    }
    // dense-3 and relu-3 feed nothing that has a loss.
    run.weight = { depth, _ in depth == 3 ? 0 : 0.18 }
    run.updateRatio = { depth, _ in depth == 3 ? 0 : 1e-3 }
    run.delta = { depth, _ in depth == 3 ? nil : 0.5 }
    run.gradient = { depth, _ in depth == 3 ? nil : 1e-2 }
    #expect(run.findings(of: ZeroInitialization.self).isEmpty)
    #expect(run.findings(of: UntrainedLayer.self).isEmpty)
    #expect(try run.diagnosis().verdict == .healthy)
  }

  @Test func frozenZerosAreMeant() {
    var run = zeros
    run.editHeader = { header in
      for layer in [1, 3, 5] { header.layers[layer].parameters[0].frozen = true }
    }
    #expect(run.findings(of: ZeroInitialization.self).isEmpty)
  }

  @Test func tenStepsAreNeeded() {
    var run = zeros
    run.steps = 9
    #expect(
      run.outcome(of: ZeroInitialization.self) == .clear("weights are zero, in the first 9 steps"))
    run.steps = 0
    #expect(
      run.outcome(of: ZeroInitialization.self)
        == .notChecked("no statistics of weights in this trace"))
  }
}
