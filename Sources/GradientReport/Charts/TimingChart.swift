import Foundation
package import GradientDiagnosis
import GradientTrace

/// How long each layer takes at a step, forward and backward: a bar a layer, the slowest at the top.
package struct TimingChart: Chart {
  package let title: String
  package let subtitle = [
    "Mean time of each layer in a forward and a backward pass, at a window's last step",
    "the slowest at the top",
  ]
  package let alternativeText: String
  private let layers: [Layer]
  private let total: Double

  /// How long one layer takes, in seconds.
  private struct Layer: Sendable {
    var name: String
    var forward: Double
    var backward: Double
    var total: Double { forward + backward }
  }

  /// More layers than this are summed up in the last bar.
  private static let limit = 20

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let names = Dictionary(
      zip(run.header.layers.map(\.name), run.names), uniquingKeysWith: { first, _ in first })
    func seconds(_ value: Double?) -> Double {
      value.map { $0.isFinite && $0 > 0 ? min($0, 1e9) : 0 } ?? 0
    }
    layers = run.times.map {
      Layer(
        name: names[$0.layer] ?? $0.layer, forward: seconds($0.forward),
        backward: seconds($0.backward))
    }.filter { $0.total > 0 }.sorted { $0.total > $1.total }
    total = layers.reduce(0) { $0 + $1.total }
    guard let slowest = layers.first else {
      throw NotEnoughData(
        "no times of layers in this trace, which gradcheck's own training measures")
    }
    let backward = layers.reduce(0) { $0 + $1.backward } / total
    title =
      "\(slowest.name) takes \(Wording.percent(slowest.total / total)) of the time in the layers, "
      + "\(Self.duration(total)) a step"
    alternativeText =
      "\(title); \(Wording.percent(backward)) of that in the backward pass; "
      + layers.prefix(3).map { "\($0.name) \(Self.duration($0.total))" }.joined(separator: ", ")
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let font = theme.labelFont
    let room = content.height - 4 * font.height - 2 * theme.gap
    let rows = rows(limit: min(Self.limit, max(2, Int(room / (font.height + 2)))))
    let names = rows.map { font.fitting(name: $0.name, into: theme.nameWidth) }
    let labels = rows.map {
      "\(Self.duration($0.total)), \(Wording.percent($0.total / total))"
    }
    let longest = rows.map(\.total).max() ?? total
    let unit = Self.unit(of: longest)
    let axes = Axes(
      in: content, x: Scale(.linear, 0...longest / unit.seconds * 1.02), y: nil,
      xCaption: "\(unit.name) a step", leading: widest(names, font) + theme.gap,
      top: font.height + theme.gap, trailing: widest(labels, font) + 2 * theme.gap, theme: theme)
    var elements = axes.elements(grid: false)
    let height = axes.plot.height / Double(rows.count)
    for (index, row) in rows.enumerated() {
      let middle = axes.plot.y + (Double(index) + 0.5) * height
      let thickness = min(height * 0.72, 26)
      let ends = [row.forward, row.total].map { axes.placeX($0 / unit.seconds) }
      for (start, end, color) in [
        (axes.plot.x, ends[0], theme.data), (ends[0], ends[1], theme.series[1]),
      ] where end > start {
        elements.append(
          .rectangle(
            Frame(x: start, y: middle - thickness / 2, width: end - start, height: thickness), color
          ))
      }
      elements += [
        .text(
          Text(
            names[index], at: Point(axes.plot.x - theme.gap, middle), .init(.trailing, .middle),
            font: font, color: theme.ink, role: .tick)),
        .text(
          Text(
            labels[index], at: Point(ends[1] + theme.gap, middle), .init(.leading, .middle),
            font: font, color: theme.secondaryInk, role: .mark)),
      ]
    }
    let key = Key(items: [
      (.area(theme.data), "forward"), (.area(theme.series[1]), "backward"),
    ])
    return elements.filter { if case .text(let text) = $0 { !text.string.isEmpty } else { true } }
      + key.elements(from: content.x, to: content.maxX, top: content.y, theme: theme)
  }
}

extension TimingChart {
  /// The slowest layers, and the others in one bar where they are more than `limit`.
  private func rows(limit: Int) -> [Layer] {
    guard layers.count > limit else { return layers }
    let others = layers.dropFirst(limit - 1)
    let rest = Layer(
      name: "\(Wording.count(others.count)) others",
      forward: others.reduce(0) { $0 + $1.forward }, backward: others.reduce(0) { $0 + $1.backward }
    )
    return layers.prefix(limit - 1) + [rest]
  }

  private func widest(_ strings: [String], _ font: Font) -> Double {
    strings.map { font.width(of: $0) }.max() ?? 0
  }

  private static func unit(of seconds: Double) -> (name: String, short: String, seconds: Double) {
    if seconds >= 1 { return ("seconds", "s", 1) }
    return seconds >= 1e-3 ? ("milliseconds", "ms", 1e-3) : ("microseconds", "µs", 1e-6)
  }

  private static func duration(_ seconds: Double) -> String {
    let unit = unit(of: seconds)
    return "\(Wording.short(seconds / unit.seconds)) \(unit.short)"
  }
}
