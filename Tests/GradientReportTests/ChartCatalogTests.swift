import Foundation
import GradientDiagnosis
import GradientReport
import Testing

struct ChartCatalogTests {
  @Test func everyChartOfTheFolderIsInTheCatalog() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/GradientReport/Charts").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix("Chart.swift") && $0 != "Chart.swift" }
    let types = ChartCatalog.entries.map { "\($0.type).swift" }
    #expect(files.sorted() == types.sorted())
  }

  @Test func idsAndSymptomsAreUnique() {
    let ids = ChartCatalog.entries.map(\.id)
    #expect(Set(ids).count == ids.count)
    let symptoms = ChartCatalog.entries.flatMap(\.symptoms)
    #expect(Set(symptoms).count == symptoms.count)
  }

  @Test func aSymptomFindsItsChart() {
    #expect(ChartCatalog.entry(showing: "vanishing-gradient").id == "gradient-flow")
    #expect(ChartCatalog.entry(showing: "dead-relu").id == "dead-units")
    #expect(ChartCatalog.entry(showing: "something-new").id == "loss")
  }

  @Test func eachSymptomHasOneChartOfItsOwn() {
    for symptom in AnalyzerCatalog.explanations.map(\.id) {
      let count = ChartCatalog.entries.count { $0.symptoms.contains(symptom) }
      #expect(count == 1, "\(symptom) has \(count) charts")
    }
    let known = Set(AnalyzerCatalog.explanations.map(\.id))
    for entry in ChartCatalog.entries {
      #expect(entry.symptoms.union(entry.standsInFor).isSubset(of: known), "\(entry.id)")
      #expect(entry.symptoms.isDisjoint(with: entry.standsInFor), "\(entry.id)")
    }
  }

  @Test func whereASymptomsChartLacksDataAnotherStandsIn() {
    func ids(_ symptom: String) -> [String] {
      ChartCatalog.entries(showing: symptom).map(\.id)
    }
    #expect(ids("saturated-activation") == ["activation-ridges", "gradient-flow", "loss"])
    #expect(ids("subnormal-gradient") == ["delta-ridges", "delta-map", "loss"])
    #expect(ids("symmetric-initialization") == ["distinct-units", "network", "loss"])
    #expect(ids("overfitting") == ["loss"])
  }

  @Test func theDocumentationNamesEveryChart() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Documentation/command-line.md").standardizedFileURL
    let text = try String(contentsOf: page, encoding: .utf8)
    for id in RunChart.ids { #expect(text.contains("| `\(id)` |"), "\(id) is missing") }
  }
}
