extension RunComparison {
  /// What differs between two runs in some steps.
  public struct Window: Sendable {
    /// The steps whose medians are compared; nil where the runs have none in common.
    public let steps: ClosedRange<Int>?
    /// All that both recorded, in the order of the quantities and, of each, of the layers.
    public let entries: [Entry]
    /// The median loss before; NaN where it is not finite or was not recorded.
    public let lossBefore: Double
    /// The median loss after.
    public let lossAfter: Double
    /// How many decades of loss are noise; nil where that isn't known.
    public let lossNoise: Double?
    /// What the best constant prediction costs, where the run after tells.
    let constantLoss: Double?
    /// Whether these are the first steps of the runs.
    let isBeginning: Bool

    /// Nothing to compare.
    init() {
      (steps, entries, lossBefore, lossAfter) = (nil, [], .nan, .nan)
      (lossNoise, constantLoss, isBeginning) = (nil, nil, false)
    }

    /// Holds the profile of a run against those of a baseline, whose layers have these names.
    init(
      of before: RunBaseline.Window, with after: ScaleProfile, _ names: [String],
      _ constantLoss: Double?, isBeginning: Bool = false
    ) {
      steps = before.steps
      self.constantLoss = constantLoss
      self.isBeginning = isBeginning
      let losses = before.profiles.compactMap { decades($0.loss) }
      let areKnown = losses.count == before.profiles.count
      lossBefore =
        areKnown
        ? Magnitude.power(losses.reduce(0, +) / Double(losses.count)) : before.profiles[0].loss
      lossNoise = areKnown ? Self.noise(of: losses, usual: 0) : nil
      lossAfter = after.loss
      entries = Quantity.allCases.flatMap { Self.entries($0, of: before.profiles, after, names) }
    }
  }
}

extension RunComparison.Window {
  private static func entries(
    _ quantity: RunComparison.Quantity, of profiles: [ScaleProfile], _ changed: ScaleProfile,
    _ names: [String]
  ) -> [RunComparison.Entry] {
    let shared = names.compactMap { name -> (name: String, sizes: [ScaleProfile.Size])? in
      let sizes = profiles.compactMap { $0.sizes[quantity]?[name] }
      guard sizes.count == profiles.count, changed.sizes[quantity]?[name] != nil else { return nil }
      return (name, sizes)
    }
    let deviations = shared.compactMap { deviation(of: $0.sizes.compactMap(\.decades)) }
    // Few runs may lie close together by chance; what is usual among the layers then counts.
    let usual = median(deviations) ?? 0
    return shared.compactMap { name, sizes in
      guard let after = changed.sizes[quantity]?[name] else { return nil }
      let known = sizes.compactMap(\.decades)
      let before =
        known.count == sizes.count
        ? Magnitude.power(known.reduce(0, +) / Double(sizes.count)) : sizes[0].median
      let noise =
        noise(of: known, runs: sizes.count, usual: usual)
        ?? max(RunComparison.leastOfOne, 10 * max(sizes[0].spread, after.spread))
      return RunComparison.Entry(
        quantity: quantity, layer: name, before: before, after: after.median, noise: noise)
    }
  }

  /// How many decades apart is noise, where three runs or more tell; `known` are the logarithms of those that have one.
  private static func noise(of known: [Double], runs: Int? = nil, usual: Double) -> Double? {
    let runs = runs ?? known.count
    guard runs >= 3 else { return nil }
    return max(
      runs < 5 ? RunComparison.leastOfFew : RunComparison.least,
      tolerance(Double(runs)) * max(usual, deviation(of: known) ?? 0))
  }

  /// How many standard deviations from the mean of `count` runs another one may lie: 4, and more as few runs tell neither
  /// their mean nor their deviation well.
  private static func tolerance(_ count: Double) -> Double {
    4 * (1 + 1 / count).squareRoot() * (1 + 1 / (count - 1))
  }

  /// The standard deviation; nil of fewer than two values.
  private static func deviation(of values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }
}
