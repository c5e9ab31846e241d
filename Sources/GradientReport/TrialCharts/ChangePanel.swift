import GradientDiagnosis

/// How much one quantity of each layer differs between two runs, beside what is noise.
struct ChangePanel: Picture {
  let title: String
  let subtitle: [String]
  var alternativeText: String { title }
  private let entries: [RunComparison.Entry]
  private let names: [String]

  /// Shows one quantity of a comparison, or nothing where no layer has it in both runs.
  init?(_ quantity: RunComparison.Quantity, of comparison: RunComparison) {
    entries = comparison.entries(of: quantity)
    guard !entries.isEmpty else { return nil }
    names = shortNames(entries.map(\.layer))
    let changed = entries.count(where: \.isChanged)
    let name = Wording.capitalized(quantity.name)
    title =
      changed == 0
      ? "\(name): no change beyond noise"
      : "\(name) changed in \(changed) of \(entries.count) layers"
    subtitle = [Wording.capitalized(quantity.title)]
  }

  func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let reach = entries.map { max(abs($0.decades ?? 0), $0.noise) }.max() ?? 1
    let bound = max(1, reach * 1.1)
    let axes = Axes(
      in: content, x: Scale(.linear, -0.5...Double(entries.count) - 0.5),
      y: Scale(.exponent, -bound...bound), xCaption: "layers, from the input to the output",
      yCaption: "after / before", trailing: theme.gap, theme: theme)
    let places = entries.indices.map { axes.placeX(Double($0)) }
    let slot = axes.plot.width / Double(entries.count)
    var elements: [Drawing.Element] = entries.enumerated().map { index, entry in
      let top = axes.placeY(min(entry.noise, bound)), bottom = axes.placeY(-min(entry.noise, bound))
      return .rectangle(
        Frame(x: places[index] - slot / 2, y: top, width: slot, height: bottom - top),
        theme.healthy)
    }
    elements += axes.elements(namesX: false)
    for (index, entry) in entries.enumerated() {
      elements += mark(entry, at: Double(index), on: axes, theme)
    }
    let largest = entries.indices.filter { entries[$0].isChanged }
      .max { abs(entries[$0].decades ?? .infinity) < abs(entries[$1].decades ?? .infinity) }
    elements += NameRow(
      names: names, pinned: largest.map { [$0] } ?? [],
      accented: Set(
        largest.map { [$0] } ?? [])
    ).elements(at: places, top: axes.plot.maxY + theme.gap, within: content, theme: theme)
    var key = Key(items: [(.area(theme.healthy), "noise")])
    if entries.contains(where: \.isChanged) { key.items.append((.dot(theme.accent), "changed")) }
    return elements
      + key.elements(from: content.x, to: content.maxX, top: content.y, theme: theme)
  }

  /// A dot at the change; where only one of both sizes has a logarithm, a cross at the edge.
  private func mark(
    _ entry: RunComparison.Entry, at place: Double, on axes: Axes, _ theme: Theme
  ) -> [Drawing.Element] {
    let color = entry.isChanged ? theme.accent : theme.data
    if let decades = entry.decades {
      return [.disc(center: axes.point(place, decades), radius: theme.dotRadius, color)]
    }
    guard entry.isChanged, let bounds = axes.y?.domain else { return [] }
    let isLess = entry.after == 0
    return .cross(
      at: axes.point(place, isLess ? bounds.lowerBound : bounds.upperBound), color, theme)
  }
}
