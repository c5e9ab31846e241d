/// What the colors of a map stand for: the ramp from bottom to top, with its decades.
struct ColorBar {
  let range: ClosedRange<Double>
  /// The values in healthy runs, marked beside the bar.
  var healthy: ClosedRange<Double>?
  let theme: Theme

  private var ticks: [Scale.Tick] {
    Scale(.exponent, range).ticks(limit: theme.tickLimit)
  }
  private var barWidth: Double { theme.labelSize }

  /// The width that bar and labels take.
  var width: Double {
    barWidth + theme.gap + (ticks.map { theme.labelFont.width(of: $0.label) }.max() ?? 0)
  }

  /// The bar beside `plot`, its left edge at `x`.
  func elements(in plot: Frame, from x: Double) -> [Drawing.Element] {
    let frame = Frame(x: x, y: plot.y, width: barWidth, height: plot.height)
    let count = max(2, Int(plot.height))
    let cells = (0..<count).map {
      theme.ramp.color(at: 1 - Double($0) / Double(count - 1))
    }
    let scale = Scale(.exponent, range)
    return [.raster(Raster(frame: frame, columns: 1, cells: cells))]
      + healthyMark(beside: frame, scale)
      + ticks.map { tick in
        .text(
          Text(
            tick.label,
            at: Point(
              frame.maxX + theme.gap / 2, frame.maxY - scale.fraction(tick.value) * frame.height),
            .init(.leading, .middle), font: theme.labelFont, color: theme.secondaryInk, role: .tick)
        )
      }
  }

  private func healthyMark(beside frame: Frame, _ scale: Scale) -> [Drawing.Element] {
    guard let healthy, healthy.overlaps(range) else { return [] }
    let shown = healthy.clamped(to: range)
    let top = frame.maxY - scale.fraction(shown.upperBound) * frame.height
    let bottom = frame.maxY - scale.fraction(shown.lowerBound) * frame.height
    let mark = Frame(
      x: frame.x - theme.gap, y: top, width: theme.gap / 2, height: bottom - top)
    return [.rectangle(mark, theme.healthyInk)]
  }
}
