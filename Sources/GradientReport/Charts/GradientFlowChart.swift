import Foundation
package import GradientDiagnosis
import GradientTrace

/// How δ changes on its way from the output back to the input: one column a weight layer, in order of depth.
package struct GradientFlowChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let layers: [Layer]
  private let slope: Double

  /// A weight layer that recorded its δ.
  private struct Layer: Sendable {
    var name: String
    var depth: Int
    var spread: DepthProfile.Spread
    var isAccented: Bool
    var isFirstToLookAt: Bool
  }

  /// The decades that δ may lose over depth, or gain, before a healthy run would be unusual.
  private static let healthy = -1.0...1.5

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    // Where all layers are affected, only the one to look at first stands out.
    let isPartial = finding.map { $0.layers.count < run.graph.weightLayers.count } ?? false
    let affected = Set(
      (isPartial ? finding?.layers ?? [] : []) + [finding?.layer].compactMap(\.self))
    layers = run.graph.weightLayers.compactMap { index in
      guard let spread = run.profile.spread(of: index) else { return nil }
      let name = run.header.layers[index].name
      return Layer(
        name: run.names[index], depth: run.graph.depths[index], spread: spread,
        isAccented: affected.contains(name),
        isFirstToLookAt: finding?.layer == name)
    }
    guard layers.count > 1 else {
      throw NotEnoughData(
        layers.isEmpty
          ? "no finite δ of a layer with weights in this trace"
          : "δ of one layer alone, depth needs two")
    }
    let byDepth = Self.medians(layers)
    slope = theilSenSlope(Self.levels(byDepth)) ?? 0
    let steps = run.profile.steps
    let window =
      steps.count == 1
      ? "step \(steps[0])"
      : "steps \(steps.first ?? 0) to \(steps.last ?? 0)"
    let unit = run.isDeltaPerExample ? "L2 norm per example" : "RMS of its elements"
    subtitle = [
      "δ = ∂loss/∂output of each weight layer in the backward pass, \(unit)", window,
      "log scale, input at the left",
    ]
    title = Self.title(layers, byDepth)
    let named = layers.filter(\.isFirstToLookAt) + layers.suffix(1)
    let sizes = named.map { "\($0.name) \(Self.size($0.spread))" }.joined(separator: ", ")
    alternativeText =
      title + "; median over \(window): \(sizes)"
      + (Self.isStraight(layers, slope) ? "; \(Self.change(slope))" : "")
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let values = layers.flatMap { [$0.spread.low, $0.spread.high] } + [reference]
    let band = [reference - Self.healthy.upperBound, reference - Self.healthy.lowerBound]
    // Room for the figures above the highest mark and below the lowest.
    let room = theme.markFont.height + theme.gap + theme.dotRadius
    let padding = room / max(1, content.height - 5 * theme.labelFont.height - 2 * room)
    guard let y = Scale(.exponent, covering: values + band, padding: padding) else { return [] }
    let x = Scale(.linear, -0.5...Double(layers.count) - 0.5)
    let axes = Axes(
      in: content, x: x, y: y,
      xCaption: "weight layers, in order of depth (a decade is a factor of 10)",
      yCaption: "δ",
      trailing: theme.gap, theme: theme)
    var elements = healthyWedge(around: reference, on: axes, theme)
    elements += axes.elements(namesX: false)
    elements += slopeLine(on: axes, theme)
    for (index, layer) in layers.enumerated() {
      elements += marks(
        of: layer, at: Double(index), slot: axes.plot.width / Double(layers.count), on: axes, theme)
    }
    elements += valueLabels(on: axes, theme)
    elements += names.elements(
      at: layers.indices.map { axes.placeX(Double($0)) }, top: axes.plot.maxY + theme.gap,
      within: content, theme: theme)
    return elements
      + key(theme).elements(
        from: content.x + theme.labelFont.size * 3, to: content.maxX, top: content.y, theme: theme)
  }
}

extension GradientFlowChart {
  private static func size(_ spread: DepthProfile.Spread) -> String {
    spread.isZero ? "exactly 0" : Wording.short(pow(10, spread.median))
  }

  /// The median of the layers of each depth, where δ has a logarithm.
  private static func medians(_ layers: [Layer]) -> [(depth: Double, value: Double)] {
    Dictionary(grouping: layers.filter { !$0.spread.isZero }, by: \.depth)
      .map { depth, same in
        (Double(depth), DepthProfile.quantile(same.map(\.spread.median).sorted(), 0.5))
      }
      .sorted { $0.0 < $1.0 }
  }

