/// The axes of a chart: where its values lie, and the grid, ticks and captions that tell so.
package struct Axes: Sendable {
  /// The area that values are drawn in.
  package let plot: Frame
  package let x: Scale
  package let y: Scale?
  private let theme: Theme
  private let content: Frame
  private let xCaption: String
  private let yCaption: String

  /// Lays axes out in `content`.
  ///
  /// - Parameters:
  ///   - content: the area that plot, ticks and captions share.
  ///   - x: the scale from left to right.
  ///   - y: the scale from bottom to top; nil for a chart that labels its rows itself.
  ///   - xCaption: what stands below the horizontal axis.
  ///   - yCaption: what stands above the vertical axis.
  ///   - leading: the width that the chart wants for its own labels at the left.
  ///   - top: the height that the chart wants above the plot.
  ///   - trailing: the width that it wants at the right.
  ///   - theme: the sizes and colors.
  package init(
    in content: Frame, x: Scale, y: Scale?, xCaption: String, yCaption: String = "",
    leading: Double = 0, top: Double = 0, trailing: Double = 0, theme: Theme
  ) {
    let font = theme.labelFont
    let labels = y?.ticks(limit: theme.tickLimit).map { font.width(of: $0.label) } ?? []
    let caption = yCaption.isEmpty ? 0 : font.height + theme.gap
    // Half a tick's label may stand out beyond the right end of the axis.
    let overhang = x.ticks(limit: theme.tickLimit).map { font.width(of: $0.label) / 2 }.max() ?? 0
    plot = content.inset(
      leading: max(leading, (labels.max() ?? 0) + theme.gap), top: caption + top,
      trailing: max(trailing, overhang),
      bottom: (xCaption.isEmpty ? 0 : font.height + theme.gap / 2) + font.height + theme.gap)
    self.x = x
    self.y = y
    self.theme = theme
    self.content = content
    self.xCaption = xCaption
    self.yCaption = yCaption
  }

  /// The place of a pair of values.
  package func point(_ horizontal: Double, _ vertical: Double) -> Point {
    Point(placeX(horizontal), placeY(vertical))
  }

  /// The horizontal place of a value.
  package func placeX(_ value: Double) -> Double { plot.x + x.fraction(value) * plot.width }

  /// The vertical place of a value.
  package func placeY(_ value: Double) -> Double {
    plot.maxY - (y?.fraction(value) ?? 0) * plot.height
  }

  /// Grid lines, tick labels and captions; `namesX` is false for a chart that labels its columns itself.
  package func elements(namesX: Bool = true, grid: Bool = true) -> [Drawing.Element] {
    var elements: [Drawing.Element] = []
    let font = theme.labelFont
    let hairline = Stroke(theme.grid, width: theme.hairline)
    func label(_ string: String, _ point: Point, _ anchor: Text.Anchor, _ role: Text.Role) {
      elements.append(
        .text(Text(string, at: point, anchor, font: font, color: theme.secondaryInk, role: role)))
    }
    for tick in y?.ticks(limit: theme.tickLimit) ?? [] {
      let height = placeY(tick.value)
      if grid {
        elements.append(.line(Point(plot.x, height), Point(plot.maxX, height), hairline))
      }
      label(tick.label, Point(plot.x - theme.gap, height), .init(.trailing, .middle), .tick)
    }
    elements.append(
      .line(
        Point(plot.x, plot.maxY), Point(plot.maxX, plot.maxY),
        Stroke(theme.axis, width: theme.hairline)))
    if namesX {
      for tick in x.ticks(limit: theme.tickLimit) {
        let place = placeX(tick.value)
        elements.append(
          .line(
            Point(place, plot.maxY), Point(place, plot.maxY + theme.gap / 2),
            Stroke(theme.axis, width: theme.hairline)))
        label(tick.label, Point(place, plot.maxY + theme.gap), .init(.center, .top), .tick)
      }
    }
    if !xCaption.isEmpty {
      let point = Point(plot.midX, plot.maxY + 1.5 * theme.gap + font.height)
      label(xCaption, point, .init(.center, .top), .caption)
    }
    if !yCaption.isEmpty {
      label(yCaption, Point(content.x, content.y), .init(.leading, .top), .caption)
    }
    return elements
  }
}
