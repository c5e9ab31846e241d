import Foundation
import Testing

@testable import Backpropagation

struct CatalogTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/Backpropagation")

  /// The types of a folder's files that conform to a protocol, by their source.
  private func types(conformingTo name: String, in folder: String) throws -> Set<String> {
    let root = Self.sources.appending(path: folder)
    let files = try FileManager.default.subpathsOfDirectory(atPath: root.path)
      .filter { $0.hasSuffix(".swift") }.map { root.appending(path: $0) }
    let declaration = try Regex<(Substring, Substring)>("(?m)^public struct (\\w+): \\w*\(name)\\b")
    return try files.reduce(into: []) { found, file in
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: declaration) { found.insert(String(match.output.1)) }
    }
  }

  /// Legal values of the arguments that some entries can't do without.
  private static let some: [String: ArgumentValue] = [
    "units": .integer(2), "learning-rate": .number(0.1), "value": .number(1),
    "gamma": .number(0.9), "step-size": .integer(10), "steps": .integer(10),
    "channels": .integer(2), "kernel": .integer(1), "groups": .integer(1), "heads": .integer(1),
    "vocabulary": .integer(5), "rate": .number(0.5), "sizes": .list([.integer(1)]),
    "places": .list([.integer(1)]),
  ]

  private func make<Product>(
    _ entry: CatalogEntry<Product>, of catalog: Catalog<Product>
  ) throws -> Product {
    let required = entry.arguments.filter { $0.defaultValue == nil }.map(\.name)
    return try catalog.make(entry.id, Self.some.filter { required.contains($0.key) })
  }

  private func made<Product>(_ catalog: Catalog<Product>) throws -> Set<String> {
    Set(
      try catalog.entries.map { String(describing: type(of: try make($0, of: catalog) as Any)) })
  }

  /// What exists can be named, and what can be named exists.
  @Test func catalogsHoldWhatTheirFoldersHold() throws {
    #expect(try types(conformingTo: "Layer", in: "Layers") == made(LayerCatalog.all))
    #expect(try types(conformingTo: "Loss", in: "Losses") == made(LossCatalog.all))
    #expect(try types(conformingTo: "Optimizer", in: "Optimizers") == made(OptimizerCatalog.all))
    #expect(
      try types(conformingTo: "Initializer", in: "Initializers") == made(InitializerCatalog.all))
    #expect(try types(conformingTo: "Schedule", in: "Schedules") == made(ScheduleCatalog.all))
    #expect(try made(LayerCatalog.all).count == LayerCatalog.all.entries.count)
  }

  @Test func anIdIsTheKindOfWhatItMakes() throws {
    for entry in LayerCatalog.all.entries {
      #expect(try make(entry, of: LayerCatalog.all).kind == entry.id)
    }
    for entry in LossCatalog.all.entries {
      #expect(try LossCatalog.all.make(entry.id, [:]).id == entry.id)
    }
  }

  @Test func noIdIsBothKnownAndLater() {
    func isClean<Product>(_ catalog: Catalog<Product>) -> Bool {
      let ids = catalog.entries.map(\.id) + catalog.later
      return Set(ids).count == ids.count
    }
    #expect(isClean(LayerCatalog.all) && isClean(LossCatalog.all))
    #expect(isClean(OptimizerCatalog.all) && isClean(InitializerCatalog.all))
    #expect(isClean(ScheduleCatalog.all))
  }

  private func message(_ value: ArgumentValue) -> String? {
    #expect(throws: ArgumentError.self) { try LayerCatalog.all.member(value) }?.message
  }

  @Test func whatCanNotBeMadeIsSaid() {
    #expect(message(.text("dens")) == "unknown layer \"dens\"; did you mean \"dense\"?")
    #expect(message(.text("quantum")) == "unknown layer \"quantum\"")
    let catalog = Catalog<any Layer>(noun: "layer", entries: [], later: ["swirl"])
    let later = #expect(throws: ArgumentError.self) { try catalog.member(.text("swirl")) }
    #expect(later?.message == "layer \"swirl\" is not supported by this version")
    #expect(message(.text("dense")) == "dense needs \"units\", a whole number from 1 to 16777216")
    for size in [ArgumentValue.integer(0), .integer(-3), .integer(1 << 25), .number(2.5)] {
      #expect(
        message(.map(["dense": size]))
          == "units of dense is \(size.written), expected a whole number from 1 to 16777216")
    }
    #expect(
      message(.map(["dense": .map(["units": .integer(2), "bias": .text("yes")])]))
        == "bias of dense is \"yes\", expected true or false")
    #expect(
      message(.map(["leaky-relu": .number(1.5)]))
        == "slope of leaky-relu is 1.5, expected a number from 0 to 1")
    #expect(message(.map(["relu": .integer(1)])) == "relu takes no short form, expected relu: {…}")
    #expect(
      message(.map(["relu": .map([:]), "tanh": .map([:])])) == "expected one layer, found 2 keys")
    #expect(message(.integer(3)) == "expected the name of a layer, found 3")
  }

  @Test func shortAndLongFormsMakeTheSame() throws {
    let short = try LayerCatalog.all.member(.map(["dense": .integer(7)])) as? Dense
    let long =
      try LayerCatalog.all.member(
        .map(["dense": .map(["units": .integer(7), "bias": .boolean(false)])])) as? Dense
    #expect(short?.units == 7 && short?.hasBias == true)
    #expect(long?.units == 7 && long?.hasBias == false)
    #expect((try LayerCatalog.all.member(.text("leaky-relu")) as? LeakyReLU)?.slope == 0.01)
  }
}
