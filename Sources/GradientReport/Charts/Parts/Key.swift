/// What the marks of a chart stand for: swatches with their words, in one row.
struct Key {
  /// How a mark looks.
  enum Swatch {
    case dot(Color)
    case ring(Color)
    case cross(Color)
    case area(Color)
    case line(Color, dashed: Bool)
  }

  var items: [(swatch: Swatch, label: String)]

  /// The row, its right end at `end`; words that don't fit right of `start` are left out, the last ones first.
  func elements(from start: Double, to end: Double, top: Double, theme: Theme) -> [Drawing.Element]
  {
    let font = theme.labelFont
    let swatchWidth = font.size * 1.5
    func width(_ label: String) -> Double { swatchWidth + theme.gap / 2 + font.width(of: label) }
    var shown = items
    var total: Double {
      shown.reduce(0) { $0 + width($1.label) } + 2 * theme.gap * Double(max(0, shown.count - 1))
    }
    while !shown.isEmpty, total > end - start { shown.removeLast() }
    var x = end - total
    var elements: [Drawing.Element] = []
    for item in shown {
      let swatch = Frame(x: x, y: top, width: swatchWidth, height: font.height)
      elements += mark(item.swatch, in: swatch, theme)
      elements.append(
        .text(
          Text(
            item.label, at: Point(x + swatchWidth + theme.gap / 2, top), .init(.leading, .top),
            font: font, color: theme.secondaryInk, role: .caption)))
      x += width(item.label) + 2 * theme.gap
    }
    return elements
  }

  private func mark(_ swatch: Swatch, in frame: Frame, _ theme: Theme) -> [Drawing.Element] {
    switch swatch {
    case .dot(let color):
      [.disc(center: Point(frame.midX, frame.midY), radius: theme.dotRadius, color)]
    case .ring(let color):
      .ring(at: Point(frame.midX, frame.midY), color, theme)
    case .cross(let color):
      .cross(at: Point(frame.midX, frame.midY), color, theme)
    case .area(let color):
      [.rectangle(frame.inset(leading: 2, top: 2, trailing: 2, bottom: 2), color)]
    case .line(let color, let dashed):
      [
        .line(
          Point(frame.x, frame.midY), Point(frame.maxX, frame.midY),
          Stroke(color, width: theme.lineWidth, dash: dashed ? theme.dash * 0.75 : nil))
      ]
    }
  }
}
