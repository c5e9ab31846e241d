extension String {
  /// The words, each number and bar replaced by a sign: those differ from one machine to the next, and with their widths
  /// the places where lines break.
  var masked: [Substring] {
    replacing(/[0-9][0-9.,]*(e[+-]?[0-9]+)?/, with: "#").replacing(/█+/, with: "█")
      .split(whereSeparator: \.isWhitespace)
  }
}
