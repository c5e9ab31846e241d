import GzipIO

/// The text of a YAML file, edited where its content has changed: comments, order and layout stay as they are.
struct YAMLText {
  /// A place between two characters, counted from 0.
  private struct Place: Comparable {
    var line: Int, column: Int

    static func < (left: Place, right: Place) -> Bool {
      (left.line, left.column) < (right.line, right.column)
    }
  }

  /// Something that takes the place of a stretch of text.
  private struct Edit {
    var range: Range<Place>
    var text: String
  }

  /// Why a change can't be made in the text as it stands.
  private struct Unreadable: Error {}

  private var lines: [[Unicode.Scalar]]
  private let root: YAMLNode

  /// Wraps a text and what it says.
  init(_ text: String, root: YAMLNode) {
    lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Array($0) }
    self.root = root
  }

  /// The text that says what `node` does, which was made of the text's own node by changing it.
  ///
  /// Where the text can't be edited in place (scalars over several lines, unusual layouts), it is written anew, without its
  /// comments.
  func text(saying node: YAMLNode, file: String) -> String {
    if let edited = try? edited(to: node),
      let read = try? YAMLNode.parse(edited, file: file), read.saysTheSame(as: node)
    {
      return edited
    }
    return node.document
  }

  private func edited(to node: YAMLNode) throws(Unreadable) -> String {
    var edits: [Edit] = []
    try change(root, to: node, &edits)
    var lines = lines
    // From the end to the start, so that the places before stay what they are; at one place what goes makes room first,
    // then the last of what comes is put there.
    let order = edits.indices.sorted {
      let (one, other) = (edits[$0].range, edits[$1].range)
      return (one.lowerBound, one.isEmpty ? 0 : 1, $0)
        > (other.lowerBound, other.isEmpty ? 0 : 1, $1)
    }
    for index in order {
      let range = edits[index].range
      guard lines.indices.contains(range.lowerBound.line) || range.isEmpty else {
        throw Unreadable()
      }
      if range.lowerBound.line == lines.count { lines.append([]) }
      let head = lines[range.lowerBound.line].prefix(range.lowerBound.column)
      let tail =
        range.upperBound.line < lines.count
        ? lines[range.upperBound.line].dropFirst(range.upperBound.column) : []
      let text =
        String(String.UnicodeScalarView(head)) + edits[index].text
        + String(String.UnicodeScalarView(tail))
      lines.replaceSubrange(
        range.lowerBound.line...min(range.upperBound.line, lines.count - 1),
        with: text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
          .map { Array($0) })
    }
    return lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
  }
}

// MARK: - What has changed

extension YAMLText {
  /// Adds the edits that make of `old`, which stands in the text, `new`.
  private func change(
    _ old: YAMLNode, to new: YAMLNode, isItem: Bool = false, _ edits: inout [Edit]
  ) throws(Unreadable) {
    guard !old.saysTheSame(as: new) else { return }
    switch (old.content, new.content) {
    case (.map(let before), .map(let after))
    where before.map(\.key) == after.map(\.key) || !isInBrackets(old) && keepsKeys(before, after):
      try change(before, to: after, &edits)
    case (.list(let before), .list(let after)) where !isInBrackets(old) && !after.isEmpty:
      try change(before, to: after, &edits)
    default:
      edits.append(
        Edit(
          range: start(of: old)..<(try end(of: old)), text: isItem ? new.inlineItem : new.inline))
    }
  }

  private func keepsKeys(_ before: [YAMLNode.Entry], _ after: [YAMLNode.Entry]) -> Bool {
    before.contains { entry in after.contains { $0.key == entry.key } }
  }

  private func change(
    _ before: [YAMLNode.Entry], to after: [YAMLNode.Entry], _ edits: inout [Edit]
  ) throws(Unreadable) {
    for entry in before where !after.contains(where: { $0.key == entry.key }) {
      edits.append(try removal(fromLine: entry.line - 1, indent: entry.column - 1, of: entry.value))
    }
    var place: Place?
    for entry in after {
      if let old = before.first(where: { $0.key == entry.key }) {
        if !old.value.saysTheSame(as: entry.value) {
          guard !old.value.isNull else { throw Unreadable() }
          try change(old.value, to: entry.value, &edits)
        }
        place = Place(line: try end(of: old.value).line + 1, column: 0)
      } else {
        guard let place, let column = before.first?.column else { throw Unreadable() }
        let indent = String(repeating: " ", count: column - 1)
        edits.append(Edit(range: place..<place, text: "\(indent)\(entry.inline)\n"))
      }
    }
  }

