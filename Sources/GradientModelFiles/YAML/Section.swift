import Backpropagation
import GzipIO

/// A map of a model file whose keys are known.
struct Section {
  /// The file as the user named it.
  let file: String
  /// Where the map stands, in dotted form: `training.optimizer`; empty for the whole file.
  let path: String
  /// The line on which it begins.
  let line: Int
  private let entries: [YAMLNode.Entry]

  /// Reads `node`, in which `keys` may stand.
  ///
  /// - Throws: An ``InputError`` if it is not a map, or for any other key.
  init(
    _ node: YAMLNode, path: String, file: String, keys: [String]
  ) throws(InputError) {
    self.file = file
    self.path = path
    line = node.line
    switch node.content {
    case .map(let entries): self.entries = entries
    case _ where node.isNull: entries = []
    default:
      let title = path.isEmpty ? "the file" : path
      throw InputError(
        file: file, line: node.line, "\(title) is \(node.written), expected keys and values")
    }
    for entry in entries where !keys.contains(entry.key) {
      let place = path.isEmpty ? "" : " in \(path)"
      throw InputError(
        file: file, line: entry.line,
        "unknown key \(entry.key.quoted)\(place)" + suggestion(for: entry.key, among: keys))
    }
  }

  /// What belongs to `key`; nil if it isn't there or has no value.
  subscript(key: String) -> YAMLNode? {
    entries.first { $0.key == key && !$0.value.isNull }?.value
  }

  /// The line of `key`, or of the section where it has none.
  func line(of key: String) -> Int { entries.first { $0.key == key }?.line ?? line }

  /// An error about `key`.
  func error(_ key: String, _ message: String) -> InputError {
    InputError(file: file, line: line(of: key), message)
  }

  /// What belongs to `key`, which must be there; `expected` says in words what it is.
  func required(_ key: String, _ expected: String) throws(InputError) -> YAMLNode {
    guard let node = self[key] else {
      let title = path.isEmpty ? "the file" : path
      throw InputError(file: file, line: line, "\(title) needs \"\(key)\", \(expected)")
    }
    return node
  }

  /// The word that belongs to `key`.
  func text(_ key: String) throws(InputError) -> String? {
    guard let node = self[key] else { return nil }
    guard let text = node.text else {
      throw error(key, "\(title(key)) is \(node.written), expected a word")
    }
    return text
  }

  /// One of several words.
  func choice<Choice>(
    _ key: String, _ choices: [(String, Choice)], default defaultChoice: Choice
  ) throws(InputError) -> Choice {
    guard let node = self[key] else { return defaultChoice }
    guard let choice = choices.first(where: { $0.0 == node.text }) else {
      let words = choices.map { $0.0.first?.isLetter == true ? $0.0 : $0.0.quoted }
        .joined(separator: ", ")
      throw error(key, "\(title(key)) is \(node.written), expected one of \(words)")
    }
    return choice.1
  }

  /// What `body` reads from the values of `keys`, its errors with their lines.
  func read<Result>(
    _ keys: String..., body: (Arguments) throws(ArgumentError) -> Result
  ) throws(InputError) -> Result {
    var values: [String: ArgumentValue] = [:]
    for entry in entries where keys.contains(entry.key) && !entry.value.isNull {
      values[entry.key] = try entry.value.value(file: file)
    }
    do { return try body(Arguments(of: path.isEmpty ? "the file" : path, values)) } catch {
      throw InputError(
        file: file, line: error.key.map { line(of: $0) } ?? line, error.message)
    }
  }

  /// The member of `catalog` that belongs to `key`.
  func member<Product>(
    _ key: String, of catalog: Catalog<Product>
  ) throws(InputError) -> Product? {
    guard let node = self[key] else { return nil }
    return try catalog.member(node, path: title(key), file: file)
  }

  /// The path of `key`.
  func title(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

extension Catalog {
  /// The member that `node`, which stands at `path`, names: `name`, `name: argument` in short, or `name: {arguments}`.
  func member(_ node: YAMLNode, path: String, file: String) throws(InputError) -> Product {
    var node = node
    if case .map(let pairs) = node.content, pairs.count == 1 {
      let id = pairs[0].key
      let entry = entries.first { $0.id == id }
      if pairs[0].value.isNull || entry == nil {
        node.content = .scalar(id, isPlain: true)
      } else if let entry, case .map = pairs[0].value.content {
        // The keys are looked at here, where their path is known.
        _ = try Section(
          pairs[0].value, path: "\(path).\(id)", file: file, keys: entry.arguments.map(\.name))
      }
    }
    let value: ArgumentValue
    switch node.content {
    case .scalar(let id, _): value = .text(String(id.unicodeScalars.prefix(40)))
    case .list, .map: value = try node.value(file: file)
    }
    do { return try member(value) } catch {
      throw InputError(
        file: file, line: error.key.flatMap { node.line(ofKey: $0) } ?? node.line, error.message)
    }
  }
}
