/// A pattern of layer names, in which `*` stands for any characters and `?` for one.
public struct NamePattern: Sendable, Equatable, CustomStringConvertible {
  /// The pattern as it was written.
  public let text: String

  /// Creates a pattern from its text.
  public init(_ text: String) { self.text = text }

  public var description: String { text }

  /// Whether the whole of `name` fits the pattern.
  public func matches(_ name: String) -> Bool {
    let pattern = Array(text)
    let name = Array(name)
    var p = 0
    var n = 0
    // Where the last star stood and what it has swallowed, to come back to when the rest does not fit.
    var star: (pattern: Int, name: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, n)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == name[n] {
        p += 1
        n += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        p = last.pattern + 1
        n = last.name + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
