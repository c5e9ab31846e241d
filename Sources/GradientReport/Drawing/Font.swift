/// A size and weight of DejaVu Sans, with what is needed to lay text out without the font itself.
package struct Font: Sendable, Equatable {
  /// The size of an em, in pixels.
  package var size: Double
  package var isBold: Bool

  package init(_ size: Double, bold: Bool = false) {
    self.size = size
    isBold = bold
  }

  /// The distance from the top of a line's box to its baseline.
  package var ascent: Double { size * 0.93 }
  /// The height of a line's box: from the tallest letter to the deepest.
  package var height: Double { size * 1.17 }

  /// The width of `text`; hinting moves a line's real end by less than 1 %, which is added.
  package func width(of text: String) -> Double {
    let widths = isBold ? Self.boldWidths : Self.regularWidths
    var units = 0
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x20...0x7E: units += widths[Int(scalar.value) - 0x20]
      case 0x0300...0x036F: continue  // combining marks
      case 0xA0...0x058F: units += isBold ? 1700 : 1500
      default: units += Self.unitsPerEm
      }
    }
    return Double(units) / Double(Self.unitsPerEm) * size * 1.01
  }

  /// `text`, its end replaced by an ellipsis where it is wider than `width`.
  package func fitting(_ text: String, into width: Double) -> String {
    guard self.width(of: text) > width else { return text }
    var kept = text
    while !kept.isEmpty, self.width(of: kept + "…") > width { kept.removeLast() }
    return kept.isEmpty ? "" : kept + "…"
  }

  /// `text`, whole words at its end replaced by an ellipsis where it is wider than `width`.
  package func fitting(words text: String, into width: Double) -> String {
    guard self.width(of: text) > width else { return text }
    var words = text.split(separator: " ")
    while words.count > 1 {
      words.removeLast()
      let shown = words.joined(separator: " ").trimmingSuffix(in: ",;:") + " …"
      if self.width(of: shown) <= width { return shown }
    }
    return fitting(text, into: width)
  }

  /// `name`, its middle replaced by an ellipsis where it is wider than `width`: both ends of a layer's name tell it apart.
  package func fitting(name: String, into width: Double) -> String {
    guard self.width(of: name) > width else { return name }
    var head = Array(name.prefix(200)), tail: [Character] = []
    tail = Array(head.suffix(head.count / 2))
    head.removeLast(tail.count)
    if name.count > 200 { tail = Array(name.suffix(100)) }
    while !head.isEmpty || !tail.isEmpty {
      if head.count > tail.count { head.removeLast() } else { tail.removeFirst() }
      let shown = String(head) + "…" + String(tail)
      if self.width(of: shown) <= width { return shown }
    }
    return ""
  }

  /// `text` broken into lines no wider than `width`, at most `limit` of them.
  package func lines(of text: String, width: Double, limit: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if line.isEmpty || self.width(of: longer) <= width || lines.count == limit - 1 {
        line = longer
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { fitting($0, into: width) }
  }

  private static let unitsPerEm = 2048

  /// Advance widths of the characters from U+0020 to U+007E in DejaVu Sans 2.37, in 1/2048 em.
  private static let regularWidths = [
    651, 821, 942, 1716, 1303, 1946, 1597, 563, 799, 799, 1024, 1716, 651, 739, 651, 690, 1303,
    1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 690, 690, 1716, 1716, 1716, 1087, 2048,
    1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540, 604, 604, 1343, 1141, 1767, 1532, 1612, 1235,
    1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799, 690, 799, 1716, 1024, 1024,
    1255, 1300, 1126, 1300, 1260, 721, 1300, 1298, 569, 569, 1186, 569, 1995, 1298, 1253, 1300,
    1300, 842, 1067, 803, 1298, 1212, 1675, 1212, 1212, 1075, 1303, 690, 1303, 1716,
  ]

  /// The same in DejaVu Sans Bold.
  private static let boldWidths = [
    713, 934, 1067, 1716, 1425, 2052, 1786, 627, 936, 936, 1071, 1716, 778, 850, 778, 748, 1425,
    1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 819, 819, 1716, 1716, 1716, 1188, 2048,
    1585, 1561, 1503, 1700, 1399, 1399, 1681, 1714, 762, 762, 1587, 1305, 2038, 1714, 1741, 1501,
    1741, 1577, 1475, 1397, 1663, 1585, 2259, 1579, 1483, 1485, 936, 748, 936, 1716, 1024, 1024,
    1382, 1466, 1214, 1466, 1389, 891, 1466, 1458, 702, 702, 1362, 702, 2134, 1458, 1407, 1466,
    1466, 1010, 1219, 979, 1458, 1335, 1892, 1321, 1335, 1192, 1458, 748, 1458, 1716,
  ]
}

extension String {
  /// The text without those of `characters` that it ends with.
  fileprivate func trimmingSuffix(in characters: String) -> String {
    var kept = self
    while let last = kept.last, characters.contains(last) { kept.removeLast() }
    return kept
  }
}
