import GradientHealth

/// The first screen: rows of a label and a text, a verdict in color where there is one.
struct Screen {
  let output: OutputOptions
  private let terminal: Terminal

  init(_ output: OutputOptions) {
    self.output = output
    terminal = Terminal(color: output.color)
  }

  /// A row: two spaces, the label, then the text, broken to 80 columns.
  func row(_ label: String, _ text: String) {
    output.say(
      "  " + terminal.styled(label.padded(to: 11), .dim)
        + text.quotable.wrapped(to: 67, indent: String(repeating: " ", count: 13)))
  }

  /// A row whose text begins with a verdict.
  func row(_ label: String, verdict: String, _ style: Terminal.Style, _ text: String) {
    let rest = text.quotable.wrapped(to: 57, indent: String(repeating: " ", count: 23))
    output.say(
      "  " + terminal.styled(label.padded(to: 11), .dim)
        + terminal.styled(verdict.padded(to: 10), style) + rest)
  }

  /// A line as it stands, indented.
  func line(_ text: String = "") { output.say(text.isEmpty ? "" : "  " + text) }
}
