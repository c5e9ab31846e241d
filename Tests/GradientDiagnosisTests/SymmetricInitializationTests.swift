import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct SymmetricInitializationTests {
  /// The rows of dense-1 and dense-2 are counted at the first step and at each window's end.
  private func run(rows: @escaping (_ depth: Int, _ step: Int) -> Int?) -> SyntheticRun {
    var run = SyntheticRun(depth: 3)
    run.edit = { record in
      guard record.step == 0 || record.step % 50 == 49 else { return }
      for depth in 1...3 {
        record.layers[2 * depth - 1]?.parameters[0]?.distinctRows = rows(depth, record.step)
      }
    }
    return run
  }

  @Test func unitsThatStayAlikeAreFound() throws {
    let run = run { depth, _ in depth == 3 ? 10 : 1 }
    let finding = try #require(run.findings(of: SymmetricInitialization.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layers == ["dense-1", "dense-2"])
    #expect(finding.raisedAtStep == 49)
    #expect(
      finding.message
        == "All units of dense-1 and dense-2 have had the same weights since step 0: each layer is "
        + "worth one unit.")
    #expect(run.liveAlarm("symmetric-initialization") == 49)
  }

  @Test func unitsThatPartAtTheFirstUpdateAreHealthy() {
    #expect(
      run { _, step in step == 0 ? 1 : 64 }.findings(of: SymmetricInitialization.self).isEmpty)
    #expect(run { _, _ in 64 }.findings(of: SymmetricInitialization.self).isEmpty)
    // Rows that become alike later have been made so by something else.
    #expect(
      run { _, step in step == 0 ? 64 : 1 }.findings(of: SymmetricInitialization.self).isEmpty)
  }

  /// What rounding adds to equal rows can grow until a few of them part.
  @Test func rowsThatPartByRoundingWereAlike() {
    var run = run { _, step in step < 120 ? 1 : 5 }
    run.steps = 200
    #expect(run.findings(of: SymmetricInitialization.self).count == 1)
    var healed = self.run { _, step in step < 120 ? 1 : 60 }
    healed.steps = 200
    #expect(healed.findings(of: SymmetricInitialization.self).isEmpty)
  }

  @Test func aSingleUnitAndFrozenWeightsAreHealthy() {
    var single = run { _, _ in 1 }
    single.editHeader = { header in
      for layer in [1, 3, 5] { header.layers[layer].parameters[0].shape = [1, 64] }
    }
    #expect(single.findings(of: SymmetricInitialization.self).isEmpty)
    var frozen = run { _, _ in 1 }
    frozen.editHeader = { header in
      for layer in [1, 3, 5] { header.layers[layer].parameters[0].frozen = true }
    }
    #expect(frozen.findings(of: SymmetricInitialization.self).isEmpty)
  }

  @Test func saysWhatIsMissing() {
    let missing = Outcome.notChecked("no counts of distinct rows at two steps of this trace")
    #expect(run { _, _ in nil }.outcome(of: SymmetricInitialization.self) == missing)
    var short = run { _, _ in 1 }
    short.steps = 30
    #expect(short.outcome(of: SymmetricInitialization.self) == missing)
  }
}
