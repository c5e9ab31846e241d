/// What is wrong with something that came from outside: a file, a line or key in it, what was found and what was expected.
///
/// Its description is the one line that a command prints on stderr: `model.yaml:14: unknown key "lerning-rate" …`.
public struct InputError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file as the user named it.
  public var file: String
  /// The line, counted from 1, where one is known.
  public var line: Int?
  /// What was found and what was expected, as one sentence without a full stop.
  public var message: String

  /// Creates an error about `file`, at `line` where one is known.
  public init(file: String, line: Int? = nil, _ message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  public var description: String {
    let name = file.isEmpty ? "\"\"" : file.quotable
    let place = line.map { "\(name):\($0)" } ?? name
    return "\(place): \(message.quotable)"
  }
}

extension String {
  /// This text with control characters escaped, so that a terminal shows it instead of obeying it.
  public var quotable: String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// This text in quotation marks: at most 40 characters of it, control characters escaped.
  public var quoted: String { "\"\(shortened.quotable)\"" }

  /// This text, or its first 39 characters and an ellipsis.
  ///
  /// What counts are Unicode scalars: one `Character` can be as long as its writer likes.
  public var shortened: String {
    unicodeScalars.dropFirst(40).isEmpty
      ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(39))) + "…"
  }
}
