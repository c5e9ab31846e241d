import Foundation
import GradientDiagnosis
import GradientTrace
import GzipIO

/// What a diagram of the network says of one block.
struct NetworkCell: Sendable {
  /// The name of its main layer, as short as a chart needs it.
  var name: String
  /// The kinds of its layers, and that of its main layer alone, for little room.
  var kinds: String, mainKind: String
  var hasWeights: Bool
  var state: State
  /// What was found in one of its layers.
  var mark: Mark?
  var outline = Outline.none

  /// How large δ is at its main layer.
  enum State: Equatable, Sendable {
    /// The decimal logarithm.
    case size(Double)
    case zero, nonFinite, unknown
  }

  /// The findings about a block.
  struct Mark: Sendable {
    /// Their names.
    var words: String
    /// The layer that they are about, as short as a chart needs it.
    var layer: String
    /// Where in the block that is, if not at its main layer: `" (relu-2)"`.
    var place: String
    var isRoot: Bool
  }

  /// How much a block stands out.
  enum Outline: Sendable {
    case none
    /// The root cause affects it, was found in it, or another finding was.
    case affected, root, other
  }

  /// log10 of δ, where it has one.
  var decades: Double? { if case .size(let decades) = state { decades } else { nil } }

  /// Where the blocks of a run stand, and what is said of each.
  static func cells(
    _ run: RunDigest, _ diagnosis: Diagnosis
  ) -> (plan: NetworkPlan, all: [NetworkCell]) {
    let layers = run.header.layers
    let plan = NetworkPlan(run.graph, layers)
    let weighted = Set(run.graph.weightLayers)
    var cells = plan.blocks.map { block in
      let mainKind = layers[block.main].kind.quotable
      let units = layers[block.main].units.map { " \($0)" } ?? ""
      return NetworkCell(
        name: run.names[block.main],
        kinds: block.layers
          .map { $0 == block.main ? mainKind + units : layers[$0].kind.quotable }
          .joined(separator: " · "),
        mainKind: mainKind, hasWeights: weighted.contains(block.main), state: state(of: block, run))
    }
    let places = Dictionary(
      plan.blocks.enumerated().flatMap { index, block in
        block.layers.map { (layers[$0].name, (block: index, layer: $0)) }
      }, uniquingKeysWith: { first, _ in first })
    for (index, finding) in diagnosis.findings.enumerated() where finding.severity > .info {
      guard let place = finding.layer.flatMap({ places[$0] }) else { continue }
      let isRoot = index == diagnosis.rootCause
      let words = Wording.symptom(finding.id)
      if isRoot || cells[place.block].outline == .none {
        cells[place.block].outline = isRoot ? .root : .other
      }
      guard var mark = cells[place.block].mark else {
        let isMain = place.layer == plan.blocks[place.block].main
        cells[place.block].mark = Mark(
          words: words, layer: run.names[place.layer],
          place: isMain ? "" : " (\(run.names[place.layer]))", isRoot: isRoot)
        continue
      }
      guard !mark.words.contains(words) else { continue }
      mark.words += ", " + words
      mark.isRoot = mark.isRoot || isRoot
      cells[place.block].mark = mark
    }
    // Where all layers are affected, only the one to look at first stands out.
    let affected = Set((diagnosis.root?.layers ?? []).compactMap { places[$0]?.block })
    if affected.count < cells.count(where: \.hasWeights) {
      for block in affected where cells[block].outline == .none {
        cells[block].outline = .affected
      }
    }
    return (plan, cells)
  }

  private static func state(of block: NetworkPlan.Block, _ run: RunDigest) -> State {
    if let spread = ([block.main] + block.layers).lazy.compactMap(run.profile.spread).first {
      return spread.isZero ? .zero : .size(spread.median)
    }
    let row = run.graph.weightLayers.firstIndex(of: block.main)
    let isBroken = row.map { run.delta[$0].bins.contains { $0.nonFinite > 0 } } ?? false
    return isBroken ? .nonFinite : .unknown
  }

  /// The block in `frame`, with as much text as `detail` says, its color from `range`.
  func elements(
    in frame: Frame, _ gap: Double, _ detail: NetworkLayout.Detail, _ range: ClosedRange<Double>,
    _ theme: Theme
  ) -> [Drawing.Element] {
    let fill = color(range, theme)
    var elements: [Drawing.Element] = []
    if outline != .none {
      let width = min(outline == .affected ? 2.5 : 5, gap / 2)
      elements.append(
        .rectangle(
          frame.inset(leading: -width, top: -width, trailing: -width, bottom: -width),
          outline == .other ? theme.secondaryInk : theme.accent))
      elements.append(
        .rectangle(frame.inset(leading: -1, top: -1, trailing: -1, bottom: -1), theme.background))
    }
    elements.append(.rectangle(frame, fill))
    let lines = text(detail, width: frame.width - theme.gap * 0.75, theme)
    let height = Self.lineHeight(theme)
    let top = frame.midY - Double(lines.count - 1) * height / 2
    for (index, line) in lines.enumerated() where !line.string.isEmpty {
      elements.append(
        .text(
          Text(
            line.string, at: Point(frame.midX, top + Double(index) * height),
            .init(.center, .middle), font: line.font, color: fill.ink, role: .mark)))
    }
    return elements
  }

  /// As much of the name, the kinds and δ as `detail` says, each line with its font.
  private func text(
    _ detail: NetworkLayout.Detail, width: Double, _ theme: Theme
  ) -> [(string: String, font: Font)] {
    let font = theme.labelFont
    // A name alone is set small before it is cut, and of a path the end goes before both ends of the whole.
    let fonts =
      detail == .name ? [font, Font(Self.smallest)] : [Font(theme.labelSize, bold: true)]
    let end = name.split(separator: "/").last.map { ["…/" + $0] } ?? []
    let names = [name] + (name.contains("/") ? end : [])
    let titles = names.flatMap { name in fonts.map { (name, $0) } }
    let title = titles.first { $0.1.width(of: $0.0) <= width } ?? titles[fonts.count - 1]
    let kind = [kinds, mainKind].first { font.width(of: $0) <= width } ?? mainKind
    return Array(
      [
        (title.1.fitting(name: title.0, into: width), title.1),
        (font.fitting(kind, into: width), font),
        (font.fitting(value, into: width), font),
      ].prefix(detail.rawValue))
  }

  /// The smallest size of text.
  private static let smallest = 11.0

  /// The distance from one line of a block's text to the next.
  static func lineHeight(_ theme: Theme) -> Double { theme.labelFont.height + 1 }

  private var value: String {
    switch state {
    case .size(let decades): "δ " + Wording.short(pow(10, decades))
    case .zero: "δ is exactly 0"
    case .nonFinite: "δ is not finite"
    case .unknown: "no δ"
    }
  }

  private func color(_ range: ClosedRange<Double>, _ theme: Theme) -> Color {
    switch state {
    case .size(let decades):
      theme.ramp.color(at: (decades - range.lowerBound) / (range.upperBound - range.lowerBound))
    case .zero: theme.zero
    case .nonFinite: theme.nonFinite
    case .unknown: theme.absent
    }
  }
}

extension Color {
  /// Black or white, whichever is better to read on this color.
  fileprivate var ink: Color { luminance > 0.179 ? Color(0x000000) : Color(0xFFFFFF) }
}
