import Foundation
import Testing

/// What a page shows of a terminal: a line `$ gradcheck …`, and what that prints.
struct ShownScreen: Sendable, CustomTestStringConvertible {
  /// The command's arguments.
  var arguments: [String]
  /// What is shown to come of it.
  var output: String

  var testDescription: String { arguments.joined(separator: " ") }

  /// Every screen of a page in Markdown.
  static func all(of page: String) -> [ShownScreen] {
    page.matches(of: /```\n\$ gradcheck ([^\n]*)\n(.*?)```/.dotMatchesNewlines()).map { match in
      ShownScreen(
        arguments: match.output.1.split(separator: " ").map(String.init),
        output: String(match.output.2.prefix { $0 != "$" }))
    }
  }

  /// Expects that a user sees what is shown, numbers aside.
  func expectToBeTrue(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.createSymbolicLink(
      at: command.folder.appending(path: "Examples"),
      withDestinationURL: Command.package.appending(path: "Examples"))
    let result = try command.call(arguments)
    #expect(result.errors == "", sourceLocation: sourceLocation)
    #expect(output.masked == result.output.masked, sourceLocation: sourceLocation)
  }
}
