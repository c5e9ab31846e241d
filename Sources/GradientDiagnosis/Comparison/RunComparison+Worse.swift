extension RunComparison {
  /// What is worse differs by a factor of 2 at least, besides by more than noise.
  ///
  /// Now and then a seed leaves the others further than their spread foretells. Measured: of 2,070 pairs of a healthy run
  /// and a baseline of five, 25 were worse by more than noise, by a factor of 1.7 at most.
  static let leastWorse = 0.3

  /// What the first steps pass on differs by a factor of 10 at least; it is drawn at random, and through few units goes its
  /// own way in each seed.
  ///
  /// Measured: of an autoencoder that makes 8 numbers of an image, one seed in 45 differs from the others by a factor of 3.2.
  /// The weights themselves hardly differ, and tell what was drawn on another scale.
  static let leastWorseAtFirst = 1.0

  /// A higher loss is none to speak of below this share of what the best constant prediction costs.
  ///
  /// Measured: of runs that have learned everything, two of 60 seeds end at 2 and 7 times the others' loss, at a thousandth
  /// and four thousandths of that cost.
  static let leastLoss = 0.01

  /// The first steps and the last, where they are compared.
  private var windows: [Window] { [start, end].compactMap(\.self) }

  /// What differs by more than noise and lies farther from health than before, in the first steps, then in the last.
  public var worse: [Entry] { windows.flatMap(\.worse) }

  /// Whether the loss is higher by more than noise in the first steps or the last, by a factor of 2 at least and not by next
  /// to nothing, or no number any more.
  public var isLossWorse: Bool { windows.contains(where: \.isLossWorse) }

  /// What is worse, when, where and by how much, with what noise is; nil where nothing is.
  public var worseSummary: String? {
    let parts = [("first", start), ("last", end)].compactMap { name, window in
      window.flatMap { window in
        window.worseSummary.map { "in the \(name) steps, \(window.stepsInWords): \($0)" }
      }
    }
    guard !parts.isEmpty else { return nil }
    return "worse than the baseline " + parts.joined(separator: ". And ")
      + ".\n"
      + (repeats < 3
        ? "What is noise is unknown of fewer than three runs: it takes a factor of 3."
        : "Noise is how \(repeats) runs of the baseline differ.")
  }

  /// The steps that are compared, in words: `steps 0 to 4 and 350 to 399`.
  package var comparedSteps: String {
    "steps " + windows.map(\.stepsInWords).joined(separator: " and ")
  }
}

extension RunComparison.Window {
  /// What differs by more than noise and lies farther from health than before: what the first steps pass on by a factor of
  /// 10 at least, all else by one of 2.
  public var worse: [RunComparison.Entry] {
    entries.filter { entry in
      let isDrawn = isBeginning && entry.quantity != .weight
      let change = abs(entry.decades ?? .infinity)
      return entry.isWorse && (!isDrawn || change > RunComparison.leastWorseAtFirst)
    }
  }

  /// Whether the loss is higher by more than noise, by a factor of 2 at least and not by next to nothing, or no number any
  /// more.
  public var isLossWorse: Bool {
    guard lossAfter.isFinite else { return lossBefore.isFinite }
    guard let lossNoise, let old = decades(lossBefore), let new = decades(lossAfter) else {
      return false
    }
    if let constantLoss, lossAfter - lossBefore < RunComparison.leastLoss * constantLoss {
      return false
    }
    return new - old > max(lossNoise, RunComparison.leastWorse)
  }

  fileprivate var stepsInWords: String { steps.map(Wording.range) ?? "none" }

  /// What is worse, where and by how much; nil where nothing is.
  fileprivate var worseSummary: String? {
    var parts: [String] = []
    if isLossWorse {
      parts.append("the loss is \(Wording.loss(lossAfter)), before \(Wording.loss(lossBefore))")
    }
    for quantity in RunComparison.Quantity.allCases {
      let entries = worse.filter { $0.quantity == quantity }
      guard let most = entries.max(by: { $0.severity < $1.severity }) else { continue }
      let names = Wording.list(entries.map(\.layer), contiguous: false)
      parts.append(
        "\(quantity.name) is worse in \(names)"
          + (entries.count > 1 ? ", most in \(most.layer)" : "")
          + ": \(Wording.short(most.after)), before \(Wording.short(most.before)) "
          + "(\(most.factor), noise \(most.noiseFactor))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}

extension RunComparison.Entry {
  /// Whether it changed, by a factor of 2 at least, and lies farther from health than before: δ and gradients from being
  /// alike in all layers, outputs from an RMS of 1, weights from keeping their inputs' RMS, updates from a thousandth of their weights.
  public var isWorse: Bool {
    guard isChanged else { return false }
    guard let old = distance(before), let new = distance(after) else {
      return after == 0 || !after.isFinite
    }
    return new > old && abs(decades ?? 0) > RunComparison.leastWorse
  }

  /// How far it moved, as a figure by which the worst is found.
  fileprivate var severity: Double { decades.map(abs) ?? .infinity }

  private func distance(_ size: Double) -> Double? {
    GradientDiagnosis.decades(size).map { abs($0 - (quantity == .update ? -3 : 0)) }
  }
}
