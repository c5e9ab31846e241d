import Foundation
import GradientDiagnosis
import GradientTrace

/// δ of two runs over depth, each relative to its own last layer.
struct DeltaComparison: Picture {
  let title: String
  let subtitle = ["L2 norm of δ per example next to the last weight layer's, log scale"]
  var alternativeText: String { title }
  private let before: Profile, after: Profile
  private let runs: ComparedRuns

  /// The weight layers of a run with their δ.
  private struct Profile {
    let names: [String]
    /// For each log10 of its δ over the last one's; −∞ where it is exactly zero.
    let values: [Double]

    init(_ run: RunDigest) {
      let rows = run.graph.weightLayers.compactMap { layer in
        run.profile.spread(of: layer).map { (run.names[layer], $0.median) }
      }
      let last = rows.last { $0.1.isFinite }?.1 ?? 0
      names = rows.map(\.0)
      values = rows.map { $0.1 - last }
    }

    /// The place of a layer between the input and the output, from 0 to 1.
    func place(_ index: Int) -> Double { Double(index) / Double(max(values.count - 1, 1)) }
  }

  /// Compares the profiles, or nothing where the second run has none.
  init?(_ runs: ComparedRuns) {
    self.runs = runs
    before = Profile(runs.before)
    after = Profile(runs.after)
    guard after.values.count > 1 else { return nil }
    title = Self.title(before: before.values, after: after.values)
  }

  private static func title(before: [Double], after: [Double]) -> String {
    func isKept(_ decades: Double) -> Bool { decades.isFinite && abs(decades) < 1 }
    func change(_ decades: Double, _ loses: String, _ grows: String) -> String {
      "\(decades < 0 ? loses : grows) \(Wording.decades(abs(decades))) decades"
    }
    let now = after[0]
    let result =
      isKept(now)
      ? "δ keeps its size over depth"
      : now.isFinite
        ? "δ \(change(now, "loses", "grows by")) over depth" : "δ does not reach the first layer"
    guard let then = before.first, !isKept(then) else { return result }
    return result + "; before, it "
      + (then.isFinite ? change(then, "lost", "grew by") : "did not arrive")
  }

  func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let healthy = (loss: -1.5, gain: 1.0)
    let values = (before.values + after.values).filter(\.isFinite)
    guard let y = Scale(.exponent, covering: values + [healthy.loss, healthy.gain]) else {
      return []
    }
    let axes = Axes(
      in: content, x: Scale(.linear, -0.04...1.04), y: y,
      xCaption: "weight layers, from the input to the output",
      yCaption: "δ / δ of the last", trailing: theme.gap, theme: theme)
    var elements: [Drawing.Element] = [
      .polygon(
        [axes.point(0, healthy.loss), axes.point(0, healthy.gain), axes.point(1, 0)],
        theme.healthy)
    ]
    elements += axes.elements(namesX: false)
    let each = runs.each(theme)
    for (profile, run) in zip([before, after], each) {
      elements += marks(of: profile, run.stroke, run.label, on: axes, theme)
    }
    elements += NameRow(
      names: after.names, pinned: [0, after.names.count - 1], accented: []
    ).elements(
      at: after.names.indices.map { axes.placeX(after.place($0)) },
      top: axes.plot.maxY + theme.gap, within: content, theme: theme)
    let key = Key(
      items: [(.area(theme.healthy), "healthy")]
        + each.map { (.line($0.stroke.color, dashed: $0.stroke.dash != nil), $0.label) })
    return elements
      + key.elements(
        from: content.x + theme.labelFont.size * 8, to: content.maxX, top: content.y, theme: theme)
  }

  /// A line through the layers; squares at the bottom for those where nothing arrives.
  private func marks(
    of profile: Profile, _ stroke: Stroke, _ label: String, on axes: Axes, _ theme: Theme
  ) -> [Drawing.Element] {
    let finite = profile.values.indices.filter { profile.values[$0].isFinite }
    let points = finite.map { axes.point(profile.place($0), profile.values[$0]) }
    var elements: [Drawing.Element] = [.polyline(points, stroke)]
    elements += points.map { .disc(center: $0, radius: theme.dotRadius * 0.8, stroke.color) }
    let side = 2 * theme.dotRadius
    let zeros = profile.values.indices.filter { !profile.values[$0].isFinite }
    elements += zeros.map { index in
      .rectangle(
        Frame(
          x: axes.placeX(profile.place(index)) - side / 2, y: axes.plot.maxY - side, width: side,
          height: side), stroke.color)
    }
    if let first = zeros.first {
      let place = Point(axes.placeX(profile.place(first)), axes.plot.maxY - side - theme.gap / 2)
      elements.append(
        .text(
          Text(
            "\(label): exactly 0", at: place, .init(.leading, .bottom), font: theme.markFont,
            color: theme.accentInk, role: .mark)))
    }
    return elements
  }
}
