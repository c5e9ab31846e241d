/// The head of a sheet: a word on its color, the result beside it, details below.
struct Banner {
  let word: String
  let color: Color
  let headline: String
  let details: String

  /// Draws it at the top of `page`, and says how high it is.
  func elements(in page: Frame, _ theme: Theme) -> ([Drawing.Element], height: Double) {
    let font = theme.titleFont
    let badge = Frame(
      x: page.x, y: page.y, width: font.width(of: word) + 2 * theme.gap,
      height: font.height + theme.gap)
    let room = page.maxX - badge.maxX - 2 * theme.gap
    let elements: [Drawing.Element] = [
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
      .text(
        Text(
          theme.labelFont.fitting(details, into: page.width),
          at: Point(page.x, badge.maxY + theme.gap), .init(.leading, .top), font: theme.labelFont,
          color: theme.secondaryInk, role: .subtitle)),
    ]
    return (elements, badge.height + theme.labelFont.height + theme.gap)
  }
}
