import Backpropagation
import GzipIO

/// A part of a YAML file with the line on which it stands.
struct YAMLNode: Sendable {
  /// What it is.
  enum Content: Sendable {
    /// A single value; `isPlain` if it stands there without quotation marks.
    case scalar(String, isPlain: Bool)
    case list([YAMLNode])
    case map([Entry])
  }

  /// A key of a map, and what belongs to it.
  struct Entry: Sendable {
    var key: String
    var line: Int
    /// The column of the key, counted from 1; 0 for an entry that no file holds.
    var column = 0
    var value: YAMLNode
  }

  /// The line, counted from 1; 0 for a node that no file holds.
  var line: Int
  /// The column, counted from 1 in Unicode scalars; 0 for a node that no file holds.
  var column = 0
  /// What it is.
  var content: Content

  /// Whether nothing was written, or `null`.
  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The text as it was written, if it is a scalar.
  var text: String? {
    guard case .scalar(let text, _) = content, !isNull else { return nil }
    return text
  }

  /// What it is, for messages.
  var written: String {
    switch content {
    case .scalar(let text, _): isNull ? "empty" : text.quoted
    case .list(let nodes): "a list of \(nodes.count)"
    case .map: "a map"
    }
  }

  /// The value, with numbers and truth values told from text as YAML 1.2 does.
  ///
  /// - Throws: An ``InputError`` if some key has no value.
  func value(file: String) throws(InputError) -> ArgumentValue {
    switch content {
    case .scalar(let text, let isPlain):
      guard !isNull else { throw InputError(file: file, line: line, "a value is missing here") }
      return isPlain ? plainValue(text) : .text(text)
    case .list(let nodes):
      var values: [ArgumentValue] = []
      for node in nodes { values.append(try node.value(file: file)) }
      return .list(values)
    case .map(let entries):
      var values: [String: ArgumentValue] = [:]
      for entry in entries {
        guard !entry.value.isNull else {
          throw InputError(file: file, line: entry.line, "\(entry.key.quoted) has no value")
        }
        values[entry.key] = try entry.value.value(file: file)
      }
      return .map(values)
    }
  }

  /// The line of the first key called `key` in here, however deep.
  func line(ofKey key: String) -> Int? {
    switch content {
    case .scalar: return nil
    case .list(let nodes): return nodes.lazy.compactMap { $0.line(ofKey: key) }.first
    case .map(let entries):
      return entries.first { $0.key == key }?.line
        ?? entries.lazy.compactMap { $0.value.line(ofKey: key) }.first
    }
  }
}

/// What a scalar without quotation marks stands for.
private func plainValue(_ text: String) -> ArgumentValue {
  switch text {
  case "true", "True", "TRUE": return .boolean(true)
  case "false", "False", "FALSE": return .boolean(false)
  case ".nan", ".NaN", ".NAN": return .number(.nan)
  case ".inf", ".Inf", ".INF", "+.inf": return .number(.infinity)
  case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
  default:
    let bytes = Array(text.utf8)
    guard let number = decimalNumber(bytes.span, from: 0, to: bytes.count) else {
      return .text(text)
    }
    return Int(text).map { .integer($0) } ?? .number(number)
  }
}
