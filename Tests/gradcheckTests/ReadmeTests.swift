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

  /// What is shown in Swift stands in a test, which runs.
  @Test func itsSwiftIsThatOfATest() throws {
    func lines(_ code: String) -> [String] {
      code.split(separator: "\n").map { line in
        String(line.prefix { $0 != "/" }).replacing(/csv: [^,]*,/, with: "csv: …,")
          .trimmingCharacters(in: .whitespaces)
      }.filter { !$0.isEmpty }
    }
    func text(_ path: String) throws -> String {
      try String(contentsOf: Command.package.appending(path: path), encoding: .utf8)
    }
    let test = lines(try text("Tests/GradientTestingTests/ReadmeExampleTests.swift"))
    let blocks = try text("README.md").matches(of: /```swift\n(.*?)```/.dotMatchesNewlines())
      .map { lines(String($0.output.1)) }
    #expect(blocks.count == 2)
    for line in blocks.joined() { #expect(test.contains(line), "\(line)") }
    // The test's body is the first block's and then the second's.
    let body = blocks.joined().filter { !$0.hasPrefix("import ") && !$0.hasPrefix("@Test") }
      .dropLast()
    #expect(test.indices.contains { test[$0...].starts(with: body) }, "\(body)")
  }

  @Test func readmeIsShort() throws {
    let readme = try String(
      contentsOf: Command.package.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 151)
  }
}
