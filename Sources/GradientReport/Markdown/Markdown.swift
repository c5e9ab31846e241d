import GzipIO

/// Text from outside, made harmless for Markdown: it is shown as it is, never obeyed.
enum Markdown {
  /// Plain text: characters that Markdown, HTML or a forge would act on are escaped.
  static func text(_ text: String) -> String {
    var result = ""
    for character in text.quotable {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "@": result += "&#64;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "$", "#", "!": result += "\\\(character)"
      default: result.append(character)
      }
    }
    // A forge makes links of bare addresses.
    return result.replacing("://", with: "&#58;//").replacing("www.", with: "www&#46;")
  }

  /// A sentence about layers: plain text in which the names that stand in quotes stand as code.
  static func sentence(_ sentence: String) -> String {
    let parts = sentence.split(separator: "‘", omittingEmptySubsequences: false)
    return parts.enumerated().map { place, part in
      guard place > 0, let end = part.firstIndex(of: "’") else {
        return text((place > 0 ? "‘" : "") + part)
      }
      return code(String(part[..<end])) + text(String(part[part.index(after: end)...]))
    }.joined()
  }

  /// A name as code, in which nothing has a meaning; it may stand in a table.
  static func code(_ name: String) -> String {
    let shown = name.isEmpty ? " " : name.quotable
    var longest = 0
    var run = 0
    for character in shown {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let space = shown.hasPrefix("`") || shown.hasSuffix("`") ? " " : ""
    return fence + space + shown.replacing("|", with: "\\|") + space + fence
  }

  /// A picture with its alternative text.
  static func image(_ file: String, _ alternativeText: String) -> String {
    "![\(text(alternativeText))](\(file))"
  }

  /// A place on the page that links lead to.
  ///
  /// A name, not an id: the forges keep that of an `a`, in a table too.
  static func anchor(_ name: String) -> String { "<a name=\"\(name)\"></a>" }

  /// Markdown that leads to an anchor of the page.
  static func link(_ markdown: String, to anchor: String) -> String { "[\(markdown)](#\(anchor))" }

  /// A table; the cells are Markdown already.
  static func table(_ header: [String], _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let lines = [header, header.map { _ in "---" }] + rows
    return lines.map { "| " + $0.joined(separator: " | ") + " |" }
  }

  /// A name as a file's: letters, digits, dot, hyphen and underscore, at most 60 of them.
  static func fileName(_ name: String) -> String {
    let kept = name.unicodeScalars.prefix(60).map { scalar -> Character in
      let isSafe =
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      return isSafe || scalar == "." || scalar == "_" ? Character(scalar) : "-"
    }
    let result = String(kept)
    return result.hasPrefix(".") ? "-" + result.dropFirst() : result
  }
}
