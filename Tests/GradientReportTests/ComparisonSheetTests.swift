import GradientDiagnosis
import GradientReport
import Testing

extension ComparisonSheet {
  /// Two samples beside each other.
  init(_ before: SampleRun, _ after: SampleRun) throws {
    try self.init(
      before: RunDigest(before.trace), after: RunDigest(after.trace),
      RunComparison(of: before.trace, with: after.trace))
  }
}

/// Two runs in one picture.
struct ComparisonSheetTests {
  @Test func theResultIsTheTitle() throws {
    let texts = try ComparisonSheet(.healthy(layers: 13), .vanishing()).drawing().texts
    #expect(texts.contains { $0.string == "CHANGED" })
    #expect(texts.contains { $0.string.hasPrefix("δ changed in 1") })
    #expect(texts.contains { $0.string.hasPrefix("The loss ends at 2.33; before") })
  }

  @Test func nothingIsANoteOfItsOwn() throws {
    let sheet = try ComparisonSheet(.healthy(), .healthy())
    #expect(sheet.drawing().texts.contains { $0.string == "NO CHANGE" })
    #expect(sheet.alternativeText.hasPrefix("No layer beyond what is noise. "))
  }
}
