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
    #expect(String(shown).masked == result.output.masked)
  }

  @Test func readmeIsShort() throws {
    let readme = try String(
      contentsOf: Command.package.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 151)
  }
}
