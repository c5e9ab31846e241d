import Foundation
import Testing

/// What a terminal shows.
@Suite struct ScreenTests {
  @Test(
    arguments: [
      [], ["run"], ["check"], ["train"], ["gradients"], ["diagnose"], ["report"], ["import"],
      ["export"],
      ["explain"], ["selftest"], ["cure"], ["sweep"], ["compare"], ["watch"], ["chart"],
      ["assert"], ["baseline"], ["baseline", "update"],
    ])
  func helpFitsATerminal(subcommand: [String]) throws {
    let command = try Command()
    defer { command.clean() }
    let help = try command.call(subcommand + ["--help"])
    #expect(help.status == 0)
    let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
    // The list of all commands grows with them.
    #expect(lines.count <= (subcommand.isEmpty ? 35 : 25), "24 lines and the last line's end")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[2].hasPrefix("gradcheck ") && lines[3].hasPrefix("gradcheck "))
  }

  @Test func everyIdIsExplained() throws {
    let command = try Command()
    defer { command.clean() }
    let list = try command("explain").output.split(separator: "\n")
    let ids = list.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(ids.count > 25)
    #expect(list.allSatisfy { $0.count <= 80 })
    for id in ids {
      let result = try command("explain", id)
      #expect(result.status == 0)
      #expect(result.output.count > id.count + 20)
      let lines = result.output.split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(id)")
    }
  }

  @Test func anExplanationIsADocumentToo() throws {
    let command = try Command()
    defer { command.clean() }
    func entries(_ arguments: String...) throws -> [[String: String]] {
      let text = try command.call(["explain", "--format", "json"] + arguments).output
      let document = try #require(
        JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect(document["format"] as? String == "gradient-explanation")
      return try #require(document["entries"] as? [[String: String]])
    }
    #expect(try entries().count > 25)
    let one = try entries("sgd")
    #expect(one.map { $0["id"] } == ["sgd"])
    #expect(one[0]["text"]?.hasPrefix("sgd, an optimizer\n") == true)
  }

  @Test func unknownIdIsSuggestedAgainst() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command("explain", "vanishing-gradients")
    #expect(
      result.errors
        == "gradcheck: unknown id \"vanishing-gradients\"; did you mean \"vanishing-gradient\"?\n")
    #expect(result.status == 2)
  }

  @Test func colorIsForTerminals() throws {
    let command = try Command()
    defer { command.clean() }
    let model = Command.package.appending(path: "Examples/digits/model.yaml").path
    let escape = "\u{1b}["
    #expect(try !command("run", model).output.contains(escape))
    #expect(try command("run", model, "--color", "always").output.contains(escape))
    // `script` gives the command a terminal.
    let terminal = "script -qec \"$gradcheck check \(model)\" /dev/null"
    #expect(try !command.shell("NO_COLOR=1 \(terminal)").output.contains(escape))
  }

  @Test func quietPrintsNothing() throws {
    let command = try Command()
    defer { command.clean() }
    let model = Command.package.appending(path: "Examples/vanishing/model.yaml").path
    let result = try command("run", model, "--quiet")
    #expect(result.output == "")
    #expect(result.errors == "")
    #expect(result.status == 1)
  }
}
