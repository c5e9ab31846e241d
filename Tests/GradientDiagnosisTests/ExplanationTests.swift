import GradientDiagnosis
import Testing

@Suite struct ExplanationTests {
  @Test func isPrintedUnderFixedHeadings() throws {
    let text = try #require(AnalyzerCatalog.explanation(of: "not-learning")).description
    let headings = text.split(separator: "\n").filter { !$0.hasPrefix(" ") }
    #expect(
      headings == [
        "not-learning", "What it measures", "Why it matters", "When it fires", "Typical causes",
        "What to try", "Reference",
      ])
    #expect(text.contains("\n  - data: targets that do not belong to their inputs\n"))
    #expect(text.contains("\n  1. Check that the targets belong to the inputs and fit the loss.\n"))
  }

  @Test func fitsATerminal() {
    for explanation in AnalyzerCatalog.explanations {
      let widths = explanation.description.split(separator: "\n").map(\.count)
      #expect(widths.allSatisfy { $0 <= 78 })
    }
  }

  @Test func namesItsThresholds() {
    for explanation in AnalyzerCatalog.explanations {
      let own = Thresholds.all.map(\.name).filter { $0.hasPrefix(explanation.id + ".") }
      #expect(own.isEmpty || own.contains { explanation.fires.contains($0) }, "\(explanation.id)")
    }
  }
}
