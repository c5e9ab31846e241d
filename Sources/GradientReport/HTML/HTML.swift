import GzipIO

/// Text from outside, made harmless for a page: it is shown as it is, never obeyed.
package enum HTML {
  /// Text between tags or in a quoted attribute, of a page or of a picture in SVG.
  ///
  /// What XML can't hold is a replacement character.
  package static func text(_ text: String) -> String {
    var result = ""
    for scalar in text.quotable.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// JSON for a `<script>` element of data: nothing in it ends the element or opens a comment, and it means the same.
  ///
  /// In JSON these characters stand in strings only.
  package static func json(_ json: String) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(json.utf8.count)
    for byte in json.utf8 {
      switch byte {
      case UInt8(ascii: "<"): result += "\\u003c".utf8
      case UInt8(ascii: ">"): result += "\\u003e".utf8
      case UInt8(ascii: "&"): result += "\\u0026".utf8
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
