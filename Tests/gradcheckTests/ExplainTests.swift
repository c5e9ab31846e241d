import Foundation
import GradientHealth
import Testing

/// Whatever an output or a page names, `gradcheck explain` knows.
@Suite struct ExplainTests {
  private func ids() throws -> Set<String> {
    struct Entry: Decodable { var id: String }
    struct Document: Decodable { var entries: [Entry] }
    let command = try Command()
    defer { command.clean() }
    let text = try command("explain", "--format", "json").output
    return Set(try JSONDecoder().decode(Document.self, from: Data(text.utf8)).entries.map(\.id))
  }

  /// The ids under which each format of an assertion tells what it has found.
  @Test func everyItemOfAnAssertionIsExplained() throws {
    let ids = try ids()
    for rule in AssertionRule.all { #expect(ids.contains(rule.id), "\(rule.id)") }
  }

  /// Whoever is told to type `gradcheck explain ID`, on a screen, in a report or on a page, is told of something.
  @Test func whateverIsToBeExplainedIs() throws {
    let ids = try ids()
    var told: Set<String> = []
    for folder in ["Sources", "Documentation", "Reports", "Recorders", "Examples", "README.md"] {
      for (file, text) in try texts(below: folder) {
        for match in text.matches(of: /gradcheck explain ([a-z][a-z0-9-]*)/) {
          let id = String(match.output.1)
          told.insert(id)
          #expect(ids.contains(id), "\(file): gradcheck explain \(id)")
        }
      }
    }
    #expect(told.count > 25, "the pages of the handbook alone are more")
  }

  @Test func verdictsAreExplainedInFull() throws {
    let command = try Command()
    defer { command.clean() }
    for (id, words) in [
      ("gradients", ["dual numbers", "finite differences", "no verdict", "gradcheck check MODEL"]),
      ("verdict", ["healthy", "WARNING", "ERROR", "UNCLEAR", "3 no verdict"]),
      ("baseline", ["seeds", "factor of 2", "gradcheck baseline update MODEL --baseline FILE"]),
    ] {
      let text = try command("explain", id).output.split(whereSeparator: \.isWhitespace)
        .joined(separator: " ")
      for word in words { #expect(text.contains(word), "\(id): \(word)") }
    }
  }

  /// The texts of a file, or of those in a folder.
  private func texts(below name: String) throws -> [(file: String, text: String)] {
    let url = Command.package.appending(path: name)
    let names = FileManager.default.enumerator(atPath: url.path)?.allObjects as? [String]
    let files = names.flatMap { $0.isEmpty ? nil : $0.map { "\(name)/\($0)" } } ?? [name]
    return files.compactMap { file in
      [".md", ".swift", ".py", ".yml"].contains { file.hasSuffix($0) }
        ? (try? String(contentsOf: Command.package.appending(path: file), encoding: .utf8))
          .map { (file, $0) } : nil
    }
  }
}
