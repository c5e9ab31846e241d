import Foundation

/// A quantity as colors: a row a layer, in order of depth with the input at the top; steps from left to right.
struct StepMap: Sendable {
  let names: [String]
  let rows: [Series]
  private let accented: Set<Int>
  private let columns: StepColumns
  private let steps: Scale
  private let firstStep: Int
  private let stepCount: Int
  private let stepCaption: String
  /// The values in healthy runs, where the map is about a figure of its own.
  private let healthy: (range: ClosedRange<Double>, label: String)?
  private let events: EventMarks

  /// An extreme is shown in place of a column's mean if it is further away than this, in decades.
  private static let spike = 1.0
  /// The colors span at least so many decades, so that a healthy run looks as even as it is.
  static let leastDecades = 3.0

  /// A map of `rows`, whose values are decimal logarithms.
  init(
    _ run: RunDigest, _ rows: [Series], names: [String], accented: Set<Int>, events: EventMarks,
    healthy: (range: ClosedRange<Double>, label: String)? = nil
  ) {
    self.names = names
    self.rows = rows
    self.accented = accented
    self.events = events
    self.healthy = healthy
    columns = run.columns
    steps = run.stepScale
    firstStep = run.shownSteps.lowerBound
    stepCount = run.shownSteps.count
    stepCaption = run.stepCaption
  }

  func elements(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let font = theme.labelFont
    let rowNames = RowNames(names: names, accented: accented, theme: theme)
    let range = valueRange
    let key = key(theme)
    // Where nothing has a color, there is none to explain.
    let hasColors = rows.contains { $0.bins.contains { $0.count > 0 } }
    let bar = hasColors ? ColorBar(range: range, healthy: healthy?.range, theme: theme) : nil
    let axes = Axes(
      in: content.inset(top: key.items.isEmpty ? 0 : font.height + theme.gap), x: steps, y: nil,
      xCaption: stepCaption,
      leading: rowNames.width + theme.gap, top: events.height(theme: theme),
      trailing: (bar?.width ?? 0) + 2 * theme.gap, theme: theme)
    var elements: [Drawing.Element] = [.raster(raster(in: axes.plot, range, theme))]
    elements += axes.elements(grid: false)
    let height = axes.plot.height / Double(names.count)
    elements += rowNames.elements(
      at: names.indices.map { axes.plot.y + (Double($0) + 0.5) * height },
      end: axes.plot.x - theme.gap)
    elements += events.elements(on: axes, within: content, theme: theme)
    elements += bar?.elements(in: axes.plot, from: axes.plot.maxX + 2 * theme.gap) ?? []
    return elements
      + key.elements(from: content.x, to: content.maxX, top: content.y, theme: theme)
  }
}

extension StepMap {
  /// The decades that the colors span.
  private var valueRange: ClosedRange<Double> {
    let bins = rows.flatMap(\.bins).filter { $0.count > 0 }
    let low = bins.map(\.low).min() ?? -1
    let high = bins.map(\.high).max() ?? 0
    let middle = (low + high) / 2
    let half = max(high - low, Self.leastDecades) / 2
    return middle - half...middle + half
  }

  /// A cell a pixel of the plot's width, or a step where there are fewer.
  private func raster(in plot: Frame, _ range: ClosedRange<Double>, _ theme: Theme) -> Raster {
    let width = max(1, min(stepCount, Int(plot.width)))
    let first = Double(firstStep)
    let colors = rows.map { series in
      series.bins.map { color(of: $0, range, theme) }
    }
    let spans = (0..<width).map { column in
      let low = first + Double(column) * Double(stepCount) / Double(width)
      let high = first + Double(column + 1) * Double(stepCount) / Double(width) - 1e-9
      let start = columns.column(of: low) ?? 0
      return start...max(start, columns.column(of: high) ?? start)
    }
    var cells: [Color] = []
    cells.reserveCapacity(rows.count * width)
    for row in rows.indices {
      for span in spans {
        // Where several columns share a pixel, a zero or a non-finite value shows before any other.
        let worst =
          span.first { rows[row].bins[$0].nonFinite > 0 }
          ?? span.first { rows[row].bins[$0].zeros > 0 }
        cells.append(colors[row][worst ?? span.lowerBound])
      }
    }
    return Raster(frame: plot, columns: width, cells: cells)
  }

  private func color(
    of bin: Series.Bin, _ range: ClosedRange<Double>, _ theme: Theme
  ) -> Color {
    if bin.nonFinite > 0 { return theme.nonFinite }
    if bin.zeros > 0 { return theme.zero }
    guard let value = bin.representative(distance: Self.spike) else { return theme.absent }
    return theme.ramp.color(
      at: (value - range.lowerBound) / (range.upperBound - range.lowerBound))
  }

  private func key(_ theme: Theme) -> Key {
    var items: [(Key.Swatch, String)] = []
    if let healthy { items.append((.area(theme.healthyInk), healthy.label)) }
    if rows.contains(where: { $0.bins.contains { $0.nonFinite > 0 } }) {
      items.append((.area(theme.nonFinite), "NaN or infinite"))
    }
    if rows.contains(where: { $0.bins.contains { $0.zeros > 0 } }) {
      items.append((.area(theme.zero), "exactly zero"))
    }
    return Key(items: items)
  }
}
