import Foundation
package import GradientDiagnosis
import GradientTrace

/// When each unit of a layer was active: a row a unit, sorted by the step at which it died.
package struct DeadUnitChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let history: UnitHistory
  private let order: [Int]
  private let steps: Scale
  private let events: EventMarks

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let named = run.units.first { run.header.layers[$0.layer].name == finding?.layer }
    let worst = run.units.max {
      $0.finalDeadShare - $0.baseline.share < $1.finalDeadShare - $1.baseline.share
    }
    guard let history = named ?? worst, let first = history.windows.first,
      let last = history.windows.last
    else { throw NotEnoughData("no per-unit counts of a layer with a zero branch in this trace") }
    self.history = history
    let deaths = (0..<history.units).map { history.deathStep(of: $0) ?? .max }
    // The units that live longest stand at the top.
    order = (0..<history.units).sorted { (deaths[$0], $0) > (deaths[$1], $1) }
    steps = Scale(.steps, Double(first.firstStep) - 0.5...Double(last.lastStep) + 0.5)
    events = EventMarks(diagnosis)
    let dead = deaths.count { $0 != .max }
    let name = run.names[history.layer]
    let baseline = history.baseline
    let expected = Int((baseline.share * Double(history.units)).rounded())
    let chance =
      baseline.isMeasured
      ? "chance explains \(expected)"
      : "\(expected) were silent in the first window"
    title =
      dead == 0
      ? "No unit of \(name) is dead at step \(last.lastStep)"
      : "\(dead) of \(history.units) units of \(name) are dead at step "
        + "\(last.lastStep); \(chance)"
    subtitle = [
      "Activity of each unit's output in the forward pass",
      "a row a unit, the dead ones at the bottom in the order of their death",
    ]
    let early = deaths.filter { $0 != .max }.sorted()
    alternativeText =
      title
      + (early.isEmpty
        ? "" : "; half of them are dead from step \(early[(early.count - 1) / 2]) on")
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let font = theme.labelFont
    let barWidth = theme.labelSize * 1.5
    let labels = shareLabels
    let labelWidth = labels.map { font.width(of: $0.label) }.max() ?? 0
    let axes = Axes(
      in: content, x: steps, y: Scale(.linear, 0...Double(history.units)), xCaption: "step",
      yCaption: "units", top: events.height(theme: theme),
      trailing: barWidth + labelWidth + 3 * theme.gap, theme: theme)
    var elements = axes.elements(grid: false)
    elements.append(.raster(raster(in: axes.plot, theme)))
    elements += events.elements(on: axes, within: content, theme: theme)
    elements += shareBar(
      labels,
      in: Frame(
        x: axes.plot.maxX + 1.5 * theme.gap, y: axes.plot.y, width: barWidth,
        height: axes.plot.height), theme)
    let key = Key(items: [
      (.area(theme.alive), "active"), (.area(theme.rare), "active in under 1 % of examples"),
      (.area(theme.dead), "silent"),
    ])
    let left = content.x + font.width(of: "units") + theme.gap
    return elements + key.elements(from: left, to: content.maxX, top: content.y, theme: theme)
  }
}

extension DeadUnitChart {
  /// A row a unit and a column a window, or a cell a pixel where there are more units than that.
  private func raster(in plot: Frame, _ theme: Theme) -> Raster {
    let windows = history.windows
    let first = Double(windows[0].firstStep)
    let last = Double(windows[windows.count - 1].lastStep)
    let width = max(1, min(Int(plot.width), Int(last - first) + 1))
    var window = 0
    let columns = (0..<width).map { column in
      let step = first + (Double(column) + 0.5) * (last - first + 1) / Double(width)
      while window + 1 < windows.count, Double(windows[window].lastStep + 1) <= step { window += 1 }
      return (step: Int(step), window: window)
    }
    let height = min(order.count, Int(plot.height))
    var cells: [Color] = []
    cells.reserveCapacity(width * height)
    for row in 0..<height {
      let unit = order[row * order.count / height]
      let states = windows.indices.map { color(of: history.state(of: unit, in: $0), theme) }
      let death = history.deathStep(of: unit) ?? .max
      for column in columns {
        cells.append(column.step >= death ? theme.dead : states[column.window])
      }
    }
    return Raster(frame: plot, columns: width, cells: cells)
  }

  private func color(of state: UnitHistory.State, _ theme: Theme) -> Color {
    switch state {
    case .alive: theme.alive
    case .rare: theme.rare
    case .dead: theme.dead
    }
  }

  /// The share of dead units at the end, and the share that chance explains.
  private var shareLabels: [(share: Double, label: String)] {
    let baseline = history.baseline
    return [
      (history.finalDeadShare, "\(Wording.percent(history.finalDeadShare)) dead"),
      (
        baseline.share,
        "\(Wording.percent(baseline.share)) " + (baseline.isMeasured ? "by chance" : "at first")
      ),
    ]
  }

  private func shareBar(
    _ labels: [(share: Double, label: String)], in frame: Frame, _ theme: Theme
  ) -> [Drawing.Element] {
    let font = theme.labelFont
    let heights = labels.map { frame.maxY - $0.share * frame.height }
    let places = spread(heights, apart: font.height, within: frame.y...frame.maxY)
    var elements: [Drawing.Element] = [
      .rectangle(frame, theme.alive),
      .rectangle(
        Frame(
          x: frame.x, y: heights[0], width: frame.width, height: frame.maxY - heights[0]),
        theme.dead),
      .line(
        Point(frame.x - theme.gap / 2, heights[1]), Point(frame.maxX + theme.gap / 2, heights[1]),
        Stroke(theme.accent, width: theme.lineWidth)),
    ]
    for (index, label) in labels.enumerated() {
      elements.append(
        .text(
          Text(
            label.label, at: Point(frame.maxX + theme.gap, places[index]),
            .init(.leading, .middle), font: font,
            color: index == 1 ? theme.accentInk : theme.ink, role: .mark)))
    }
    return elements
  }
}
