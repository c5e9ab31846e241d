import Foundation

/// The Markdown of our own pages as HTML: headings, paragraphs, tables, lists, pictures; strong text, code, and links within
/// the page.
///
/// So a report says the same in both forms. Whatever isn't known to be markup is text, and is escaped as such.
struct RenderedMarkdown {
  /// Each picture, by the name of its file.
  var pictures: [String: ThemedPicture]

  /// One block of Markdown as HTML.
  func html(_ block: String) -> String {
    if let heading = block.wholeMatch(of: /(#{1,6}) (.*)/) {
      let tag = "h\(heading.output.1.count)"
      return "<\(tag)>\(inline(heading.output.2))</\(tag)>"
    }
    if let picture = block.wholeMatch(of: /!\[(.*)\]\(([^()]*)\)/) {
      return figure(String(picture.output.2), text: picture.output.1)
    }
    let lines = block.split(separator: "\n")
    if lines.allSatisfy({ $0.hasPrefix("| ") }) { return table(lines) }
    if lines.allSatisfy({ $0.hasPrefix("- ") }) {
      return list("ul", lines.map { $0.dropFirst(2) })
    }
    let numbered = lines.compactMap { $0.wholeMatch(of: /[0-9]+\. (.*)/)?.output.1 }
    if numbered.count == lines.count { return list("ol", numbered) }
    return "<p>\(lines.map(inline).joined(separator: "<br>"))</p>"
  }

  private func figure(_ file: String, text: Substring) -> String {
    pictures[file]?.html(text: inline(text)) ?? "<p>\(inline(text))</p>"
  }

  private func list(_ tag: String, _ items: [Substring]) -> String {
    "<\(tag)>\(items.map { "<li>\(inline($0))</li>" }.joined())</\(tag)>"
  }

  private func table(_ lines: [Substring]) -> String {
    func row(_ line: Substring, _ tag: String) -> String {
      "<tr>\(cells(line).map { "<\(tag)>\(inline($0))</\(tag)>" }.joined())</tr>"
    }
    // The second line only parts the header from the rest.
    let body = lines.dropFirst(2).map { row($0, "td") }.joined(separator: "\n")
    let header = lines.first.map { row($0, "th") } ?? ""
    return
      "<div class=\"table\"><table><thead>\(header)</thead><tbody>\(body)</tbody></table></div>"
  }

  /// The cells of a table's row; an escaped `|` parts none.
  private func cells(_ line: Substring) -> [Substring] {
    var cells: [Substring] = []
    var rest = line.dropFirst()
    while let cell = rest.prefixMatch(of: /((?:\\.|[^|\\])*)\|/) {
      cells.append(Substring(cell.output.1.trimmingCharacters(in: .whitespaces)))
      rest = rest[cell.range.upperBound...]
    }
    return cells
  }

  /// The text of a line: what is escaped in Markdown as itself, the rest escaped for HTML.
  private func inline(_ text: Substring) -> String {
    var result = ""
    var isStrong = false
    var rest = text
    while let character = rest.first {
      var taken = 1
      if character == "\\", let next = rest.dropFirst().first {
        result += HTML.text(String(next))
        taken = 2
      } else if let entity = rest.prefixMatch(of: /&(amp|lt|gt|#[0-9]{1,4});/) {
        result += Self.character(entity.output.1)
        taken = entity.output.0.count
      } else if let anchor = rest.prefixMatch(of: /<a name="([a-z]+-[0-9]+)"><\/a>/) {
        result += "<a id=\"\(anchor.output.1)\"></a>"
        taken = anchor.output.0.count
      } else if let link = link(at: rest) {
        result += "<a href=\"#\(link.anchor)\">\(inline(link.text))</a>"
        taken = link.length
      } else if rest.hasPrefix("**") {
        result += isStrong ? "</strong>" : "<strong>"
        isStrong.toggle()
        taken = 2
      } else if let code = code(at: rest) {
        result += "<code>\(HTML.text(code.text))</code>"
        taken = code.length
      } else {
        result += HTML.text(String(character))
      }
      rest = rest.dropFirst(taken)
    }
    return result + (isStrong ? "</strong>" : "")
  }

  /// The character that an entity stands for, as HTML.
  private static func character(_ entity: Substring) -> String {
    guard let code = UInt32(entity.dropFirst()), let scalar = Unicode.Scalar(code) else {
      return "&\(entity);"
    }
    return HTML.text(String(scalar))
  }

  /// The link within the page that begins here, and how many characters it takes.
  private func link(
    at text: Substring
  ) -> (text: Substring, anchor: Substring, length: Int)? {
    guard text.hasPrefix("[") else { return nil }
    var rest = text.dropFirst()
    while let character = rest.first, character != "]" {
      let length = character == "\\" ? 2 : character == "`" ? code(at: rest)?.length ?? 1 : 1
      rest = rest.dropFirst(length)
    }
    guard let target = rest.prefixMatch(of: /\]\(#([a-z]+-[0-9]+)\)/) else { return nil }
    let words = text.dropFirst().prefix(upTo: rest.startIndex)
    let end = target.range.upperBound
    return (words, target.output.1, text.distance(from: text.startIndex, to: end))
  }

  /// The code that begins here, between two runs of as many backticks, and how many characters that takes.
  private func code(at text: Substring) -> (text: String, length: Int)? {
    let fence = text.prefix { $0 == "`" }
    guard !fence.isEmpty else { return nil }
    var end = fence.endIndex
    while let start = text[end...].firstIndex(of: "`") {
      let run = text[start...].prefix { $0 == "`" }
      end = run.endIndex
      guard run.count == fence.count else { continue }
      var code = text[fence.endIndex..<start]
      if code.hasPrefix(" "), code.hasSuffix(" "), code.contains(where: { $0 != " " }) {
        code = code.dropFirst().dropLast()
      }
      return (
        String(code).replacing("\\|", with: "|"), text.distance(from: text.startIndex, to: end)
      )
    }
    return nil
  }
}
