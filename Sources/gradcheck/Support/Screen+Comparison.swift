import GradientHealth

extension Screen {
  /// What differs between two runs: a sentence, then the layers that changed.
  func describe(_ comparison: RunComparison) {
    if let steps = comparison.steps {
      let losses = [comparison.lossBefore, comparison.lossAfter].map(Wording.loss)
      row(
        "Steps",
        "\(steps.lowerBound.grouped) to \(steps.upperBound.grouped), medians · "
          + "loss \(losses[0]) → \(losses[1])")
    }
    let isCalm = comparison.changes.isEmpty
    row(
      "Changed", verdict: isCalm ? "nothing" : "CHANGED", isCalm ? .good : .warning,
      comparison.headline)
    row("Noise", comparison.noiseNote)
    for (label, names) in [("Only before", comparison.removed), ("Only after", comparison.added)]
    where !names.isEmpty {
      row(label, Wording.list(names, contiguous: false))
    }
    for quantity in RunComparison.Quantity.allCases {
      let changed = comparison.entries(of: quantity).filter(\.isChanged)
      guard !changed.isEmpty else { continue }
      line()
      line(Self.cells(quantity.title, ["before", "after", "change", "noise"]))
      for entry in Self.shown(changed) {
        line(
          Self.cells(
            entry.layer.quotable,
            [
              Wording.short(entry.before), Wording.short(entry.after), entry.factor,
              entry.noiseFactor,
            ]))
      }
      if changed.count > Self.mostRows {
        line("… and \((changed.count - Self.mostRows).counted("more layer"))")
      }
    }
  }

  /// The most layers of a table.
  private static let mostRows = 8

  /// At most so many entries, evenly chosen, the first and the last among them.
  private static func shown(_ entries: [RunComparison.Entry]) -> [RunComparison.Entry] {
    guard entries.count > mostRows else { return entries }
    return (0..<mostRows).map { entries[$0 * (entries.count - 1) / (mostRows - 1)] }
  }

  /// A name, cut to its column, and figures at the right.
  private static func cells(_ name: String, _ figures: [String]) -> String {
    let widths = [9, 9, 11, 11], room = 38
    let shown = name.count < room ? name : name.prefix(room - 2) + "…"
    return shown.padded(to: room)
      + zip(figures, widths).map { String(repeating: " ", count: max(1, $1 - $0.count)) + $0 }
      .joined()
  }
}
