extension RunComparison {
  /// What differs by more than noise and lies farther from health than before.
  public var worse: [Entry] { changes.filter(\.isWorse) }

  /// Whether the loss is higher by more than noise, or no number any more.
  public var isLossWorse: Bool {
    guard lossAfter.isFinite else { return lossBefore.isFinite }
    guard let lossNoise, let old = decades(lossBefore), let new = decades(lossAfter) else {
      return false
    }
    return new - old > lossNoise
  }

  /// What is worse, where and by how much, with what noise is; nil where nothing is.
  public var worseSummary: String? {
    var parts: [String] = []
    if isLossWorse {
      parts.append("the loss is \(Wording.loss(lossAfter)), before \(Wording.loss(lossBefore))")
    }
    for quantity in Quantity.allCases {
      let entries = worse.filter { $0.quantity == quantity }
      guard let most = entries.max(by: { $0.severity < $1.severity }) else { continue }
      parts.append(
        "\(quantity.name) is worse in \(Wording.list(entries.map(\.layer), contiguous: false)), most "
          + "in \(most.layer): \(Wording.short(most.after)), before \(Wording.short(most.before)) "
          + "(\(most.factor), noise \(most.noiseFactor))")
    }
    guard !parts.isEmpty else { return nil }
    return "worse than the baseline: " + parts.joined(separator: "; ")
      + ".\nNoise is \(noiseNote)."
  }
}

extension RunComparison.Entry {
  /// Whether it changed, and lies farther from health than before: δ and gradients from being alike in all layers, outputs
  /// from an RMS of 1, updates from a thousandth of their weights.
  public var isWorse: Bool {
    guard isChanged else { return false }
    guard let old = distance(before), let new = distance(after) else {
      return after == 0 || !after.isFinite
    }
    return new > old
  }

  /// How far it moved, as a figure by which the worst is found.
  fileprivate var severity: Double { decades.map(abs) ?? .infinity }

  private func distance(_ size: Double) -> Double? {
    GradientDiagnosis.decades(size).map { abs($0 - (quantity == .update ? -3 : 0)) }
  }
}
