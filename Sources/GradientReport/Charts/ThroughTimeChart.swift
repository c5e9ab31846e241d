import Foundation
package import GradientDiagnosis
import GradientTrace

/// How δ of each recurrent layer changes on its way back through time: at the start, halfway and at the end of the run.
package struct ThroughTimeChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let layers: [Layer]

  /// A recurrent layer.
  private struct Layer: Sendable {
    let name: String
    let isAccented: Bool
    /// Its profiles at the start, halfway and at the end of the run, as far as they differ.
    let profiles: [Profile]
    /// The decades that δ gains from one time step to the next, at the end.
    let slope: Double?

    /// A layer's first, middle and last window; nil where it has no way through time.
    init?(_ windows: [TimeHistory.Window], name: String, isAccented: Bool) {
      let last = windows.count - 1
      profiles = Set([0, last / 2, last]).sorted().map { Profile(windows[$0]) }
        .filter { $0.decades.count > 1 }
      guard let end = profiles.last else { return nil }
      self.name = name
      self.isAccented = isAccented
      slope = end.lost.flatMap { lost in
        lost.isFinite ? lost / Double(end.decades.count - 1) : nil
      }
    }

    /// What a time step makes of δ on its way back, in words.
    var change: String? {
      slope.map {
        "\($0 < 0 ? "grows by" : "loses") \(Wording.short(abs($0))) decades per time step"
      }
    }

    /// How far δ has come from its size at the last time step, in decades either way.
    var distance: Double { profiles.last?.lost.map(abs) ?? 0 }
  }

  /// Log10 of δ at each time step, over some steps of the run.
  private struct Profile: Sendable {
    let steps: ClosedRange<Int>
    let decades: [Double?]

    init(_ window: TimeHistory.Window) {
      steps = window.steps
      // Where no example is that long there is no δ.
      let all = window.decades
      decades = Array(all.prefix((all.lastIndex { $0 != nil } ?? -1) + 1))
    }

    /// The steps in words.
    var span: String {
      steps.count == 1
        ? "step \(steps.lowerBound)" : "steps \(steps.lowerBound)–\(steps.upperBound)"
    }

    /// The decades that are lost from the last time step back to the first; ∞ where it comes to nothing.
    var lost: Double? {
      guard let last = decades.last ?? nil, let first = decades.first else { return nil }
      return first.map { last - $0 } ?? .infinity
    }
  }

  /// The decades that δ may lose through time, or gain, before a healthy run would be unusual.
  private static let healthy = -1.0...2.0
  private static let layerLimit = 6

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let looked = (finding ?? diagnosis.root)?.layer
    let all = run.timeHistories.compactMap { history in
      Layer(
        history.windows, name: run.names[history.layer],
        isAccented: run.header.layers[history.layer].name == looked)
    }
    guard let first = all.first else {
      throw NotEnoughData(
        run.timeHistories.isEmpty
          ? "no δ by time step of a recurrent layer in this trace"
          : "δ other than zero at one time step at most, a way through time needs two")
    }
    let ordered = all.filter(\.isAccented) + all.filter { !$0.isAccented }
    layers = Array(ordered.prefix(Self.layerLimit))
    title = Self.title(
      all.first(where: \.isAccented) ?? all.max { $0.distance < $1.distance } ?? first)
    subtitle = [
      "RMS of δ per example at each time step of a recurrent layer's output, in the backward pass",
      "log scale",
    ]
    alternativeText =
      title + "; "
      + layers.compactMap { layer in
        layer.change.map { "\(layer.name) \($0)" }
      }.joined(separator: ", ")
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let font = theme.labelFont
    let key = Key(
      items: [(.area(theme.healthy), "healthy range")] + (hasLineEnds ? [] : spans(theme)))
    let places = SmallMultiples(count: layers.count, in: content, theme: theme)
    var elements = places.captions(x: "time step", y: "δ", theme)
    elements += key.elements(
      from: content.x + 3 * font.size, to: content.maxX, top: content.y, theme: theme)
    for (index, layer) in layers.enumerated() {
      let frame = places.frames[index]
      elements.append(
        SmallMultiples.heading(
          layer.name, layer.change ?? "", isAccented: layer.isAccented, in: frame, theme))
      elements += panel(
        layer, in: frame.inset(top: SmallMultiples.headingHeight(theme)), places.theme(theme))
    }
    return elements
  }
}

