import Foundation
import GradientTrace

/// Distributions over depth: one ridge a layer on a common axis of magnitudes, or a map where there are many.
struct RidgePlot {
  let rows: RidgeRows
  /// What stands below the axis.
  let caption: String
  let theme: Theme

  /// More ridges than this overlap, to have some height.
  private static let spaciousRows = 6
  /// The points to a bin of a ridge's outline.
  private static let fineness = 6
  /// The colors of a map span the shares of elements in a bin from this, as log10, to all.
  private static let leastShare = -3.0

  func elements(in content: Frame) -> [Drawing.Element] {
    let font = theme.labelFont
    let names = RowNames(
      names: rows.rows.map(\.name),
      accented: Set(rows.rows.indices.filter { rows.rows[$0].isAccented }), theme: theme)
    // Room for a line of text a row, below the captions and above the axis.
    let isMap = Double(rows.rows.count) * font.height > content.height - 6 * font.height
    let leading = columns(rows.asides.filter(\.isLeading), isMap)
    let trailing = columns(rows.asides.filter { !$0.isLeading }, isMap)
    let bar = isMap ? ColorBar(range: Self.leastShare...0, theme: theme) : nil
    let taken = names.width + leading.width + trailing.width + (bar.map { $0.width } ?? 0)
    var sizes = theme
    sizes.tickLimit = min(theme.tickLimit, max(2, Int((content.width - taken) / 70)))
    let key = key
    let axes = Axes(
      in: content, x: Scale(.exponent, domain(isMap: isMap)), y: nil, xCaption: caption,
      leading: names.width + leading.width + 2 * theme.gap,
      top: (key.items.isEmpty ? 1 : 2) * (font.height + theme.gap / 2) + theme.gap / 2,
      trailing: trailing.width + (bar.map { $0.width + 3 * theme.gap } ?? 0) + theme.gap,
      theme: sizes)
    let height = axes.plot.height / (Double(rows.rows.count) + (isMap ? 0 : overlap - 1))
    let baselines = rows.rows.indices.map {
      axes.plot.maxY - Double(rows.rows.count - 1 - $0) * height
    }
    var elements =
      isMap
      ? [.raster(map(in: axes.plot))]
      : zones(on: axes, baselines, height) + grid(on: axes, limit: sizes.tickLimit)
    elements += axes.elements(grid: false)
    if let bar {
      elements += bar.elements(in: axes.plot, from: content.maxX - bar.width)
    } else {
      for (row, baseline) in zip(rows.rows, baselines) {
        elements += ridge(row, on: axes, baseline, height: height * overlap)
      }
    }
    let texts = baselines.map { $0 - (isMap ? height : font.height) / 2 }
    elements += names.elements(at: texts, end: content.x + names.width)
    let header = axes.plot.y - theme.gap / 2
    elements += leading.elements(
      from: content.x + names.width + theme.gap, header, baselines, height: height)
    elements += trailing.elements(
      from: axes.plot.maxX + theme.gap, header, baselines, height: height)
    return elements
      + key.elements(from: content.x, to: content.maxX, top: content.y, theme: theme)
  }
}

extension RidgePlot {
  /// What the axis spans; some room right of 1, where a flat end is.
  private func domain(isMap: Bool) -> ClosedRange<Double> {
    let bin = log10(2.0)
    let one = -Log2Histogram.lowestExponent
    let bins = rows.bins ?? one - 1...one
    let hasFlatEnds = rows.rows.contains { !$0.flatEnds.isEmpty }
    let start = Distribution.start(ofBin: bins.lowerBound)
    let end = Distribution.start(ofBin: max(bins.upperBound, hasFlatEnds ? one : 0) + 1)
    // The outline of a ridge comes down to zero in the middle of the next bin.
    return isMap ? start...end : start - bin / 2...end + bin / 2
  }

  /// A ridge is so many rows high.
  private var overlap: Double { rows.rows.count > Self.spaciousRows ? 1.6 : 1 }

  private func columns(_ asides: [RidgeRows.Aside], _ isMap: Bool) -> ShareColumns {
    ShareColumns(
      columns: asides.map { aside in
        ShareColumns.Column(
          label: aside.label, color: color(of: aside),
          shares: rows.rows.map { aside.share(of: $0.distribution) })
      }, hasFigures: !isMap && !theme.isCompact, theme: theme)
  }

  private func color(of aside: RidgeRows.Aside) -> Color {
    switch aside {
    case .zero: theme.zero
    case .nonFinite: theme.nonFinite
    case .saturated, .subnormal: theme.rare
    case .tiny, .huge: theme.axis
    }
  }

  private var zoneColor: Color { theme.rare.mixed(with: theme.background, 0.75) }

