import Foundation
import GradientDiagnosis
import GradientTrace

/// The percentiles of some layers' magnitudes over the steps: one panel a layer, all with the same axes.
struct FanPanels: Sendable {
  private let panels: [Panel]
  private let columns: StepColumns

  private struct Panel: Sendable {
    var name: String
    var isAccented: Bool
    var fan: Distributions.Fan
  }

  /// Medians that change by less, in decades, count as steady.
  private static let steady = 0.5

  /// Gathers what `run` holds of a quantity.
  ///
  /// - Throws: ``NotEnoughData``, calling the quantity `noun`, where there is nothing.
  init(
    _ run: RunDigest, _ quantity: Distributions.Quantity, of candidates: [Int],
    about finding: Finding?, noun: String
  ) throws(NotEnoughData) {
    let looked = finding?.layer.flatMap {
      run.graph.nearest(to: $0, among: candidates, run.header)
    }
    columns = run.distributions.columns
    panels = run.distributions.fans
      .filter { $0.quantity == quantity && !$0.percentiles[0].isEmpty }
      .map { Panel(name: run.names[$0.layer], isAccented: $0.layer == looked, fan: $0) }
    guard !panels.isEmpty else { throw NotEnoughData("no histograms of \(noun) in this trace") }
  }

  func elements(in content: Frame, caption: String, theme: Theme) -> [Drawing.Element] {
    let font = theme.labelFont
    let key = key(theme)
    let places = SmallMultiples(count: panels.count, in: content, theme: theme)
    let sizes = places.theme(theme)
    let bins = panels.flatMap { [$0.fan.low, $0.fan.high] }.flatMap(\.bins).filter { $0.count > 0 }
    let range = Scale(.exponent, covering: bins.flatMap { [$0.low, $0.high] })
    let left = content.x + font.width(of: caption) + theme.gap
    var elements = places.captions(x: "step", y: caption, theme)
    elements += key.elements(from: left, to: content.maxX, top: content.y, theme: theme)
    for (index, panel) in panels.enumerated() {
      let frame = places.frames[index]
      let zero = panel.fan.zeroShare
      elements.append(
        SmallMultiples.heading(
          panel.name, zero > 0 ? "\(Wording.percent(zero)) exactly 0" : "",
          isAccented: panel.isAccented, in: frame, theme))
      let axes = Axes(
        in: frame.inset(top: SmallMultiples.headingHeight(theme)), x: steps,
        y: range ?? Scale(.exponent, -1...0), xCaption: "",
        trailing: theme.gap, theme: sizes)
      elements += axes.elements()
      elements += fan(panel, on: axes, theme)
    }
    return elements
  }
}

extension FanPanels {
  private func key(_ theme: Theme) -> Key {
    var items: [(Key.Swatch, String)] = [
      (.line(theme.data, dashed: false), "median"), (.area(inner(theme.data, theme)), "25–75 %"),
      (.area(outer(theme.data, theme)), "5–95 %"),
    ]
    let bins = panels.flatMap(\.fan.median.bins)
    if bins.contains(where: { $0.nonFinite > 0 }) {
      items.append((.area(theme.nonFinite), "NaN or infinite"))
    }
    if bins.contains(where: { $0.zeros > 0 }) { items.append((.area(theme.zero), "exactly zero")) }
    return Key(items: items)
  }

  private var steps: Scale {
    let first = columns.ranges.first?.lowerBound ?? 0, last = columns.ranges.last?.upperBound ?? 0
    return Scale(.steps, Double(first) - 0.5...Double(last) + 0.5)
  }

  /// The step halfway between a column and the one before it; at the ends those of the axis.
  private func edge(before column: Int) -> Double {
    guard column > 0 else { return steps.domain.lowerBound }
    guard column < columns.ranges.count else { return steps.domain.upperBound }
    return (columns.middle(column - 1) + columns.middle(column)) / 2
  }

  private func outer(_ color: Color, _ theme: Theme) -> Color {
    color.mixed(with: theme.background, 0.8)
  }

  private func inner(_ color: Color, _ theme: Theme) -> Color {
    color.mixed(with: theme.background, 0.55)
  }