extension ThroughTimeChart {
  private static func title(_ layer: Layer) -> String {
    guard let end = layer.profiles.last, let lost = end.lost else { return "" }
    let way = "from time step \(end.decades.count) back to the first"
    guard lost.isFinite else { return "No δ of \(layer.name) arrives \(way): it is exactly zero" }
    if lost >= 1 { return "δ of \(layer.name) loses \(Wording.decades(lost)) decades \(way)" }
    if lost <= -1 { return "δ of \(layer.name) grows by \(Wording.decades(-lost)) decades \(way)" }
    return "δ of \(layer.name) keeps its size \(way), within "
      + "\(Wording.decades(max(0.1, abs(lost)))) decades"
  }

  /// The words at the lines' ends have room where there is one panel.
  private var hasLineEnds: Bool { layers.count == 1 }

  /// What the lines of several panels stand for.
  private func spans(_ theme: Theme) -> [(Key.Swatch, String)] {
    let layer = layers[0]
    return layer.profiles.indices.reversed().map { index in
      let stroke = stroke(index, color: theme.data, of: layer, theme)
      return (.line(stroke.color, dashed: stroke.dash != nil), layer.profiles[index].span)
    }
  }

  private func panel(_ layer: Layer, in frame: Frame, _ theme: Theme) -> [Drawing.Element] {
    let values = layer.profiles.flatMap { $0.decades.compactMap(\.self) }
    let length = layer.profiles.map(\.decades.count).max() ?? 1
    guard let end = layer.profiles.last, let reference = end.decades.last ?? nil,
      let y = Scale(
        .exponent,
        covering: values + [
          reference - Self.healthy.upperBound, reference - Self.healthy.lowerBound,
        ])
    else { return [] }
    let color = layer.isAccented ? theme.accent : theme.data
    let strokes = layer.profiles.indices.map { stroke($0, color: color, of: layer, theme) }
    var ends = LineEnds()
    for (profile, stroke) in zip(layer.profiles, strokes) where hasLineEnds {
      guard let last = profile.decades.last ?? nil else { continue }
      ends.add(profile.span, at: last, Stroke(stroke.color, width: theme.hairline))
    }
    let axes = Axes(
      in: frame, x: Scale(.steps, 1...Double(length)), y: y, xCaption: "",
      trailing: max(theme.gap, ends.width(theme)), theme: theme)
    // At the first time step δ may have lost or gained so much, at the last nothing yet.
    var elements: [Drawing.Element] = [
      .polygon(
        [
          axes.point(1, reference - Self.healthy.upperBound),
          axes.point(1, reference - Self.healthy.lowerBound),
          axes.point(Double(end.decades.count), reference),
        ], theme.healthy)
    ]
    elements += axes.elements()
    for (profile, stroke) in zip(layer.profiles, strokes) {
      elements += line(through: profile, stroke, on: axes, theme)
    }
    return elements + ends.elements(on: axes, theme)
  }

  /// The later, the stronger: the last of the profiles in full color.
  private func stroke(
    _ index: Int, color: Color, of layer: Layer, _ theme: Theme
  ) -> Stroke {
    let age = Double(layer.profiles.count - 1 - index)
    return Stroke(
      color.mixed(with: theme.background, 0.3 * age),
      width: theme.lineWidth * (age == 0 ? 1.5 : 1), dash: age == 2 ? theme.dash : nil)
  }

  private func line(
    through profile: Profile, _ stroke: Stroke, on axes: Axes, _ theme: Theme
  ) -> [Drawing.Element] {
    var stretches: [[Point]] = [[]]
    var zeros: [Drawing.Element] = []
    for (time, value) in profile.decades.enumerated() {
      let place = axes.placeX(Double(time + 1))
      if let value {
        stretches[stretches.count - 1].append(Point(place, axes.placeY(value)))
      } else {
        stretches.append([])
        let side = theme.dotRadius
        let x = min(max(place - side / 2, axes.plot.x), axes.plot.maxX - side)
        zeros.append(
          .rectangle(
            Frame(x: x, y: axes.plot.maxY - side, width: side, height: side), theme.zero))
      }
    }
    return zeros
      + stretches.filter { !$0.isEmpty }.map {
        $0.count > 1
          ? .polyline($0, stroke)
          : .disc(center: $0[0], radius: theme.dotRadius * 0.8, stroke.color)
      }
  }
}
