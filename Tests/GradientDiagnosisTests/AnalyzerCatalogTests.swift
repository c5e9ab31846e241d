import Foundation
import GradientDiagnosis
import Testing

@Suite struct AnalyzerCatalogTests {
  @Test func listsEveryFileOfItsFolder() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/GradientDiagnosis/Analyzers").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(".swift".count)) }
    let types = AnalyzerCatalog.all.map { String(describing: $0) }
    #expect(files.sorted() == types.sorted())
  }

  @Test func everyExplanationIsWhole() {
    let ids = AnalyzerCatalog.explanations.map(\.id)
    #expect(Set(ids + AnalyzerCatalog.later).count == ids.count + AnalyzerCatalog.later.count)
    for explanation in AnalyzerCatalog.explanations {
      for text in [
        explanation.summary, explanation.measures, explanation.matters, explanation.fires,
        explanation.reference,
      ] {
        #expect(text.count > 20, "\(explanation.id)")
        #expect(text.hasSuffix("."), "\(explanation.id): \(text)")
        #expect(!text.contains("\n"), "\(explanation.id)")
      }
      #expect(!explanation.causes.isEmpty && !explanation.remedies.isEmpty)
    }
  }

  @Test func everyThresholdBelongsToASymptomAndStandsInItsText() {
    for threshold in Thresholds.all {
      let id = String(threshold.name.prefix { $0 != "." })
      #expect(AnalyzerCatalog.explanation(of: id) != nil, "\(threshold.name)")
      #expect(threshold.reason.count > 20 && threshold.reason.hasSuffix("."))
    }
    #expect(Set(Thresholds.all.map(\.name)).count == Thresholds.all.count)
  }

  /// Where two symptoms can each bring about the other, the steps must tell which came first.
  @Test func linksFormNoCircleUnlessTimeBreaksIt() {
    let edges = Dictionary(
      uniqueKeysWithValues: AnalyzerCatalog.all.map { analyzer in
        let links = analyzer.explainedBy.filter { $0.order != .before }
        return (analyzer.explanation.id, links.map(\.id))
      })
    func reaches(_ id: String, _ goal: String, _ seen: Set<String> = []) -> Bool {
      (edges[id] ?? []).contains { (next: String) in
        next == goal || (!seen.contains(next) && reaches(next, goal, seen.union([next])))
      }
    }
    for id in edges.keys {
      #expect(!reaches(id, id), "\(id)")
      #expect(edges[id]?.allSatisfy { AnalyzerCatalog.explanation(of: $0) != nil } == true)
    }
  }
}
