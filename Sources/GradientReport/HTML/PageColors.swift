/// The colors of a theme as custom properties of a style sheet, one a color that pages use.
struct PageColors {
  var theme: Theme

  /// `--ink: #1A1A1A;` and so on.
  var declarations: String {
    let named: [(String, Color)] = [
      ("background", theme.background), ("ink", theme.ink), ("secondary", theme.secondaryInk),
      ("grid", theme.grid), ("axis", theme.axis), ("absent", theme.absent),
      ("accent", theme.accent), ("accent-ink", theme.accentInk), ("data", theme.data),
      ("faint-data", theme.faintData), ("healthy", theme.healthy),
      ("healthy-ink", theme.healthyInk), ("zero", theme.zero), ("non-finite", theme.nonFinite),
      ("verdict-healthy", theme.healthyVerdict), ("verdict-warning", theme.warningVerdict),
      ("verdict-error", theme.errorVerdict), ("verdict-inconclusive", theme.inconclusiveVerdict),
    ]
    let ramp = theme.ramp.stops.map(\.hexadecimal).joined(separator: ", ")
    return (named.map { "--\($0): \($1.hexadecimal);" } + ["--ramp: \(ramp);"])
      .joined(separator: " ")
  }

  /// The rules that give a page the light colors, the dark ones on a screen that asks for them, and the light ones to
  /// what is printed.
  static var rules: String {
    let light = PageColors(theme: .standard).declarations
    let dark = PageColors(theme: .dark).declarations
    return """
      :root { \(light) }
      @media screen and (prefers-color-scheme: dark) { :root { \(dark) } }
      :root.printed { color-scheme: light; \(light) }

      """
  }
}
