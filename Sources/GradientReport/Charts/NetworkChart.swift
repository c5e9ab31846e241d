import Foundation
package import GradientDiagnosis
import GradientTrace

/// The network as a diagram, each of its blocks in the color of its δ, with what was found where it was found.
package struct NetworkChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let plan: NetworkPlan
  private let cells: [NetworkCell]

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let cells = NetworkCell.cells(run, diagnosis)
    guard cells.plan.columnCount > 1 else {
      throw NotEnoughData("no layers that feed each other in this trace")
    }
    guard cells.all.contains(where: { $0.state != .unknown }) else {
      throw NotEnoughData("no δ in this trace")
    }
    plan = cells.plan
    self.cells = cells.all
    let steps = run.profile.steps
    let window =
      steps.count == 1 ? "step \(steps[0])" : "steps \(steps.first ?? 0) to \(steps.last ?? 0)"
    let unit = run.isDeltaPerExample ? "L2 norm of δ per example" : "RMS of δ's elements"
    subtitle =
      ["\(unit), output of each layer in the backward pass"] + (steps.isEmpty ? [] : [window])
      + ["log scale", "input at the left, δ comes from the right"]
    title = Self.title(cells.all)
    let found = cells.all.filter { $0.mark != nil }
      .map { "\($0.mark?.words ?? "") at \($0.mark?.layer ?? $0.name)" }
    alternativeText = ([title] + found).joined(separator: "; ")
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let font = theme.labelFont
    let range = valueRange
    let bar = ColorBar(range: range, theme: theme)
    let head = font.height + theme.gap
    let area = content.inset(top: head, trailing: bar.width + 3 * theme.gap)
    let names = cells.flatMap { [$0.name, $0.kinds] }
      .map { font.width(of: font.fitting(name: $0, into: theme.nameWidth * 1.2)) }
    let width = (names.max() ?? 0) + 2 * theme.gap
    let layout = NetworkLayout.best(
      plan, in: area,
      NetworkLayout.Needs(
        width: width, leastWidth: min(width, theme.nameWidth * 0.55),
        text: NetworkCell.lineHeight(theme),
        label: theme.markFont.height + theme.gap * 1.25,
        labelsEachLane: zip(plan.blocks, cells).contains { $0.lane > 0 && $1.mark != nil }))
    var elements = lines(layout, theme)
    for (block, cell) in zip(plan.blocks, cells) {
      elements += cell.elements(
        in: layout.frame(of: block), layout.gap, layout.detail, range, theme)
    }
    elements += labels(layout, within: area, theme)
    let barArea = area.inset(top: theme.gap / 2, bottom: theme.gap / 2)
    elements += bar.elements(in: barArea, from: area.maxX + 2 * theme.gap)
    elements.append(
      .text(
        Text(
          "δ", at: Point(area.maxX + 2 * theme.gap, content.y), .init(.leading, .top), font: font,
          color: theme.secondaryInk, role: .caption)))
    return elements
      + key(theme).elements(from: content.x, to: area.maxX, top: content.y, theme: theme)
  }
}

extension NetworkChart {
  /// The decades that the colors span.
  private var valueRange: ClosedRange<Double> {
    let values = cells.compactMap(\.decades)
    let low = values.min() ?? -1
    let high = values.max() ?? 0
    let half = max(high - low, StepMap.leastDecades) / 2
    return (low + high) / 2 - half...(low + high) / 2 + half
  }

