public import GzipIO

/// What is wrong with a policy, without the file and line, which whoever reads the file adds.
public struct PolicyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was found and what was expected, as one sentence without a full stop.
  public let message: String

  /// Creates an error.
  public init(_ message: String) { self.message = message }

  public var description: String { message }

  /// The error with its place.
  public func located(file: String, line: Int?) -> InputError {
    InputError(file: file, line: line, message)
  }

  /// No finding or threshold of this version has that name; a threshold's begins with its finding's.
  static func unknown(_ what: String, _ name: String, among known: [String]) -> PolicyError {
    if AnalyzerCatalog.later.contains(String(name.prefix { $0 != "." })) {
      return PolicyError("\(what) \(name.quoted) is not supported by this version")
    }
    return PolicyError("unknown \(what) \(name.quoted)" + suggestion(for: name, among: known))
  }
}