  /// The values at successive depths, nil where none is known.
  private static func levels(_ points: [(depth: Double, value: Double)]) -> [Double?] {
    guard let first = points.first?.depth, let last = points.last?.depth else { return [] }
    var levels = [Double?](repeating: nil, count: Int(last - first) + 1)
    for point in points { levels[Int(point.depth - first)] = point.value }
    return levels
  }

  private static func title(
    _ layers: [Layer], _ byDepth: [(depth: Double, value: Double)]
  ) -> String {
    let zeros = layers.filter(\.spread.isZero)
    if !zeros.isEmpty {
      let names = Wording.list(zeros.map(\.name), contiguous: false)
      return "No δ reaches \(names): it is exactly zero"
    }
    guard let first = byDepth.first, let last = byDepth.last, let input = layers.first,
      let output = layers.last
    else { return "" }
    let lost = last.value - first.value
    let way = "from \(output.name) to \(input.name)"
    if lost >= 1 { return "δ loses \(Wording.decades(lost)) decades \(way)" }
    if lost <= -1 { return "δ grows by \(Wording.decades(-lost)) decades \(way)" }
    return "δ keeps its size \(way), within \(Wording.decades(max(0.1, abs(lost)))) decades"
  }

  /// The decades between a layer's δ and the nearest end of the healthy range at its depth; 0 within it.
  private func excess(_ layer: Layer, around reference: Double) -> Double {
    guard let deepest = layers.map(\.depth).max(), let first = layers.map(\.depth).min(),
      deepest > first, !layer.spread.isZero
    else { return 0 }
    let share = Double(deepest - layer.depth) / Double(deepest - first)
    let lost = reference - layer.spread.median
    return max(lost - Self.healthy.upperBound * share, Self.healthy.lowerBound * share - lost, 0)
  }

  /// Whether a layer lies so far outside the healthy range that it is seen.
  private func isOutside(_ layer: Layer) -> Bool {
    excess(layer, around: reference) > Self.visible
  }

  /// The size of δ at the last layer, which the others are held against.
  private var reference: Double { layers.last { !$0.spread.isZero }?.spread.median ?? 0 }

  /// Less than so many decades beside the healthy range isn't seen.
  private static let visible = 0.1

  private func healthyWedge(
    around reference: Double, on axes: Axes, _ theme: Theme
  ) -> [Drawing.Element] {
    guard let deepest = layers.map(\.depth).max(), let first = layers.map(\.depth).min(),
      deepest > first
    else { return [] }
    func edge(_ decades: Double) -> [Point] {
      layers.enumerated().map { index, layer in
        let share = Double(deepest - layer.depth) / Double(deepest - first)
        return axes.point(Double(index), reference - decades * share)
      }
    }
    return [
      .polygon(
        edge(Self.healthy.lowerBound) + edge(Self.healthy.upperBound).reversed(), theme.healthy)
    ]
  }

  /// What a layer makes of δ, in words.
  private static func change(_ slope: Double) -> String {
    "\(slope < 0 ? "grows by" : "loses") \(Wording.short(abs(slope))) decades a layer"
  }

  /// How far the layers may lie from a straight line that tells something of them, in decades and as part of all that δ
  /// changes by.
  private static let straightness = (decades: 0.3, share: 0.15)

  /// Log10 of δ at depth 0 on the line of the slope.
  private static func intercept(_ layers: [Layer], _ slope: Double) -> Double {
    DepthProfile.quantile(
      layers.map { $0.spread.median - slope * Double($0.depth) }.sorted(), 0.5)
  }

  /// Whether a line through the layers tells how δ changes; two points lie on every line.
  private static func isStraight(_ layers: [Layer], _ slope: Double) -> Bool {
    let known = layers.filter { !$0.spread.isZero }
    let medians = known.map(\.spread.median)
    guard known.count > 2, let low = medians.min(), let high = medians.max() else { return false }
    let start = intercept(known, slope)
    let limit = max(straightness.decades, straightness.share * (high - low))
    return known.allSatisfy { abs($0.spread.median - start - slope * Double($0.depth)) <= limit }
  }

  private var hasSlope: Bool { Self.isStraight(layers, slope) }