  private static func title(_ cells: [NetworkCell]) -> String {
    let weighted = cells.filter(\.hasWeights)
    let shown = weighted.isEmpty ? cells : weighted
    let broken = shown.filter { $0.state == .nonFinite }
    if !broken.isEmpty {
      return broken.count == shown.count
        ? "δ is finite in no layer"
        : "δ is not finite in " + Wording.list(broken.map(\.name), contiguous: false)
    }
    let zeros = shown.filter { $0.state == .zero }
    if !zeros.isEmpty {
      return "No δ arrives at " + Wording.list(zeros.map(\.name), contiguous: false)
    }
    let known = shown.compactMap { cell in cell.decades.map { (cell.name, $0) } }
    guard let least = known.indices.min(by: { known[$0].1 < known[$1].1 }),
      let most = known.indices.max(by: { known[$0].1 < known[$1].1 })
    else { return "δ of no layer with weights was recorded" }
    let decades = known[most].1 - known[least].1
    guard decades >= 1 else {
      return "δ keeps its size on its way back through "
        + known.count.counted(weighted.isEmpty ? "layer" : "weight layer")
    }
    let (start, end) = least < most ? (most, least) : (least, most)
    return
      "δ \(least < most ? "loses" : "grows by") \(Wording.decades(decades)) decades on its way "
      + "back from \(known[start].0) to \(known[end].0)"
  }

  private func lines(_ layout: NetworkLayout, _ theme: Theme) -> [Drawing.Element] {
    let stroke = Stroke(theme.axis, width: min(theme.lineWidth * 0.75, max(1, layout.gap / 8)))
    let head = min(7, layout.gap * 0.4)
    var elements: [Drawing.Element] = []
    for block in plan.blocks {
      for consumer in block.consumers {
        elements += layout.path(from: block, to: plan.blocks[consumer]).map {
          .polyline($0, stroke)
        }
      }
      guard !block.inputs.isEmpty else { continue }
      let frame = layout.frame(of: block)
      elements.append(
        .polygon(
          [
            Point(frame.x, frame.midY), Point(frame.x - head, frame.midY - head * 0.55),
            Point(frame.x - head, frame.midY + head * 0.55),
          ], theme.axis))
    }
    return elements
  }

  /// The findings above the blocks where they were found, and where these have no text of their own their names; what finds
  /// no room is left out, the root cause never.
  private func labels(
    _ layout: NetworkLayout, within area: Frame, _ theme: Theme
  ) -> [Drawing.Element] {
    let font = theme.markFont
    var taken: [Frame] = []
    var elements: [Drawing.Element] = []
    func add(_ words: String, above index: Int, _ color: Color) {
      guard let row = layout.labelRow(above: plan.blocks[index]) else { return }
      let string = font.fitting(words, into: area.width * 0.45)
      let half = font.width(of: string) / 2
      let center = min(max(row.midX, area.x + half), area.maxX - half)
      let text = Text(
        string, at: Point(center, row.maxY - theme.gap), .init(.center, .bottom), font: font,
        color: color, role: .mark)
      let room = text.box.inset(leading: -theme.gap, trailing: -theme.gap)
      guard !string.isEmpty, !taken.contains(where: room.overlaps) else { return }
      taken.append(text.box)
      elements += [.rectangle(text.box, theme.background), .text(text)]
    }
    let marked = cells.indices.filter { cells[$0].mark != nil }
      .sorted { (cells[$0].mark?.isRoot ?? false) && !(cells[$1].mark?.isRoot ?? false) }
    for index in marked {
      guard let mark = cells[index].mark else { continue }
      let place = layout.detail == .none ? ": \(mark.layer)" : mark.place
      add(mark.words + place, above: index, mark.isRoot ? theme.accentInk : theme.ink)
    }
    guard layout.detail == .none else { return elements }
    for index in [0, cells.count - 1] + Array(cells.indices) {
      let name = font.fitting(name: cells[index].name, into: theme.nameWidth)
      add(name, above: index, theme.secondaryInk)
    }
    return elements
  }

  private func key(_ theme: Theme) -> Key {
    var items: [(Key.Swatch, String)] = []
    if cells.contains(where: { [.root, .affected].contains($0.outline) }) {
      items.append((.area(theme.accent), "root cause"))
    }
    if cells.contains(where: { $0.outline == .other }) {
      items.append((.area(theme.secondaryInk), "other findings"))
    }
    for (state, color, words) in [
      (NetworkCell.State.zero, theme.zero, "exactly zero"),
      (.nonFinite, theme.nonFinite, "NaN or infinite"), (.unknown, theme.absent, "no δ"),
    ] where cells.contains(where: { $0.state == state }) {
      items.append((.area(color), words))
    }
    return Key(items: items)
  }
}
