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

  static func unknown(_ what: String, _ name: String, among known: [String]) -> PolicyError {
    let nearest = known.map { ($0, distance($0, name)) }.min { $0.1 < $1.1 }
    guard let (candidate, edits) = nearest, edits <= max(2, candidate.count / 3) else {
      return PolicyError("unknown \(what) \(name.quoted)")
    }
    return PolicyError("unknown \(what) \(name.quoted); did you mean \"\(candidate)\"?")
  }
}

/// The number of insertions, deletions and substitutions of a character between two words.
private func distance(_ first: String, _ second: String) -> Int {
  // Known names are short; what a stranger writes may not be.
  let second = Array(second.prefix(100))
  var row = Array(0...second.count)
  for (i, character) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in second.indices {
      let substituted = diagonal + (character == second[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
    }
  }
  return row[second.count]
}