  private func slopeLine(on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    let points = layers.enumerated().filter { !$0.element.spread.isZero }
    guard let first = points.first, let last = points.last, hasSlope else { return [] }
    let intercept = Self.intercept(points.map(\.element), slope)
    func place(_ point: (offset: Int, element: Layer)) -> Point {
      let value = intercept + slope * Double(point.element.depth)
      return axes.point(
        Double(point.offset),
        min(max(value, axes.y?.domain.lowerBound ?? value), axes.y?.domain.upperBound ?? value))
    }
    return [
      .line(
        place(first), place(last),
        Stroke(theme.axis, width: theme.lineWidth * 0.75, dash: theme.dash))
    ]
  }

  private func marks(
    of layer: Layer, at index: Double, slot: Double, on axes: Axes, _ theme: Theme
  ) -> [Drawing.Element] {
    let radius = min(theme.dotRadius, max(1.5, slot * 0.35))
    guard !layer.spread.isZero else {
      let side = 2 * radius
      let place = axes.placeX(index)
      return [
        .rectangle(
          Frame(x: place - radius, y: axes.plot.maxY - side, width: side, height: side), theme.zero)
      ]
    }
    let color = layer.isAccented ? theme.accent : theme.data
    let faint = color.mixed(with: theme.background, 0.6)
    return [
      .line(
        axes.point(index, layer.spread.low), axes.point(index, layer.spread.high),
        Stroke(faint, width: radius * 1.2)),
      .disc(center: axes.point(index, layer.spread.median), radius: radius, color),
    ] + (isOutside(layer) ? hole(at: axes.point(index, layer.spread.median), radius, theme) : [])
  }

  /// What makes a ring of a dot: a layer outside the healthy range.
  private func hole(at place: Point, _ radius: Double, _ theme: Theme) -> [Drawing.Element] {
    [.disc(center: place, radius: radius * 0.5, theme.background)]
  }

  /// The sizes of the layer to look at and of the last one, which it is held against.
  private func valueLabels(on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    let font = theme.markFont
    var shown = [layers.count - 1]
    if let looked = layers.firstIndex(where: \.isFirstToLookAt), looked != shown[0] {
      shown.insert(looked, at: 0)
    } else if layers.count > 1 {
      shown.insert(0, at: 0)
    }
    var taken: [Frame] = []
    return shown.compactMap { index in
      let spread = layers[index].spread
      let isLast = index == layers.count - 1
      // Where the profile rises to the right, the free corners are above its end and below its start.
      let isAbove = isLast == (slope > 0) || spread.isZero
      let end =
        spread.isZero
        ? axes.plot.maxY - 2 * theme.dotRadius : axes.placeY(isAbove ? spread.high : spread.low)
      let string = Self.size(spread)
      let half = font.width(of: string) / 2
      let place = axes.placeX(Double(index)) + (isLast ? -1 : 1) * (half - theme.dotRadius)
      let text = Text(
        string, at: Point(place, end + (isAbove ? -theme.gap : theme.gap)),
        .init(.center, isAbove ? .bottom : .top), font: font,
        color: layers[index].isAccented ? theme.accentInk : theme.ink, role: .mark)
      guard !taken.contains(where: text.box.overlaps) else { return nil }
      taken.append(text.box)
      return .text(text)
    }
  }

  private var names: NameRow {
    NameRow(
      names: layers.map(\.name),
      pinned: layers.indices.filter { layers[$0].isFirstToLookAt },
      accented: Set(layers.indices.filter { layers[$0].isFirstToLookAt }))
  }

  private func key(_ theme: Theme) -> Key {
    let color = layers.contains { !$0.isAccented } ? theme.data : theme.accent
    var items: [(Key.Swatch, String)] = []
    if layers.contains(where: \.isAccented) { items.append((.dot(theme.accent), "finding")) }
    if let ring = layers.first(where: isOutside) {
      items.append((.ring(ring.isAccented ? theme.accent : theme.data), "outside"))
    }
    if hasSlope { items.append((.line(theme.axis, dashed: true), Self.change(slope))) }
    items += [
      (.area(theme.healthy), "healthy"),
      (.area(color.mixed(with: theme.background, 0.6)), "10–90 % of steps"),
    ]
    // Where there is little room, it goes without saying what a dot is.
    items.append((.dot(color), "median"))
    return Key(items: items)
  }
}
