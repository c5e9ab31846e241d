import Foundation
import GzipIO
import Yams

extension YAMLNode {
  /// Model files and policies are written by people: more is a mistake or an attack.
  private static let largestFile = 1 << 20
  private static let deepestNesting = 32
  /// What so few aliases can unfold to, at most 3^(16/3) times the file, takes no time.
  private static let mostAliases = 16

  /// Parses the YAML file at `path`, which holds one document without aliases or tags; nil if there is nothing in it.
  ///
  /// - Throws: An ``InputError`` with the line of what can't be parsed.
  static func parse(contentsOf path: String) throws(InputError) -> YAMLNode? {
    try parse(text(ofFile: path), file: path)
  }

  /// The text of the YAML file at `path`, without a byte order mark.
  static func text(ofFile path: String) throws(InputError) -> String {
    var bytes = try FileReader(path: path, limit: largestFile).readToEnd()
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputError(file: path, line: invalidLine(bytes), "is not UTF-8 text")
    }
    return text
  }

  /// Parses `text`, which is or will be in the file at `path`; nil if there is nothing in it.
  ///
  /// - Throws: An ``InputError`` with the line of what can't be parsed.
  static func parse(_ text: String, file path: String) throws(InputError) -> YAMLNode? {
    if let line = lineOfAlias(Array(text.utf8), after: mostAliases) {
      throw InputError(file: path, line: line, refusal)
    }
    do {
      let parser = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8)
      let root = try parser.singleRoot()
      // The parser holds the anchors, to which the nodes only have weak references.
      return try withExtendedLifetime(parser) {
        try root.map { try YAMLNode($0, file: path, line: 1, depth: 0) }
      }
    } catch let error as InputError {
      throw error
    } catch let error as YamlError {
      throw error.inputError(file: path, deepestNesting: deepestNesting)
    } catch {
      throw InputError(file: path, "is not valid YAML")
    }
  }

  private static let refusal = "YAML anchors and aliases (&name, *name) are refused"

  private init(_ node: Node, file: String, line: Int, depth: Int) throws(InputError) {
    let line = node.mark?.line ?? line
    guard depth <= Self.deepestNesting else {
      throw InputError(
        file: file, line: line, "nested deeper than the limit of \(Self.deepestNesting)")
    }
    guard node.anchor == nil else { throw InputError(file: file, line: line, Self.refusal) }
    self.line = line
    column = node.mark?.column ?? 0
    switch node {
    case .alias: throw InputError(file: file, line: line, Self.refusal)
    case .scalar(let scalar):
      guard node.tag == Tag(.str) else { throw InputError(file: file, line: line, Self.noTags) }
      content = .scalar(scalar.string, isPlain: scalar.style == .plain)
    case .sequence(let sequence):
      guard node.tag == Tag(.seq) else { throw InputError(file: file, line: line, Self.noTags) }
      var nodes: [YAMLNode] = []
      for node in sequence {
        nodes.append(try YAMLNode(node, file: file, line: line, depth: depth + 1))
      }
      content = .list(nodes)
    case .mapping(let mapping):
      guard node.tag == Tag(.map) else { throw InputError(file: file, line: line, Self.noTags) }
      var entries: [Entry] = []
      for (key, value) in mapping {
        let key = try YAMLNode(key, file: file, line: line, depth: depth + 1)
        guard case .scalar(let name, _) = key.content else {
          throw InputError(
            file: file, line: key.line, "a key is \(key.written), expected a word")
        }
        let value = try YAMLNode(value, file: file, line: key.line, depth: depth + 1)
        entries.append(Entry(key: name, line: key.line, column: key.column, value: value))
      }
      content = .map(entries)
    }
  }

  private static let noTags = "YAML tags (!name) are refused"

  /// The line of the first byte that is no UTF-8.
  private static func invalidLine(_ bytes: [UInt8]) -> Int {
    let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
    return 1
      + (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? lines.count - 1)
  }

  /// The line on which the file has had more than `limit` of what can be an alias, if it has.
  ///
  /// The parser puts a copy in place of each alias, and compares keys, so a small file can keep it busy for ever.
  /// Outside of comments (within quotation marks too) every asterisk counts that is written as an alias is.
  private static func lineOfAlias(_ bytes: [UInt8], after limit: Int) -> Int? {
    var count = 0
    let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated()
    where line.first(where: { $0 != 0x20 && $0 != 0x09 }) != UInt8(ascii: "#") {
      for place in line.indices where line[place] == UInt8(ascii: "*") {
        let before = place == line.startIndex ? 0x20 : line[place - 1]
        guard " \t\r[]{},:?-".utf8.contains(before), place + 1 < line.endIndex,
          !" \t\r".utf8.contains(line[place + 1])
        else { continue }
        count += 1
        if count > limit { return index + 1 }
      }
    }
    return nil
  }
}

extension YamlError {
  fileprivate func inputError(file: String, deepestNesting: Int) -> InputError {
    switch self {
    case .parser(_, let problem, let mark, _) where problem.contains("nesting level"):
      return InputError(
        file: file, line: mark.line, "nested deeper than the limit of \(deepestNesting)")
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let context = context.map { "\($0.text), " } ?? ""
      return InputError(file: file, line: mark.line, "is not valid YAML: \(context)\(problem)")
    case .reader(let problem, let offset, _, let yaml):
      let line = offset.map { 1 + yaml.prefix($0).count(where: \.isNewline) }
      return InputError(file: file, line: line, "is not valid YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      return InputError(
        file: file, line: context.mark.line,
        "the key \((keys.first ?? "").quoted), first given here, is given twice")
    default: return InputError(file: file, "is not valid YAML")
    }
  }
}
