import Foundation
import GradientDiagnosis
package import GradientTrials

/// How output, δ and change go with the width or the depth: a panel each, a line a layer, flat where nothing depends on it.
package struct SweepChart: Picture {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let part: Sweep.Part
  private let steps: Int?
  private let panels: [Sweep.Quantity]

  /// More lines than this can't be told apart.
  private static let lineLimit = 6

  /// Gathers what a part of a sweep measured.
  ///
  /// - Throws: ``NotEnoughData``, where that is nothing.
  package init(_ part: Sweep.Part, of sweep: Sweep) throws(NotEnoughData) {
    self.part = part
    steps = sweep.steps
    panels = Sweep.Quantity.allCases.filter { quantity in
      part.lines(of: quantity).contains { line in line.values.count { $0 != nil } > 1 }
    }
    guard !panels.isEmpty else { throw NotEnoughData("nothing was measured at two sizes") }
    title = Self.title(part)
    subtitle = [
      "Median of \(sweep.seeds == 1 ? "one seed" : "\(sweep.seeds) seeds"), log scale; flat is steady",
      part.subject,
    ]
    alternativeText =
      title + "; "
      + part.judgments.map { "\($0.quantity.name) \($0.trend.rawValue)" }
      .joined(separator: ", ")
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let gap = 4 * theme.gap
    let width = (content.width - gap * Double(panels.count - 1)) / Double(panels.count)
    return panels.enumerated().flatMap { place, quantity in
      panel(
        quantity,
        in: Frame(
          x: content.x + Double(place) * (width + gap), y: content.y, width: width,
          height: content.height), theme)
    }
  }
}

extension SweepChart {
  /// The most serious judgment in a sentence, or that there is none.
  private static func title(_ part: Sweep.Part) -> String {
    let dimension = part.dimension.rawValue
    let worst = part.judgments.filter { $0.trend != .steady && $0.trend != .unknown }
      .max { $0.severity < $1.severity }
    let span = "from \(part.labels.first ?? "") to \(part.labels.last ?? "")"
    guard let worst else {
      return part.dimension == .width
        ? "Nothing depends on the width, \(span)"
        : "Nothing depends on the depth, \(span) blocks"
    }
    let what =
      switch worst.quantity {
      case .activation: "The outputs at the start"
      case .delta: "δ at the start"
      case .change: "The change in the first steps"
      }
    let isOne = worst.quantity != .activation
    switch worst.trend {
    case .grows: return "\(what) grow\(isOne ? "s" : "") with the \(dimension)"
    case .vanishes: return "\(what) vanish\(isOne ? "es" : "") with the \(dimension)"
    default: return "\(what) \(isOne ? "is" : "are") no number any more at some \(dimension)"
    }
  }

  private func panel(
    _ quantity: Sweep.Quantity, in frame: Frame, _ theme: Theme
  ) -> [Drawing.Element] {
    let lines = shown(quantity)
    let heights = lines.flatMap { $0.values.compactMap { $0.map { log10($0) } } }
    guard let tight = Scale(.exponent, covering: heights, padding: 0.08),
      let x = Scale(.linear, covering: part.sizes.indices.map(Double.init), padding: 0.06)
    else { return [] }
    // At least a decade: what is steady is to look flat.
    let middle = (tight.domain.lowerBound + tight.domain.upperBound) / 2
    let half = max(0.6, (tight.domain.upperBound - tight.domain.lowerBound) / 2)
    let y = Scale(.exponent, middle - half...middle + half)
    let heading = headingHeight(theme)
    let ends = lineEnds(lines, quantity, theme)
    let axes = Axes(
      in: frame.inset(top: heading), x: x, y: y,
      xCaption: part.dimension == .width ? "width" : "blocks", trailing: ends.width(theme),
      theme: theme)
    let places = part.sizes.indices.map { axes.placeX(Double($0)) }
    let names = NameRow(names: part.labels, pinned: [], accented: [])
      .elements(at: places, top: axes.plot.maxY + theme.gap, within: frame, theme: theme)
    return self.heading(quantity, in: frame, theme) + axes.elements(namesX: false) + names
      + lines.enumerated().flatMap { place, line in draw(line, place, quantity, on: axes, theme) }
      + ends.elements(on: axes, theme)
  }

