import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

extension CureSheet {
  /// The sheet of a sample that a remedy turns into another.
  init(of before: SampleRun, healedAs after: SampleRun) throws {
    let finding = before.diagnosis.findings.first
    try self.init(
      before: Side(before.trace, before.diagnosis, accuracy: 0.1),
      after: Side(after.trace, after.diagnosis, accuracy: 0.975),
      finding: finding
        ?? Finding(
          id: "not-learning", severity: .info, layer: nil, firstStep: 0, raisedAtStep: 0,
          lastStep: 0, statistic: "fall", value: 0, threshold: 0.1,
          cause: Cause(id: "unknown", text: ""), message: "", remedies: []),
      remedies: [Remedy(id: "use-relu", text: "Use relu.")], change: "12 × sigmoid → relu")
  }
}

/// A model before and after a remedy.
struct CureSheetTests {
  private func texts(_ before: SampleRun, _ after: SampleRun = .healthy()) throws -> [String] {
    try CureSheet(of: before, healedAs: after).drawing().texts.map(\.string)
  }

  @Test func theTitlesAreTheResults() throws {
    let texts = try texts(.vanishing())
    #expect(texts.contains("Vanishing gradient healed by use-relu"))
    #expect(
      texts.contains("12 × sigmoid → relu · accuracy 10.0\u{a0}% → 97.5\u{a0}% · 400 steps each"))
    #expect(
      texts.contains(
        "δ keeps its size over depth; before, it lost 6.3 decades"))
    #expect(texts.contains("The loss ends at 0.0553; before, it ended at 2.33"))
  }

  @Test func aLossThatIsNoNumberHasAnEnd() throws {
    let texts = try texts(.exploding())
    #expect(texts.contains { $0.hasSuffix("; before, it was no number any more") })
    #expect(texts.contains("before: NaN or infinite from step 21 on"))
    #expect(!texts.contains { $0.hasPrefix("before NaN") })
  }

  @Test func layersThatNothingReachesAreMarked() throws {
    let texts = try texts(.blocked())
    #expect(texts.contains("before: exactly 0"))
    #expect(texts.contains { $0.hasSuffix("; before, it did not arrive") })
  }

  @Test func bothRunsAreTold() throws {
    let sheet = try CureSheet(of: .vanishing(), healedAs: .healthy())
    let texts = sheet.drawing().texts.map(\.string)
    #expect(
      texts.contains { $0.hasPrefix("before 2") } && texts.contains { $0.hasPrefix("after ") })
    #expect(sheet.alternativeText.hasPrefix("Vanishing gradient healed by use-relu. "))
  }
}
