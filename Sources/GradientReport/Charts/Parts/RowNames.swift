/// The names left of a chart's rows: as many as have room, those that matter first.
struct RowNames {
  let names: [String]
  /// The rows whose names must be there, drawn in the accent.
  let accented: Set<Int>
  let theme: Theme

  /// The width of the widest name.
  var width: Double {
    names.map { theme.labelFont.width(of: label($0)) }.max() ?? 0
  }

  /// The names, each ending at `end` and centered at its row's height.
  func elements(at heights: [Double], end: Double) -> [Drawing.Element] {
    let font = theme.labelFont
    guard let first = heights.first, let last = heights.last else { return [] }
    let row = heights.count > 1 ? (last - first) / Double(heights.count - 1) : font.height
    let every = max(1, Int((font.height / row).rounded(.up)))
    let regular = stride(from: 0, to: names.count, by: every)
    var taken: [Frame] = []
    var shown: Set<Int> = []
    var elements: [Drawing.Element] = []
    for index in accented.sorted() + [0, names.count - 1] + Array(regular)
    where shown.insert(index).inserted {
      let text = Text(
        label(names[index]), at: Point(end, heights[index]), .init(.trailing, .middle), font: font,
        color: accented.contains(index) ? theme.accentInk : theme.secondaryInk, role: .tick)
      guard !taken.contains(where: text.box.overlaps) else { continue }
      taken.append(text.box)
      elements.append(.text(text))
    }
    return elements
  }

  private func label(_ name: String) -> String {
    theme.labelFont.fitting(name: name, into: theme.nameWidth)
  }
}