  private var key: Key {
    let ends = Set(rows.rows.map(\.flatEnds.count))
    guard let most = ends.max(), most > 0 else { return Key(items: []) }
    let label = most > 1 ? "saturated: below 0.01, above 0.99" : "saturated: above 0.99"
    return Key(items: [(.area(zoneColor), label)])
  }

  /// Where a layer's outputs are saturated.
  private func zones(
    on axes: Axes, _ baselines: [Double], _ height: Double
  ) -> [Drawing.Element] {
    zip(rows.rows, baselines).flatMap { row, baseline in
      row.flatEnds.filter { $0.overlaps(axes.x.domain) }.map { zone in
        let shown = zone.clamped(to: axes.x.domain)
        let start = axes.placeX(shown.lowerBound)
        return .rectangle(
          Frame(
            x: start, y: baseline - height * 0.92, width: axes.placeX(shown.upperBound) - start,
            height: height * 0.92), zoneColor)
      }
    }
  }

  private func grid(on axes: Axes, limit: Int) -> [Drawing.Element] {
    axes.x.ticks(limit: limit).map { tick in
      let place = axes.placeX(tick.value)
      return .line(
        Point(place, axes.plot.y), Point(place, axes.plot.maxY),
        Stroke(theme.grid, width: theme.hairline))
    }
  }

  /// A layer's ridge, as high as any other at its peak, so that the shape of each is seen.
  private func ridge(
    _ row: RidgeRows.Row, on axes: Axes, _ baseline: Double, height: Double
  ) -> [Drawing.Element] {
    let floor = Drawing.Element.line(
      Point(axes.plot.x, baseline), Point(axes.plot.maxX, baseline),
      Stroke(theme.grid, width: theme.hairline))
    let outline = outline(of: row.distribution)
    guard let peak = outline.map(\.density).max(), peak > 0 else {
      return [floor] + note(on: row.distribution, at: Point(axes.plot.midX, baseline))
    }
    let points = outline.map { point in
      Point(axes.placeX(point.place), baseline - point.density / peak * height)
    }
    let color = row.isAccented ? theme.accent : theme.data
    return [
      floor, .polygon(points, color.mixed(with: theme.background, 0.55)),
      .polyline(points, Stroke(color, width: theme.lineWidth * 0.75)),
    ]
  }

  /// What stands in the place of a ridge where there is no magnitude to draw.
  private func note(on distribution: Distribution, at place: Point) -> [Drawing.Element] {
    let words: String? =
      switch distribution.total {
      case distribution.zeros: "nothing but zeros"
      case distribution.nonFinite: "nothing finite"
      default: nil
      }
    guard let words else { return [] }
    return [
      .text(
        Text(
          words, at: place, .init(.center, .bottom), font: theme.labelFont,
          color: theme.secondaryInk, role: .mark))
    ]
  }

  /// A smooth line through the counts of the bins (Catmull and Rom's), from zero to zero.
  private func outline(of distribution: Distribution) -> [(place: Double, density: Double)] {
    guard let bins = rows.bins else { return [] }
    func count(_ bin: Int) -> Double {
      bins.contains(bin) ? Double(distribution.counts[bin]) : 0
    }
    return (bins.lowerBound - 1...bins.upperBound).flatMap { bin in
      let (a, b, c, d) = (count(bin - 1), count(bin), count(bin + 1), count(bin + 2))
      return (0..<Self.fineness).map { part in
        let t = Double(part) / Double(Self.fineness)
        let bend = (2 * a - 5 * b + 4 * c - d) * t + (3 * (b - c) + d - a) * t * t
        let density = b + ((c - a) + bend) * t / 2
        let place = Double(bin) + 0.5 + t + Double(Log2Histogram.lowestExponent)
        return (place * log10(2), max(0, density))
      }
    } + [(Distribution.start(ofBin: bins.upperBound + 1) + log10(2) / 2, 0)]
  }

  /// A cell a bin, colored by the share of the layer's elements in it.
  private func map(in plot: Frame) -> Raster {
    let domain = domain(isMap: true)
    let first = Int((domain.lowerBound / log10(2)).rounded()) - Log2Histogram.lowestExponent
    let last = Int((domain.upperBound / log10(2)).rounded()) - Log2Histogram.lowestExponent - 1
    let bins = first...max(first, last)
    let cells = rows.rows.flatMap { row in
      bins.map { bin in
        let share = row.distribution.share(row.distribution.counts[bin])
        return share > 0
          ? theme.ramp.color(at: 1 - log10(share) / Self.leastShare) : theme.absent
      }
    }
    return Raster(frame: plot, columns: bins.count, cells: cells)
  }
}
