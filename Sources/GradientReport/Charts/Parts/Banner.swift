/// The head of a sheet: a word on its color, the result beside it, details below where there are any.
struct Banner {
  let word: String
  let color: Color
  let headline: String
  var details = ""
  /// The width that is left free at the right.
  var reserved = 0.0

  /// Draws it at the top of `page`, and says how high it is.
  func elements(in page: Frame, _ theme: Theme) -> ([Drawing.Element], height: Double) {
    let font = theme.titleFont
    let badge = Frame(
      x: page.x, y: page.y, width: font.width(of: word) + 2 * theme.gap,
      height: font.height + theme.gap)
    let room = page.maxX - reserved - badge.maxX - 2 * theme.gap
    var elements: [Drawing.Element] = [
      .rectangle(badge, color),
      .text(
        Text(
          word, at: Point(badge.midX, badge.midY), .init(.center, .middle), font: font,
          color: theme.background, role: .title)),
      .text(
        Text(
          font.fitting(headline, into: room),
          at: Point(badge.maxX + 1.5 * theme.gap, badge.midY), .init(.leading, .middle),
          font: font, color: theme.ink, role: .title)),
    ]
    guard !details.isEmpty else { return (elements, badge.height) }
    elements.append(
      .text(
        Text(
          theme.labelFont.fitting(details, into: page.width),
          at: Point(page.x, badge.maxY + theme.gap), .init(.leading, .top), font: theme.labelFont,
          color: theme.secondaryInk, role: .subtitle)))
    return (elements, badge.height + theme.labelFont.height + theme.gap)
  }
}
