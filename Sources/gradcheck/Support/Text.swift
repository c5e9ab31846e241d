import GradientHealth

extension String {
  /// This text with spaces up to a width.
  func padded(to width: Int) -> String {
    count >= width ? self + " " : self + String(repeating: " ", count: width - count)
  }

  /// This text broken at spaces into lines of at most `width` characters, those after the first indented.
  func wrapped(to width: Int, indent: String) -> String {
    Wording.lines(of: self, width: width).joined(separator: "\n" + indent)
  }
}
