import Foundation
package import GradientDiagnosis
import GradientTrace
import GzipIO

/// What the layers above want of each unit of a layer: its mean δ over the windows of a run, a row a unit.
package struct UnitDeltasChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let history: UnitDeltas
  private let order: [Int]
  private let steps: Scale
  private let events: EventMarks

  /// Units whose δ differs by less than this part of its size count as alike.
  private static let alike: Float = 0.01
  /// The colors end where a unit's δ is so many times the layer's.
  private static let most = 2.0
  /// Units are sorted by this part of the run, its last.
  private static let sorted = 4

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let layers = run.unitDeltas.map(\.layer)
    let looked = (finding ?? diagnosis.root)?.layer
      .flatMap { run.graph.nearest(to: $0, among: layers, run.header) }
    guard let history = run.unitDeltas.first(where: { $0.layer == looked }) ?? run.unitDeltas.last,
      let last = history.windows.last
    else { throw NotEnoughData("no δ of single units in this trace") }
    self.history = history
    let windows = history.windows.suffix(max(1, history.windows.count / Self.sorted))
    let sums = (0..<history.units).map { unit in
      windows.reduce(0) { $0 + $1.values[unit] }
    }
    order = sums.indices.sorted { (sums[$0], $1) > (sums[$1], $0) }
    steps = Scale(
      .steps,
      Double(run.stepRange.lowerBound) - 0.5...Double(
        max(run.stepRange.lowerBound, last.steps.upperBound)) + 0.5)
    events = EventMarks(diagnosis)
    title = Self.title(run.names[history.layer], history.windows, last.values)
    subtitle = [
      "Mean δ of each unit's output in the backward pass, over the layer's RMS",
      "a row a unit", "measured at the end of each window",
    ]
    let largest = last.values.map(abs).max() ?? 0
    alternativeText =
      title
      + "; the largest δ is \(Wording.short(Double(largest))) times the layer's RMS in the last window"
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let font = theme.labelFont
    let bar = DivergingBar(most: Self.most, theme: theme)
    let axes = Axes(
      in: content, x: steps, y: Scale(.linear, 0...Double(history.units)), xCaption: "step",
      yCaption: "units", top: events.height(theme: theme),
      trailing: bar.width + 2 * theme.gap, theme: theme)
    var elements = axes.elements(grid: false)
    elements.append(.raster(raster(in: axes.plot, theme)))
    elements += events.elements(on: axes, within: content, theme: theme)
    elements += bar.elements(in: axes.plot, from: axes.plot.maxX + 2 * theme.gap)
    var items: [(Key.Swatch, String)] = [
      (.area(theme.diverging.color(at: 1)), "δ > 0: its output is to fall"),
      (.area(theme.diverging.color(at: 0)), "δ < 0: it is to rise"),
    ]
    if history.windows.contains(where: { $0.values.contains(0) }) {
      items.append((.area(theme.zero), "exactly zero"))
    }
    return elements
      + Key(items: items).elements(
        from: content.x + font.width(of: "units") + theme.gap, to: content.maxX, top: content.y,
        theme: theme)
  }
}

extension UnitDeltasChart {
  private static func title(
    _ name: String, _ windows: [UnitDeltas.Window], _ values: [Float]
  ) -> String {
    let count = values.count
    let alike = windows.prefix { areAlike($0.values) }
    if let last = alike.last?.steps.upperBound {
      return "All \(count) units of \(name) get the same δ"
        + (alike.count < windows.count ? " up to step \(last)" : ": they can't become different")
    }
    let sizes = values.map(abs).sorted(by: >)
    guard let most = sizes.first, most > 0 else { return "No unit of \(name) gets any δ" }
    let zeros = sizes.count { $0 == 0 }
    if zeros > 0 { return "\(zeros) of \(count) units of \(name) get no δ at all" }
    let half = sizes.reduce(0, +) / 2
    var sum: Float = 0
    let few = sizes.prefix { size in
      defer { sum += size }
      return sum < half
    }.count
    return "\(few.counted("unit")) of \(count) get half of all δ of \(name)"
  }

  /// Whether there are several units, and all have the same δ.
  private static func areAlike(_ values: [Float]) -> Bool {
    guard values.count > 1, let low = values.min(), let high = values.max() else { return false }
    return low != 0 && high - low < alike * max(abs(low), abs(high))
  }

  /// A row a unit, or a pixel where there are more units; each column shows the measurement that is nearest: there is one a window.
  private func raster(in plot: Frame, _ theme: Theme) -> Raster {
    let height = max(1, min(order.count, Int(plot.height)))
    let width = max(1, Int(plot.width))
    let domain = steps.domain
    var window = 0
    let windows = (0..<width).map { column in
      let step =
        domain.lowerBound
        + (Double(column) + 0.5) * (domain.upperBound - domain.lowerBound) / Double(width)
      while window + 1 < history.windows.count,
        step - Double(history.windows[window].steps.upperBound)
          > Double(history.windows[window + 1].steps.lowerBound) - step
      {
        window += 1
      }
      return window
    }
    let cells = (0..<height).flatMap { row in
      let unit = order[row * order.count / height]
      let colors = history.windows.map { color(of: $0.values[unit], theme) }
      return windows.map { colors[$0] }
    }
    return Raster(frame: plot, columns: width, cells: cells)
  }

  private func color(of value: Float, _ theme: Theme) -> Color {
    guard value != 0 else { return theme.zero }
    return theme.diverging.color(at: (Double(value) / Self.most + 1) / 2)
  }
}

/// What the colors of a map of signed numbers stand for.
private struct DivergingBar {
  /// The number at the upper end; the lower end is its opposite.
  let most: Double
  let theme: Theme

  private var ticks: [(place: Double, label: String)] {
    [(1, "+\(Wording.short(most))"), (0.5, "0"), (0, "−\(Wording.short(most))")]
  }

  var width: Double {
    theme.labelSize + theme.gap
      + (ticks.map { theme.labelFont.width(of: $0.label) }.max() ?? 0)
  }

  func elements(in plot: Frame, from x: Double) -> [Drawing.Element] {
    let frame = Frame(x: x, y: plot.y, width: theme.labelSize, height: plot.height)
    let count = max(2, Int(plot.height))
    let cells = (0..<count).map {
      theme.diverging.color(at: 1 - Double($0) / Double(count - 1))
    }
    return [.raster(Raster(frame: frame, columns: 1, cells: cells))]
      + ticks.map { tick in
        .text(
          Text(
            tick.label,
            at: Point(frame.maxX + theme.gap / 2, frame.maxY - tick.place * frame.height),
            .init(.leading, .middle), font: theme.labelFont, color: theme.secondaryInk, role: .tick)
        )
      }
  }
}
