import GradientDiagnosis

/// Columns of bars beside a chart's rows, each with its figure: which share of a row's elements is of some kind.
struct ShareColumns {
  /// A share of every row.
  struct Column {
    var label: String
    var color: Color
    /// What lies behind the bars.
    var track: Color
    var shares: [Double]
  }

  let columns: [Column]
  /// Whether the figures stand beside the bars.
  let hasFigures: Bool
  let theme: Theme

  private var barWidth: Double { theme.labelSize * (theme.isCompact ? 3.5 : 6) }

  private func width(_ column: Column) -> Double {
    let font = theme.labelFont
    let figures = hasFigures ? column.shares.map { font.width(of: Self.figure($0)) }.max() ?? 0 : 0
    return max(font.width(of: column.label), barWidth + (hasFigures ? theme.gap / 2 : 0) + figures)
  }

  /// The width of all columns.
  var width: Double { columns.reduce(0) { $0 + width($1) + theme.gap } }

  private static func figure(_ share: Double) -> String {
    share > 0 ? Wording.percent(share) : ""
  }

  /// The columns, their labels above `top` and their bars standing on the rows' baselines.
  func elements(
    from start: Double, _ top: Double, _ baselines: [Double], height: Double
  ) -> [Drawing.Element] {
    let font = theme.labelFont
    let barHeight = min(max(theme.labelSize * 0.8, height * 0.3), theme.labelSize * 1.6, height)
    let middle = min(max(font.height, barHeight), height) / 2
    var x = start
    var elements: [Drawing.Element] = []
    for column in columns {
      elements.append(
        .text(
          Text(
            column.label, at: Point(x, top), .init(.leading, .bottom), font: font,
            color: theme.secondaryInk, role: .caption)))
      for (share, baseline) in zip(column.shares, baselines) {
        let bar = Frame(
          x: x, y: baseline - middle - barHeight / 2, width: barWidth, height: barHeight)
        elements.append(.rectangle(bar, column.track))
        guard share > 0 else { continue }
        var filled = bar
        filled.width = max(1, share * barWidth)
        elements.append(.rectangle(filled, column.color))
        guard hasFigures, height >= font.height else { continue }
        elements.append(
          .text(
            Text(
              Self.figure(share), at: Point(bar.maxX + theme.gap / 2, bar.midY),
              .init(.leading, .middle), font: font, color: theme.ink, role: .mark)))
      }
      x += width(column) + theme.gap
    }
    return elements
  }
}
