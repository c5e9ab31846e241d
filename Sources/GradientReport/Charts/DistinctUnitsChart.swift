import Foundation
package import GradientDiagnosis
import GradientTrace
import GzipIO

/// How many units of each layer have weights of their own: a bar a layer, in order of depth.
package struct DistinctUnitsChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let layers: [Layer]

  private struct Layer: Sendable {
    var name: String
    var units: DistinctUnits
    var isAccented: Bool

    /// Whether a row stands for all of them.
    var isAlike: Bool { units.distinct <= 1 }
    var figures: String { "\(Wording.count(units.distinct)) of \(Wording.count(units.rows))" }
  }

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let named = finding?.layers ?? []
    layers = run.graph.weightLayers.compactMap { index in
      guard let units = run.distinctUnits.first(where: { $0.layer == index }) else { return nil }
      return Layer(
        name: run.names[index], units: units,
        isAccented: named.contains(run.header.layers[index].name))
    }
    guard let last = layers.map(\.units.step).max() else {
      throw NotEnoughData("no counts of distinct rows of a weight in this trace")
    }
    subtitle = [
      "Rows of each layer's weight that differ from each other, a row a unit", "step \(last)",
      "input at the top",
    ]
    title = Self.title(layers)
    alternativeText =
      title + "; weights of their own have "
      + layers.map { "\($0.figures) units of \($0.name)" }.joined(separator: ", ")
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let font = theme.labelFont
    let names = RowNames(
      names: layers.map(\.name),
      accented: Set(layers.indices.filter { layers[$0].isAccented }), theme: theme)
    let most = Double(layers.map(\.units.rows).max() ?? 1)
    let figures = layers.map { font.width(of: $0.figures) }.max() ?? 0
    let axes = Axes(
      in: content, x: Scale(.linear, 0...most), y: nil, xCaption: "units",
      leading: names.width + theme.gap, top: font.height + theme.gap,
      trailing: figures + 2 * theme.gap, theme: theme)
    let pitch = axes.plot.height / Double(layers.count)
    let height = min(pitch * 0.7, 3 * theme.labelSize)
    var elements = axes.elements(grid: false)
    let middles = layers.indices.map { axes.plot.y + (Double($0) + 0.5) * pitch }
    for (layer, middle) in zip(layers, middles) {
      let track = Frame(
        x: axes.plot.x, y: middle - height / 2,
        width: axes.placeX(Double(layer.units.rows)) - axes.plot.x, height: height)
      var filled = track
      filled.width = max(2, track.width * Double(layer.units.distinct) / Double(layer.units.rows))
      elements += [
        .rectangle(track, theme.absent),
        .rectangle(filled, layer.isAccented ? theme.accent : theme.data),
      ]
      guard pitch >= font.height else { continue }
      elements.append(
        .text(
          Text(
            layer.figures, at: Point(axes.plot.maxX + theme.gap, middle), .init(.leading, .middle),
            font: font, color: layer.isAccented ? theme.accentInk : theme.ink, role: .mark)))
    }
    elements += names.elements(at: middles, end: axes.plot.x - theme.gap)
    let color = layers.contains(where: \.isAccented) ? theme.accent : theme.data
    let key = Key(items: [
      (.area(color), "weights of their own"), (.area(theme.absent), "copies of another unit"),
    ])
    return elements
      + key.elements(from: content.x, to: content.maxX, top: content.y, theme: theme)
  }

  private static func title(_ layers: [Layer]) -> String {
    let alike = layers.filter(\.isAlike)
    if !alike.isEmpty {
      return
        "All units of \(Wording.list(alike.map(\.name), contiguous: false)) have the same weights"
    }
    let fewest = layers.min {
      $0.units.distinct * $1.units.rows < $1.units.distinct * $0.units.rows
    }
    guard let fewest, fewest.units.distinct < fewest.units.rows else {
      return "Every unit has weights of its own"
    }
    return "\(fewest.figures) units of \(fewest.name) have weights of their own"
  }
}
