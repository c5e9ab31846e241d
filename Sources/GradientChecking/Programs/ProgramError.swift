public import GzipIO

/// What is wrong with a program that was to answer for its function, and what it said last on its own stderr.
///
/// The description is one line of ours, followed by the end of the program's, each behind a bar.
public struct ProgramError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was found and what was expected; its file is the command.
  public var error: InputError
  /// The last lines of the program's stderr.
  public var lastWords: [String]

  public var description: String {
    ([error.description] + lastWords.map { "  | \($0.quotable)" }).joined(separator: "\n")
  }
}
