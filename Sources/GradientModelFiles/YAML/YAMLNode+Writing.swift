import Backpropagation

extension YAMLNode {
  /// A node that no file holds yet.
  init(_ content: Content) {
    self.init(line: 0, content: content)
  }

  /// A word or a number as a node.
  init(plain text: String) { self.init(.scalar(text, isPlain: true)) }

  /// A value as it would be written; the keys of a map in alphabetical order.
  init(_ value: ArgumentValue) {
    switch value {
    case .boolean(let flag): self.init(plain: "\(flag)")
    case .integer(let number): self.init(plain: "\(number)")
    case .number(let number): self.init(plain: Self.written(number))
    case .text(let text): self.init(.scalar(text, isPlain: Self.isWord(text)))
    case .list(let values): self.init(.list(values.map { YAMLNode($0) }))
    case .map(let values):
      self.init(
        .map(values.sorted { $0.key < $1.key }.map { Entry($0.key, YAMLNode($0.value)) }))
    }
  }

  /// Whether two nodes say the same, wherever they stand.
  func saysTheSame(as other: YAMLNode) -> Bool {
    switch (content, other.content) {
    case (.scalar(let text, let isPlain), .scalar(let otherText, let otherIsPlain)):
      text == otherText && isPlain == otherIsPlain
    case (.list(let nodes), .list(let others)):
      nodes.count == others.count && zip(nodes, others).allSatisfy { $0.saysTheSame(as: $1) }
    case (.map(let entries), .map(let others)):
      entries.count == others.count
        && zip(entries, others).allSatisfy {
          $0.key == $1.key && $0.value.saysTheSame(as: $1.value)
        }
    default: false
    }
  }

  /// The node on one line, as it may stand anywhere.
  var inline: String {
    switch content {
    case .scalar(let text, let isPlain):
      isPlain && (isNull || Self.isSafe(text)) ? text : Self.quoted(text)
    case .list(let nodes): "[" + nodes.map(\.inline).joined(separator: ", ") + "]"
    case .map(let entries): "{" + entries.map(\.inline).joined(separator: ", ") + "}"
    }
  }

  /// The node on one line, as it stands behind the dash of a list: one pair goes without braces.
  var inlineItem: String {
    if case .map(let entries) = content, entries.count == 1 { return entries[0].inline }
    return inline
  }

  /// The whole file: its sections and their keys on lines of their own, a list of maps an item a line.
  var document: String {
    guard case .map(let sections) = content else { return inline + "\n" }
    return sections.map { section in
      guard case .map(let entries) = section.value.content else { return section.inline + "\n" }
      return YAMLNode.key(section.key) + ":\n" + entries.map(\.lines).joined()
    }.joined()
  }

  /// A key as it may stand anywhere.
  static func key(_ key: String) -> String { isSafe(key) ? key : quoted(key) }

  /// A number with as many digits as it takes to read it again, a whole one without a fraction.
  private static func written(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e9 ? "\(Int(number))" : "\(number)"
  }

  /// Whether a text without quotation marks is read as this text, and not as a number or a truth value.
  private static func isWord(_ text: String) -> Bool {
    let node = YAMLNode(plain: text)
    guard isSafe(text), !node.isNull, let value = try? node.value(file: "") else { return false }
    return value == .text(text)
  }

  /// Whether a text may go without quotation marks, in brackets too.
  private static func isSafe(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    let letters = "._-+/"
    func isSimple(_ scalar: Unicode.Scalar) -> Bool {
      scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || letters.unicodeScalars.contains(scalar)
    }
    let isNumber = first == "-" && text.unicodeScalars.dropFirst().first.map(isSimple) == true
    return text.unicodeScalars.allSatisfy(isSimple) && (first != "-" || isNumber)
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension YAMLNode.Entry {
  /// An entry that no file holds yet.
  init(_ key: String, _ value: YAMLNode) { self.init(key: key, line: 0, value: value) }

  /// The pair on one line.
  var inline: String { "\(YAMLNode.key(key)): \(value.inline)" }

  /// The pair as lines of a section.
  fileprivate var lines: String {
    guard case .list(let items) = value.content,
      items.contains(where: { if case .map = $0.content { true } else { false } })
    else { return "  \(inline)\n" }
    return "  \(YAMLNode.key(key)):\n" + items.map { "    - \($0.inlineItem)\n" }.joined()
  }
}
