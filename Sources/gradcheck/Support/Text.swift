import Foundation

extension String {
  /// This text with spaces up to a width.
  func padded(to width: Int) -> String {
    count >= width ? self + " " : self + String(repeating: " ", count: width - count)
  }

  /// This text broken at spaces into lines of at most `width` characters, those after the first indented.
  func wrapped(to width: Int, indent: String) -> String {
    var lines: [String] = [""]
    for word in split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n" + indent)
  }
}

extension Double {
  /// Few digits: `0.0412`, `2.31`, `1.1e-08`.
  var short: String {
    if !isFinite { return isNaN ? "NaN" : self > 0 ? "infinity" : "-infinity" }
    let size = magnitude
    if size != 0, size < 1e-3 || size >= 1e5 { return String(format: "%.1e", self) }
    return String(format: size >= 100 ? "%.0f" : size >= 1 ? "%.2f" : "%.3g", self)
  }

  /// As a percentage: `97.8 %`, which no line break parts.
  var percent: String { String(format: "%.1f\u{a0}%%", self * 100) }
}
