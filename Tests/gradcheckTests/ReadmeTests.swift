import Foundation
import Testing

/// What the README shows is what a user sees.
@Suite struct ReadmeTests {
  @Test func firstScreenIsTheOneShown() throws {
    let command = try Command()
    defer { command.clean() }
    let readme = try String(
      contentsOf: Command.package.appending(path: "README.md"), encoding: .utf8)
    let call = "$ gradcheck run Examples/vanishing/model.yaml\n"
    let start = try #require(readme.range(of: call)).upperBound
    let end = try #require(readme.range(of: "```", range: start..<readme.endIndex)).lowerBound
    let shown = readme[start..<end]

    try FileManager.default.createSymbolicLink(
      at: command.folder.appending(path: "Examples"),
      withDestinationURL: Command.package.appending(path: "Examples"))
    let result = try command("run", "Examples/vanishing/model.yaml")
    #expect(result.errors == "")
    #expect(masked(String(shown)) == masked(result.output))
  }

  @Test func readmeIsShort() throws {
    let readme = try String(
      contentsOf: Command.package.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 151)
  }

  /// The words, each number and bar replaced by a sign: those differ from one machine to the next, and with their
  /// widths the places where lines break.
  private func masked(_ text: String) -> [Substring] {
    text.replacing(/[0-9][0-9.,]*(e[+-]?[0-9]+)?/, with: "#").replacing(/█+/, with: "█")
      .split(whereSeparator: \.isWhitespace)
  }
}