  private func headingHeight(_ theme: Theme) -> Double {
    2 * theme.labelFont.height + theme.gap
  }

  /// What the panel shows, and its verdict.
  private func heading(
    _ quantity: Sweep.Quantity, in frame: Frame, _ theme: Theme
  ) -> [Drawing.Element] {
    let judgment = part.judgments.first { $0.quantity == quantity }
    let isCalm = judgment.map { $0.severity == .info } ?? true
    let font = Font(theme.labelSize, bold: true)
    func text(_ string: String, _ y: Double, _ font: Font, _ color: Color) -> Drawing.Element {
      .text(
        Text(
          font.fitting(string, into: frame.width), at: Point(frame.x, y), .init(.leading, .top),
          font: font, color: color, role: .caption))
    }
    return [
      text(headline(quantity), frame.y, font, theme.ink),
      text(
        verdict(judgment), frame.y + font.height + theme.gap / 4, theme.labelFont,
        isCalm ? theme.healthyInk : theme.accentInk),
    ]
  }

  private func headline(_ quantity: Sweep.Quantity) -> String {
    guard part.dimension == .depth, quantity != .change,
      let compared = part.lines(of: quantity).first?.layer
    else { return quantity.title(steps: steps) }
    return "\(quantity.name) at the start, \(compared)"
  }

  private func verdict(_ judgment: Sweep.Judgment?) -> String {
    guard let judgment, let slope = judgment.slope else { return judgment?.trend.rawValue ?? "" }
    let figure = (slope < 0 ? "−" : "") + Wording.decimal(abs(slope), places: 2)
    guard part.dimension == .width else {
      return "\(judgment.trend.rawValue): \(figure) decades a block"
    }
    let layers = Wording.list(judgment.layers, contiguous: judgment.layers.count > 3)
    let place = judgment.layers.isEmpty ? "" : " at \(layers)"
    return "\(judgment.trend.rawValue): width^\(figure)\(place)"
  }

  /// Lines enough to see the trend, those that a judgment names among them.
  private func shown(_ quantity: Sweep.Quantity) -> [Sweep.Line] {
    let lines = part.lines(of: quantity)
    guard lines.count > Self.lineLimit else { return lines }
    let named = part.judgments.first { $0.quantity == quantity }?.layers.first
    let last = Self.lineLimit - 1
    let even = Set((0..<last).map { $0 * (lines.count - 1) / (last - 1) })
    return lines.enumerated().filter { even.contains($0.offset) || $0.element.layer == named }
      .map(\.element)
  }

  private func color(_ line: Sweep.Line, _ place: Int, _ theme: Theme) -> Color {
    let judgment = part.judgments.first { $0.quantity == line.quantity }
    let isAccused = judgment.map { $0.severity > .info } ?? false
    let isNamed = part.dimension == .depth || judgment?.layers.contains(line.layer) ?? false
    return isAccused && isNamed ? theme.accent : theme.series[place % theme.series.count]
  }

  private func draw(
    _ line: Sweep.Line, _ place: Int, _ quantity: Sweep.Quantity, on axes: Axes, _ theme: Theme
  ) -> [Drawing.Element] {
    let color = color(line, place, theme)
    let points = line.values.enumerated().compactMap { index, value in
      value.map { axes.point(Double(index), log10($0)) }
    }
    return [.polyline(points, Stroke(color, width: theme.lineWidth))]
      + points.map { .disc(center: $0, radius: theme.dotRadius * 0.7, color) }
  }

  private func lineEnds(
    _ lines: [Sweep.Line], _ quantity: Sweep.Quantity, _ theme: Theme
  ) -> LineEnds {
    var ends = LineEnds()
    guard lines.count > 1 else { return ends }
    for (place, line) in lines.enumerated() {
      guard let last = line.values.last ?? nil else { continue }
      let color = color(line, place, theme)
      ends.add(
        theme.labelFont.fitting(name: line.layer, into: theme.nameWidth * 0.7), at: log10(last),
        Stroke(color, width: theme.hairline), isAccented: color == theme.accent)
    }
    return ends
  }
}
