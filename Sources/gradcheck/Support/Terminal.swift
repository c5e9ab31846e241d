import Foundation

/// What may be written where: color only on a terminal and never with NO_COLOR.
struct Terminal {
  /// When to color.
  enum Color: String, CaseIterable { case auto, always, never }

  /// The styles that a screen uses.
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case good = "32"
    case bad = "31"
    case warning = "33"
  }

  private let isColored: Bool

  init(color: Color) {
    switch color {
    case .always: isColored = true
    case .never: isColored = false
    case .auto:
      isColored =
        isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    }
  }

  /// `text` in a style, where this terminal has styles.
  func styled(_ text: String, _ style: Style) -> String {
    isColored ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
  }
}

/// Writes a line to stderr.
func complain(_ message: String) {
  FileHandle.standardError.write(Data("gradcheck: \(message)\n".utf8))
}
