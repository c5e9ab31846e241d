import GradientHealth
import Testing

@testable import corpus

@Suite struct FamilyCatalogTests {
  @Test func namesAreUniqueAndFitATable() {
    let names = FamilyCatalog.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { !$0.contains(",") && !$0.contains("|") && !$0.contains(" ") })
  }

  @Test func plantsWhatTheDiagnosisKnows() {
    let known = Set(AnalyzerCatalog.explanations.map(\.id))
    for fault in FamilyCatalog.all.compactMap(\.fault) {
      #expect(fault.aliases.union([fault.symptom]).isSubset(of: known), "\(fault.symptom)")
      #expect(!fault.effects.isEmpty)
    }
  }

  @Test func plantsEverySymptom() {
    let planted = Set(FamilyCatalog.all.compactMap { $0.fault?.symptom })
    #expect(planted == Set(AnalyzerCatalog.explanations.map(\.id)))
  }

  /// Layers that a label names are those of the network.
  @Test func namesLayersThatAreThere() throws {
    for family in FamilyCatalog.all {
      guard let fault = family.fault, !fault.layers.isEmpty else { continue }
      let network = try NeuralNetwork(
        input: family.setup.task.shape, loss: family.setup.loss, layers: family.setup.layers)
      #expect(fault.layers.isSubset(of: Set(network.nodes.map(\.name))), "\(family.name)")
    }
  }
}
