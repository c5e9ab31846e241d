import GradientDiagnosis
import GradientTrace
import GzipIO

/// The table of a report's layers, to which their names lead from everywhere on the page.
struct LayerTable {
  private let run: RunDigest
  /// For each layer the findings about it, by their numbers on the page.
  private let findings: [String: [Int]]
  /// The layers that have a row, by their indices in the header.
  private let shown: [Int]
  /// The layers that recorded something and have none.
  private let hidden: [Int]
  /// The row of each layer that has one.
  private let places: [String: Int]

  /// The most layers that have a row of their own.
  private static let mostRows = 60

  init(_ run: RunDigest, _ diagnosis: Diagnosis) {
    self.run = run
    var findings: [String: [Int]] = [:]
    for (index, finding) in diagnosis.findings.enumerated() {
      let named = finding.layers + [finding.layer].compactMap(\.self)
      for layer in Set(named) { findings[layer, default: []].append(index + 1) }
    }
    self.findings = findings
    let layers = run.header.layers
    let recorded = layers.indices.filter { index in
      findings[layers[index].name] != nil
        || JudgedWindow.Quantity.allCases.contains {
          run.window.median(of: $0, layer: index) != nil
        } || run.units.contains { $0.layer == index }
    }
    // Of very many layers those that a finding is about, and others from all depths.
    let named = recorded.filter { findings[layers[$0].name] != nil }.prefix(Self.mostRows)
    let others = recorded.filter { !named.contains($0) }
    let free = min(others.count, Self.mostRows - named.count)
    shown = (named + (0..<free).map { others[$0 * others.count / free] }).sorted()
    let rows = Set(shown)
    hidden = recorded.filter { !rows.contains($0) }
    places = Dictionary(
      shown.map { (layers[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  // MARK: - Links

  /// A layer's name as code that leads to its row, if there is one.
  func link(_ name: String) -> String {
    places[name].map { Markdown.link(Markdown.code(name), to: Self.anchor($0)) }
      ?? Markdown.code(name)
  }

  /// Plain text in which the names of layers lead to their rows.
  ///
  /// A name that could be a word or a number (`input`, `0`) is left as it is, unless it stands in quotes, for which it then
  /// stands as code.
  func linked(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let opening = word.prefix { "(\"‘".contains($0) }
      let rest = word.dropFirst(opening.count)
      var name = rest
      while let last = name.last, ".,;:)\"’…".contains(last) { name = name.dropLast() }
      let after = rest.dropFirst(name.count)
      if opening.hasSuffix("‘"), after.hasPrefix("’") {
        return Markdown.text(String(opening.dropLast())) + link(String(name))
          + Markdown.text(String(after.dropFirst()))
      }
      guard name.contains(where: \.isLetter), name.contains(where: { !$0.isLetter }),
        let place = places[String(name)]
      else { return Markdown.text(String(word)) }
      return Markdown.text(String(opening))
        + Markdown.link(Markdown.text(String(name)), to: Self.anchor(place))
        + Markdown.text(String(after))
    }.joined(separator: " ")
  }

  private static func anchor(_ layer: Int) -> String { "layer-\(layer)" }

  // MARK: - The table

  /// The section; empty where no layer recorded anything.
  var blocks: [String] {
    guard !shown.isEmpty else { return [] }
    let delta = run.isDeltaPerExample ? "δ, L2 per example" : "δ, RMS"
    let header = [
      "layer", "kind", delta, "weight gradient, RMS", "update : weight", "dead units", "findings",
    ]
    let isUsed = header.indices.map { column in
      column < 2 || shown.contains { !cells(of: $0)[column].isEmpty }
    }
    func used(_ cells: [String]) -> [String] {
      zip(cells, isUsed).filter(\.1).map { $0.0.isEmpty ? "–" : $0.0 }
    }
    let table = Markdown.table(used(header), shown.map { used(cells(of: $0)) })
    return ["## Layers", caption, table.joined(separator: "\n")]
      + (hidden.isEmpty ? [] : [summary])
  }

  private var caption: String {
    guard let first = run.window.steps.first, let last = run.window.steps.last else {
      return "No step of this run has finite values."
    }
    let steps = first == last ? "Step \(first)" : "Medians over steps \(first) to \(last)"
    return
      "\(steps), the window that is judged; update : weight is ‖ΔW‖/‖W‖ of one step, W being the weights after it."
  }

  private func cells(of layer: Int) -> [String] {
    let described = run.header.layers[layer]
    let medians = JudgedWindow.Quantity.allCases.map {
      run.window.median(of: $0, layer: layer).map(Wording.short) ?? ""
    }
    let units = run.units.first { $0.layer == layer }
    let dead = units.map {
      "\(Int(($0.finalDeadShare * Double($0.units)).rounded())) of \(Wording.count($0.units))"
    }
    let numbers = findings[described.name, default: []]
      .map { Markdown.link("\($0)", to: "finding-\($0)") }
    return [Markdown.anchor(Self.anchor(layer)) + Markdown.code(described.name)]
      + [Markdown.text(described.kind)] + medians
      + [dead ?? "", numbers.joined(separator: ", ")]
  }

  /// Where the layers without a row lie.
  private var summary: String {
    let names = [
      JudgedWindow.Quantity.delta: "δ", .gradient: "weight gradient", .update: "update : weight",
    ]
    let ranges = JudgedWindow.Quantity.allCases.compactMap { quantity -> String? in
      let values = hidden.compactMap { run.window.median(of: quantity, layer: $0) }
      guard let low = values.min(), let high = values.max(), let name = names[quantity] else {
        return nil
      }
      return "\(name) from \(Wording.short(low)) to \(Wording.short(high))"
    }
    return "And \(hidden.count.counted("layer")) more"
      + (ranges.isEmpty ? "." : ": \(ranges.joined(separator: ", ")).")
  }
}
