import Backpropagation
import Foundation
import Testing

@testable import GradientModelFiles

/// Holds Documentation/model-file.md against the catalogs and the reader, and reads the examples.
struct DocumentationTests {
  let page: String
  let root: URL
  let folder: TemporaryFolder

  init() throws {
    root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    page = try String(
      contentsOf: root.appending(path: "Documentation/model-file.md"), encoding: .utf8)
    folder = try TemporaryFolder()
  }

  /// The rows of the table under a heading that begins with `title`.
  func table(_ title: String) -> [String] {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.drop { !$0.hasPrefix("| \(title) |") }.dropFirst(2).prefix { $0.hasPrefix("|") }
      .map(String.init)
  }

  /// The rows that a catalog's table must have.
  func rows<Product>(_ catalog: Catalog<Product>) -> [String] {
    catalog.entries.map { entry in
      // The page says that the short form sets the first argument.
      #expect(entry.shorthand == nil || entry.shorthand == entry.arguments.first?.name)
      let arguments = entry.arguments.map { argument in
        let isValue = argument.defaultValue.map { !$0.contains(" ") } ?? false
        let shown = argument.defaultValue.map { isValue ? " (`\($0)`)" : " (\($0))" }
        return "`\(argument.name)`: \(argument.summary)\(shown ?? "")"
      }
      let listed = arguments.isEmpty ? "–" : arguments.joined(separator: "; ")
      // A bar would end the cell.
      let summary = entry.summary.replacing("|", with: "\\|")
      return "| `\(entry.id)` | \(summary) | \(listed) |"
    }
  }

  @Test func theTablesAreTheCatalogs() {
    #expect(table("layer") == rows(LayerCatalog.all))
    #expect(table("loss") == rows(LossCatalog.all))
    #expect(table("initializer") == rows(InitializerCatalog.all))
    #expect(table("optimizer") == rows(OptimizerCatalog.all))
    #expect(table("schedule") == rows(ScheduleCatalog.all))
  }

  /// A format that is whole has nothing that it refuses for now.
  @Test func nothingIsLeftForALaterVersion() {
    #expect(LayerCatalog.all.later.isEmpty && LossCatalog.all.later.isEmpty)
    #expect(OptimizerCatalog.all.later.isEmpty && ScheduleCatalog.all.later.isEmpty)
  }

  @Test func everyKeyIsExplained() {
    for key in ModelFile.keys { #expect(table("key").contains { $0.hasPrefix("| `\(key)` |") }) }
    for key in TrainingSettings.keys + DataSettings.keys {
      let isExplained = page.contains("\n  \(key): ") || page.contains("`\(key)`")
      #expect(isExplained, "\(key)")
    }
  }

  @Test func theExamplesOnThePageAreModels() throws {
    let blocks = page.components(separatedBy: "```yaml\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    #expect(blocks.count >= 5)
    for block in blocks {
      let head =
        block.contains("model:")
        ? "" : "model: {input: [2], layers: [{dense: 2}]}\nloss: softmax-cross-entropy\n"
      let path = try folder.file("a/model.yaml", (head + block).utf8)
      #expect(throws: Never.self) { try ModelFile(contentsOf: path) }
    }
  }

  @Test func theBundledModelsReadTheirData() throws {
    let examples = root.appending(path: "Examples")
    let names = try FileManager.default.contentsOfDirectory(atPath: examples.path).filter {
      FileManager.default.fileExists(atPath: examples.appending(path: "\($0)/model.yaml").path)
    }
    #expect(names.count >= 4)
    for name in names {
      let model = try ModelFile(contentsOf: examples.appending(path: "\(name)/model.yaml").path)
      #expect(model.name == name)
      #expect(try model.readData()?.split.training.count ?? 0 > 0)
    }
  }
}
