import Foundation
import GradientDiagnosis
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
    let domain = domain(isMap)
    let leading = columns(rows.asides.filter(\.isLeading), isMap)
    let trailing = columns(rows.asides.filter { !$0.isLeading }, isMap)
    let bar = isMap ? ColorBar(range: Self.leastShare...0, theme: theme) : nil
    let taken = names.width + leading.width + trailing.width + (bar.map { $0.width } ?? 0)
    var sizes = theme
    sizes.tickLimit = min(theme.tickLimit, max(2, Int((content.width - taken) / 70)))
    let key = isMap ? Key(items: []) : key
    let axes = Axes(
      in: content, x: Scale(.exponent, domain), y: nil, xCaption: caption,
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
      ? rows.bins.map { [.raster(map(in: axes.plot, of: $0))] } ?? []
      : zones(on: axes, baselines, height) + grid(on: axes, limit: sizes.tickLimit)
    elements += axes.elements(grid: false)
    if let bar {
      elements += bar.elements(in: axes.plot, from: content.maxX - bar.width)
      elements.append(
        .text(
          Text(
            "share", at: Point(content.maxX, axes.plot.y - font.height * 0.75),
            .init(.trailing, .bottom), font: font, color: theme.secondaryInk, role: .caption)))
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
  /// What the axis spans: whole bins for a map of them, else what there is, with room for the marks at its ends.
  private func domain(_ isMap: Bool) -> ClosedRange<Double> {
    if isMap, let bins = rows.bins {
      return Distribution.start(
        ofBin: bins.lowerBound)...Distribution.start(ofBin: bins.upperBound + 1)
    }
    var all = rows.domain
    // The RMS may lie far above what most of the elements are.
    if showsSubnormals { all = min(all.lowerBound, leastNormal)...all.upperBound }
    let spare = max(all.upperBound - all.lowerBound, 0.5) * 0.015
    let isRidge = rows.rows.contains { $0.shownBins != nil || $0.heap > 0 }
    return all.lowerBound - (isRidge ? 0 : 0.5)...all.upperBound + (isRidge ? spare : 0.5)
  }

  /// A ridge is so many rows high.
  private var overlap: Double { rows.rows.count > Self.spaciousRows ? 1.6 : 1 }

  private func columns(_ asides: [RidgeRows.Aside], _ isMap: Bool) -> ShareColumns {
    ShareColumns(
      columns: asides.map { aside in
        ShareColumns.Column(
          label: aside.label, color: color(of: aside),
          track: aside == .saturated ? zoneColor : theme.absent,
          shares: rows.rows.map { aside.share(of: $0.distribution) })
      }, hasFigures: !isMap, theme: theme)
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
    var items: [(Key.Swatch, String)] = []
    if rows.rows.contains(where: { $0.heap > 0 }) {
      items.append((.area(theme.rare), "saturated: from 0.99 to 1"))
    }
    if rows.rows.contains(where: { $0.flatEnd != nil }) {
      items.append((.area(zoneColor), "saturated: below 0.01"))
    }
    if rows.rows.contains(where: { $0.sizes != nil }) {
      items.append((.dot(theme.data), "RMS, with a line to the largest"))
      if showsSubnormals {
        let examples = rows.scale == 1 ? "" : " × \(Wording.short(rows.scale)) examples"
        items.append((.area(zoneColor), "subnormal: below 1.2e-38\(examples)"))
      }
    }
    return Key(items: items)
  }

  /// Log10 of the smallest magnitude that was computed in full precision.
  private var leastNormal: Double { log10(Double(Float.leastNormalMagnitude) * rows.scale) }

  /// Whether there are numbers that lose their digits in a row that lies beyond the bins.
  private var showsSubnormals: Bool {
    rows.rows.contains { $0.sizes != nil && $0.distribution.subnormal > 0 }
  }

  /// Where a sigmoid's outputs are saturated at its lower end, and where numbers lose their digits.
  private func zones(
    on axes: Axes, _ baselines: [Double], _ height: Double
  ) -> [Drawing.Element] {
    zip(rows.rows, baselines).compactMap { row, baseline in
      let isTiny = row.sizes != nil && showsSubnormals
      guard let flatEnd = row.flatEnd ?? (isTiny ? leastNormal : nil) else { return nil }
      let end = min(axes.placeX(flatEnd), axes.plot.maxX)
      guard end > axes.plot.x else { return nil }
      return .rectangle(
        Frame(
          x: axes.plot.x, y: baseline - height * 0.92, width: end - axes.plot.x,
          height: height * 0.92), zoneColor)
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
    _ row: RidgeRow, on axes: Axes, _ baseline: Double, height: Double
  ) -> [Drawing.Element] {
    let floor = Drawing.Element.line(
      Point(axes.plot.x, baseline), Point(axes.plot.maxX, baseline),
      Stroke(theme.grid, width: theme.hairline))
    let outline = outline(of: row)
    let peak = max(outline.map(\.density).max() ?? 0, Double(row.heap))
    // Heaps stand one above the other, and shall not become one line.
    let height = row.heap > 0 ? height * 0.8 : height
    guard peak > 0 else { return [floor] + sizes(of: row, on: axes, baseline, height: height) }
    let points = outline.map { point in
      Point(axes.placeX(point.place), baseline - point.density / peak * height)
    }
    let color = row.isAccented ? theme.accent : theme.data
    var elements = [floor]
    if !points.isEmpty {
      elements += [
        .polygon(points, color.mixed(with: theme.background, 0.55)),
        .polyline(points, Stroke(color, width: theme.lineWidth * 0.75)),
      ]
    }
    guard row.heap > 0 else { return elements }
    let end = axes.placeX(RidgeRow.upperFlatEnd.upperBound)
    let start = min(axes.placeX(RidgeRow.upperFlatEnd.lowerBound), end - theme.gap / 2)
    let top = Double(row.heap) / peak * height
    let heap = Frame(x: start, y: baseline - top, width: end - start, height: top)
    return elements + [.rectangle(heap, theme.rare)]
  }

  /// RMS and largest magnitude of a row that lies beyond the bins, with the RMS as a figure; words where there is none.
  private func sizes(
    of row: RidgeRow, on axes: Axes, _ baseline: Double, height: Double
  ) -> [Drawing.Element] {
    guard let sizes = row.sizes, let words = row.size else {
      return note(on: row, at: Point(axes.plot.midX, baseline))
    }
    let font = theme.labelFont
    let color = row.isAccented ? theme.accent : theme.data
    let middle = baseline - min(height, font.height * 2) / 2
    let start = axes.placeX(sizes.lowerBound), end = axes.placeX(sizes.upperBound)
    // Behind the line, or before it where there is no room.
    let isBehind = end + theme.gap + font.width(of: words) <= axes.plot.maxX
    let text = Text(
      words, at: Point(isBehind ? end + theme.gap : start - theme.gap, middle),
      .init(isBehind ? .leading : .trailing, .middle), font: font,
      color: row.isAccented ? theme.accentInk : theme.ink, role: .mark)
    return [
      .line(
        Point(start, middle), Point(end, middle),
        Stroke(color.mixed(with: theme.background, 0.55), width: theme.dotRadius)),
      .disc(center: Point(start, middle), radius: theme.dotRadius, color),
    ] + (text.box.x >= axes.plot.x && height >= font.height ? [.text(text)] : [])
  }

  /// What stands in the place of a ridge where there is no magnitude to draw.
  private func note(on row: RidgeRow, at place: Point) -> [Drawing.Element] {
    let words: String? =
      switch row.distribution.total {
      case row.distribution.zeros: "nothing but zeros"
      case row.distribution.nonFinite: "nothing finite"
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

  /// A smooth line through the counts of the bins (Catmull and Rom's), from zero at the edge of the first that isn't empty to
  /// zero at the end of the last: where the next one begins, or at the largest magnitude there is.
  private func outline(of row: RidgeRow) -> [(place: Double, density: Double)] {
    guard let bins = rows.bins else { return [] }
    let counts = row.counts
    func count(_ bin: Int) -> Double { bins.contains(bin) ? Double(counts[bin]) : 0 }
    guard let first = bins.first(where: { counts[$0] > 0 }),
      let last = bins.last(where: { counts[$0] > 0 })
    else { return [] }
    let points = (first - 1...last).flatMap { bin in
      let (a, b, c, d) = (count(bin - 1), count(bin), count(bin + 1), count(bin + 2))
      return (0..<Self.fineness).map { part in
        let t = Double(part) / Double(Self.fineness)
        let bend = (2 * a - 5 * b + 4 * c - d) * t + (3 * (b - c) + d - a) * t * t
        return (place: Double(bin) + 0.5 + t, density: max(0, b + ((c - a) + bend) * t / 2))
      }
    }
    // What reaches beyond the first and the last bin is left out: nothing lies there.
    let inside = points.filter { $0.place > Double(first) && $0.place < Double(last + 1) }
    let ends = [first, last + 1].map { (place: Double($0), density: 0.0) }
    return ([ends[0]] + inside + [ends[1]]).map { point in
      let bin = min(Int(point.place), last)
      let start = Distribution.start(ofBin: bin), end = row.distribution.end(ofBin: bin)
      return (start + (point.place - Double(bin)) * (end - start), point.density)
    }
  }

  /// A cell a bin, colored by the share of the layer's elements in it.
  private func map(in plot: Frame, of bins: ClosedRange<Int>) -> Raster {
    let cells = rows.rows.flatMap { row in
      bins.map { bin in
        let share = row.distribution.share(row.counts[bin])
        return share > 0
          ? theme.ramp.color(at: 1 - log10(share) / Self.leastShare) : theme.absent
      }
    }
    return Raster(frame: plot, columns: bins.count, cells: cells)
  }
}
