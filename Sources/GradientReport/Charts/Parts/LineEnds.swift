/// The words at the right end of lines, each led to by a hairline where it had to give way to another.
struct LineEnds {
  private var ends: [End] = []

  private struct End {
    var label: String
    var value: Double
    var stroke: Stroke
    /// Where the line ends before the plot does.
    var step: Double?
    var isAccented: Bool
  }

  /// Adds the word for a line that ends at `value`, at the end of the plot or at `step`.
  mutating func add(
    _ label: String, at value: Double, _ stroke: Stroke, endingAt step: Double? = nil,
    isAccented: Bool = false
  ) {
    ends.append(
      End(label: label, value: value, stroke: stroke, step: step, isAccented: isAccented))
  }

  /// The width that the words take beside the plot.
  func width(_ theme: Theme) -> Double {
    guard !ends.isEmpty else { return 0 }
    return Self.lead(theme) + (ends.map { theme.labelFont.width(of: $0.label) }.max() ?? 0)
      + theme.gap / 2
  }

  /// The words, each at the height of its line's end or as near as the others let it.
  func elements(on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    let heights = ends.map { min(max(axes.placeY($0.value), axes.plot.y), axes.plot.maxY) }
    // Words that touch do not overlap, however their places are rounded.
    let places = spread(
      heights, apart: theme.labelFont.height + theme.hairline / 2,
      within: axes.plot.y...axes.plot.maxY)
    let start = axes.plot.maxX + Self.lead(theme)
    return ends.indices.flatMap { index -> [Drawing.Element] in
      lead(to: ends[index], heights[index], on: axes, theme) + [
        .line(
          Point(axes.plot.maxX, heights[index]), Point(start - theme.gap / 2, places[index]),
          ends[index].stroke),
        .text(
          Text(
            ends[index].label, at: Point(start, places[index]), .init(.leading, .middle),
            font: theme.labelFont, color: ends[index].isAccented ? theme.accentInk : theme.ink,
            role: .mark)),
      ]
    }
  }

  /// The way from where a line has ended to its word, dotted.
  private func lead(
    to end: End, _ height: Double, on axes: Axes, _ theme: Theme
  ) -> [Drawing.Element] {
    guard let step = end.step else { return [] }
    let start = axes.placeX(step) + theme.dotRadius
    guard start < axes.plot.maxX - 2 * theme.dash else { return [] }
    var stroke = end.stroke
    stroke.dash = theme.dash / 3
    return [.line(Point(start, height), Point(axes.plot.maxX, height), stroke)]
  }

  private static func lead(_ theme: Theme) -> Double { 3 * theme.gap }
}