  private func change(
    _ before: [YAMLNode], to after: [YAMLNode], _ edits: inout [Edit]
  ) throws(Unreadable) {
    func old(_ node: YAMLNode) -> YAMLNode? {
      before.first { $0.line == node.line && $0.column == node.column }
    }
    for node in before where !after.contains(where: { old($0)?.line == node.line }) {
      edits.append(try removal(fromLine: node.line - 1, indent: try dash(of: node), of: node))
    }
    let indent = String(repeating: " ", count: try before.first.map(dash) ?? 0)
    var place: Place?
    for node in after {
      if let old = old(node) {
        try change(old, to: node, isItem: true, &edits)
        place = Place(line: try end(of: old).line + 1, column: 0)
      } else {
        let here = place ?? before.first.map { Place(line: $0.line - 1, column: 0) }
        guard let here else { throw Unreadable() }
        edits.append(Edit(range: here..<here, text: "\(indent)- \(node.inlineItem)\n"))
      }
    }
  }

  /// The removal of whole lines, on which nothing stands before the column `indent`.
  private func removal(
    fromLine line: Int, indent: Int, of node: YAMLNode
  ) throws(Unreadable) -> Edit {
    guard lines[line].prefix(indent).allSatisfy({ $0 == " " }) else { throw Unreadable() }
    let end = try end(of: node)
    return Edit(
      range: Place(line: line, column: 0)..<Place(line: end.line + 1, column: 0), text: "")
  }
}

// MARK: - Where a node stands

extension YAMLText {
  private func start(of node: YAMLNode) -> Place {
    Place(line: node.line - 1, column: node.column - 1)
  }

  /// Whether a list or map stands in brackets; what the parser says of that is of its end.
  private func isInBrackets(_ node: YAMLNode) -> Bool {
    let start = start(of: node)
    guard lines.indices.contains(start.line), start.column >= 0 else { return false }
    let first = lines[start.line].dropFirst(start.column).first
    return first == "[" || first == "{"
  }

  /// The column of the dash before an item, which stands on the same line.
  private func dash(of node: YAMLNode) throws(Unreadable) -> Int {
    let before = lines[node.line - 1].prefix(node.column - 1)
    guard let dash = before.lastIndex(where: { $0 != " " }), before[dash] == "-",
      before[..<dash].allSatisfy({ $0 == " " })
    else { throw Unreadable() }
    return dash
  }

  /// Where a node ends.
  private func end(of node: YAMLNode) throws(Unreadable) -> Place {
    let start = start(of: node)
    guard lines.indices.contains(start.line), start.column >= 0 else { throw Unreadable() }
    let rest = lines[start.line].dropFirst(start.column)
    switch node.content {
    case .scalar(_, isPlain: false): return try endOfQuotes(from: start)
    case .scalar(let text, isPlain: true):
      guard rest.starts(with: text.unicodeScalars), !text.isEmpty else { throw Unreadable() }
      return Place(line: start.line, column: start.column + text.unicodeScalars.count)
    case .list, .map:
      if isInBrackets(node) { return try endOfBrackets(from: start) }
      guard let last = node.lastPart else { throw Unreadable() }
      return try end(of: last)
    }
  }

  private func endOfQuotes(from start: Place) throws(Unreadable) -> Place {
    let line = lines[start.line]
    guard let mark = line.dropFirst(start.column).first, mark == "\"" || mark == "'" else {
      throw Unreadable()
    }
    var column = start.column + 1
    while column < line.count {
      if line[column] == "\\", mark == "\"" {
        column += 1
      } else if line[column] == mark {
        // Within single quotation marks, two of them stand for one.
        guard mark == "'", column + 1 < line.count, line[column + 1] == mark else {
          return Place(line: start.line, column: column + 1)
        }
        column += 1
      }
      column += 1
    }
    throw Unreadable()
  }

  private func endOfBrackets(from start: Place) throws(Unreadable) -> Place {
    var depth = 0
    var place = start
    while lines.indices.contains(place.line) {
      let line = lines[place.line]
      while place.column < line.count {
        let scalar = line[place.column]
        let before = line[..<place.column].last { $0 != " " }
        switch scalar {
        case "[", "{": depth += 1
        case "]", "}": depth -= 1
        case "#" where place.column == 0 || line[place.column - 1] == " ":
          place.column = line.count
          continue
        case "\"", "'":
          if before.map({ "[{,:".unicodeScalars.contains($0) }) ?? true {
            place = try endOfQuotes(from: place)
            continue
          }
        default: break
        }
        place.column += 1
        if depth == 0 { return place }
      }
      place = Place(line: place.line + 1, column: 0)
    }
    throw Unreadable()
  }
}

extension YAMLNode {
  /// The last of the nodes in a list or map.
  fileprivate var lastPart: YAMLNode? {
    switch content {
    case .scalar: nil
    case .list(let nodes): nodes.last
    case .map(let entries): entries.last?.value
    }
  }
}
