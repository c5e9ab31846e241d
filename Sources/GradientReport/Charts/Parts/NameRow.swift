/// The names below the slots of a horizontal axis: as many as have room, those that matter first.
struct NameRow {
  var names: [String]
  /// The slots whose names must be there, most important first.
  var pinned: [Int]
  /// The slots whose names are drawn in the accent.
  var accented: Set<Int>

  /// The names, each centered below its slot's place.
  func elements(
    at places: [Double], top: Double, within frame: Frame, theme: Theme
  ) -> [Drawing.Element] {
    guard let first = places.first, let last = places.last else { return [] }
    let slot = places.count > 1 ? (last - first) / Double(places.count - 1) : frame.width / 2
    let limit = min(max(theme.nameWidth, slot - theme.gap), frame.width / 3)
    let font = theme.labelFont
    let labels = names.map { font.fitting(name: $0, into: limit) }
    let widest = labels.map { font.width(of: $0) }.max() ?? 0
    let every = max(1, Int(((widest + theme.gap) / slot).rounded(.up)))
    let regular = stride(from: places.count - 1, through: 0, by: -every)
    var taken: [Frame] = []
    var shown: Set<Int> = []
    var elements: [Drawing.Element] = []
    for index in pinned + [0, places.count - 1] + Array(regular)
    where shown.insert(index).inserted {
      let half = font.width(of: labels[index]) / 2
      let center = min(max(places[index], frame.x + half), frame.maxX - half)
      let isAccented = accented.contains(index)
      let text = Text(
        labels[index], at: Point(center, top), .init(.center, .top), font: font,
        color: isAccented ? theme.accentInk : theme.secondaryInk, role: .tick)
      guard
        !taken.contains(where: text.box.inset(leading: -theme.gap, trailing: -theme.gap).overlaps)
      else { continue }
      taken.append(text.box)
      elements.append(.text(text))
    }
    return elements
  }
}
