import Foundation
import Testing

/// What the handbook shows and says is what the catalogs, the examples and the commands do.
@Suite struct HandbookTests {
  private static let catalog = Command.package
    .appending(path: "Sources/GradientHealth/GradientHealth.docc")

  /// The pages in a folder of the catalog, by their names.
  private static func pages(in folder: String) -> [String: String] {
    let url = catalog.appending(path: folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    let pages = names.filter { $0.hasSuffix(".md") }.map { name in
      (name, (try? String(contentsOf: url.appending(path: name), encoding: .utf8)) ?? "")
    }
    return Dictionary(pages, uniquingKeysWith: { first, _ in first })
  }

  static let guides = pages(in: "Guides")

  @Test func aPageOfASymptomIsWhatExplainSays() throws {
    let command = try Command()
    defer { command.clean() }
    let folder = command.folder.path
    #expect(try command("explain", "--handbook", folder).status == 0)
    let committed = Self.pages(in: "Symptoms")
    #expect(command.files == committed.keys.sorted(), "Scripts/handbook writes them anew")
    #expect(committed.count > 25)
    for (name, page) in committed {
      #expect(try command.text(of: name) == page, "\(name): Scripts/handbook writes it anew")
    }
  }

  /// The same words in the page and on the screen.
  @Test func aPageHasTheWordsOfTheScreen() throws {
    let command = try Command()
    defer { command.clean() }
    for id in ["vanishing-gradient", "dead-relu", "symmetric-initialization"] {
      let page = try #require(Self.pages(in: "Symptoms")["\(id).md"])
      func words(_ text: String) -> Set<Substring> {
        Set(text.split { !$0.isLetter && !$0.isNumber })
      }
      let screen = try command("explain", id).output
      #expect(words(screen).subtracting(words(page)).isEmpty, "\(id)")
    }
  }

  @Test(arguments: guides.keys.sorted())
  func screensAreThoseOfTheCommand(guide: String) throws {
    let page = try #require(Self.guides[guide])
    for screen in ShownScreen.all(of: page) { try screen.expectToBeTrue() }
  }

  @Test func thereAreScreensAndCodeToHoldAgainst() {
    let pages = Self.guides.values
    #expect(pages.count == 4)
    #expect(pages.flatMap(ShownScreen.all).count == 2)
    #expect(pages.flatMap(Self.swift).count == 5)
  }

  /// What is shown in Swift stands so in an example, which is built and run by a test.
  @Test(arguments: guides.keys.sorted())
  func codeIsThatOfTheExamples(guide: String) throws {
    let examples = try ["learn-digits/LearnDigits.swift", "swish/Swish.swift"].map { path in
      lines(
        try String(
          contentsOf: Command.package.appending(path: "Examples/\(path)"), encoding: .utf8))
    }
    for code in Self.swift(try #require(Self.guides[guide])) {
      let shown = lines(code)
      #expect(
        examples.contains { example in
          example.indices.contains { example[$0...].starts(with: shown) }
        }, "\(guide) shows code of no example:\n\(code)")
    }
  }

  private static func swift(_ page: String) -> [String] {
    page.matches(of: /```swift\n(.*?)```/.dotMatchesNewlines()).map { String($0.output.1) }
  }

  /// The lines without their indentation.
  private func lines(_ code: String) -> [String] {
    code.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// Whatever a guide tells to type is a command with options that it has.
  @Test(arguments: guides.keys.sorted())
  func commandsExist(guide: String) throws {
    let command = try Command()
    defer { command.clean() }
    let reference = try String(
      contentsOf: Command.package.appending(path: "Documentation/command-line.md"), encoding: .utf8)
    let calls = try #require(Self.guides[guide]).matches(of: /gradcheck ([a-z]+)([^`\n]*)/)
    for call in calls {
      let help = try command(String(call.output.1), "--help")
      #expect(help.status == 0 && help.output.contains("USAGE: gradcheck \(call.output.1)"))
      for option in call.output.2.matches(of: /--[a-z-]+/).map(\.output) {
        #expect(help.output.contains(option) || reference.contains(option), "\(call.output.0)")
      }
    }
  }
}