  private func fan(_ panel: Panel, on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    let fan = panel.fan
    let color = panel.isAccented ? theme.accent : theme.data
    var elements: [Drawing.Element] = []
    for (column, bin) in fan.median.bins.enumerated() where bin.nonFinite + bin.zeros > 0 {
      let start = axes.placeX(edge(before: column)), end = axes.placeX(edge(before: column + 1))
      let top = bin.nonFinite > 0 ? axes.plot.y : axes.plot.maxY - theme.gap / 2
      elements.append(
        .rectangle(
          Frame(x: start, y: top, width: end - start, height: axes.plot.maxY - top),
          bin.nonFinite > 0 ? theme.nonFinite : theme.zero))
    }
    elements += band(fan.low, fan.high, outer(color, theme), on: axes, theme) {
      ($0.low, $1.high)
    }
    elements += band(fan.percentiles[1], fan.percentiles[3], inner(color, theme), on: axes, theme) {
      ($0.mean ?? 0, $1.mean ?? 0)
    }
    for stretch in fan.median.stretches() {
      let points = stretch.map { axes.point(columns.middle($0.column), $0.value) }
      elements.append(
        points.count > 1
          ? .polyline(points, Stroke(color, width: theme.lineWidth))
          : .disc(center: points[0], radius: theme.dotRadius * 0.8, color))
    }
    return elements
  }

  /// The area between two percentiles, for each unbroken stretch of columns.
  private func band(
    _ low: Series, _ high: Series, _ color: Color, on axes: Axes, _ theme: Theme,
    _ ends: (Series.Bin, Series.Bin) -> (Double, Double)
  ) -> [Drawing.Element] {
    let known = low.bins.indices.filter { low.bins[$0].count > 0 && high.bins[$0].count > 0 }
    var stretches: [[Int]] = []
    for column in known {
      if let last = stretches.last?.last, last + 1 == column {
        stretches[stretches.count - 1].append(column)
      } else {
        stretches.append([column])
      }
    }
    return stretches.map { stretch in
      let edges = stretch.map { column in
        let (bottom, top) = ends(low.bins[column], high.bins[column])
        let middle = columns.middle(column)
        return (bottom: axes.point(middle, bottom), top: axes.point(middle, top))
      }
      guard edges.count > 1 else {
        return .line(
          edges[0].bottom, edges[0].top, Stroke(color, width: theme.dotRadius * 2))
      }
      return .polygon(edges.map(\.bottom) + edges.reversed().map(\.top), color)
    }
  }
}

extension FanPanels {
  /// The result: what breaks, else how the median changes over the run, of the layer to look at or the one that changes most.
  func title(_ noun: String) -> String {
    let ordered = panels.filter(\.isAccented) + panels.filter { !$0.isAccented }
    if let broken = ordered.first(where: { $0.fan.median.bins.contains { $0.nonFinite > 0 } }),
      let column = broken.fan.median.bins.firstIndex(where: { $0.nonFinite > 0 })
    {
      return "\(noun) of \(broken.name) are NaN or infinite "
        + "at step \(columns.ranges[column].lowerBound)"
    }
    if let none = ordered.first(where: { $0.fan.median.bins.last?.zeros ?? 0 > 0 }) {
      return "\(noun) of \(none.name) are exactly zero in the end"
    }
    let changes = ordered.compactMap { panel -> (panel: Panel, decades: Double)? in
      let known = panel.fan.median.bins.filter { $0.count > 0 }
      guard known.count > 1, let first = known.first?.mean, let last = known.last?.mean else {
        return nil
      }
      return (panel, last - first)
    }
    guard let most = changes.max(by: { abs($0.decades) < abs($1.decades) }) else {
      return "\(noun) of \(panels[0].name) were recorded in one window alone"
    }
    let named = changes.first { $0.panel.isAccented && abs($0.decades) >= Self.steady } ?? most
    guard abs(named.decades) >= Self.steady else {
      return "\(noun) keep their size over the run, within "
        + "\(Wording.decades(max(0.1, abs(most.decades)))) decades"
    }
    return "\(noun) of \(named.panel.name) "
      + (named.decades < 0 ? "shrink" : "grow")
      + " by \(Wording.decades(abs(named.decades))) decades over the run"
  }

  /// The median of each layer at the start and at the end.
  var figures: String {
    panels.compactMap { panel in
      let known = panel.fan.median.bins.filter { $0.count > 0 }
      guard let first = known.first?.mean, let last = known.last?.mean else { return nil }
      return "\(panel.name) \(Wording.short(pow(10, first))) to \(Wording.short(pow(10, last)))"
    }.joined(separator: ", ")
  }
}

extension Distributions.Fan {
  fileprivate var low: Series { percentiles[0] }
  fileprivate var median: Series { percentiles[2] }
  fileprivate var high: Series { percentiles[4] }
}
