public import GradientTrace

/// What differs between two runs, layer by layer, beyond what differs from run to run anyway.
///
/// The medians over a window of steps are compared, the last that both have unless another is asked for. Two runs of the
/// same model differ by their seeds; how much, only repeated runs tell. A size has changed where its decimal logarithm
/// leaves the mean of three or more of those by four times their standard deviation (more while they are few), and by at
/// least a factor of 2, or a quarter where they are five. Of fewer it takes a factor of 3, and ten times what it strays from
/// step to step.
public struct RunComparison: Sendable {
  /// What is compared.
  public enum Quantity: String, Sendable, CaseIterable, Codable {
    /// δ per example (L2), next to that of the last layer with weights.
    case delta
    /// The RMS of a layer's output.
    case activation
    /// The RMS of a weight's gradient, next to that of the last layer with weights.
    case gradient = "weight-gradient"
    /// ‖ΔW‖/‖W‖ of a weight, a step.
    case update = "update-ratio"
  }

  /// One layer's size in both runs.
  public struct Entry: Sendable, Equatable, Codable {
    /// What was measured.
    public var quantity: Quantity
    /// The layer's name.
    public var layer: String
    /// The size before, of repeated runs their geometric mean; 0 where it is exactly zero, NaN where it is not finite.
    public var before: Double
    /// The size after.
    public var after: Double
    /// How many decades apart is noise.
    public var noise: Double

    /// log10(after/before); nil where one of them is zero or not finite.
    public var decades: Double? {
      guard let old = GradientDiagnosis.decades(before), let new = GradientDiagnosis.decades(after)
      else { return nil }
      return new - old
    }

    /// Whether it differs by more than noise: also where only one of both is zero, or finite.
    public var isChanged: Bool {
      if let decades { return abs(decades) > noise }
      return (before == 0) != (after == 0) || before.isFinite != after.isFinite
    }
  }

  /// The steps whose medians are compared; nil where the runs have none in common.
  public let steps: ClosedRange<Int>?
  /// All that both recorded, in the order of the quantities and, of each, of the layers.
  public let entries: [Entry]
  /// The layers of the run before alone.
  public let removed: [String]
  /// The layers of the run after alone.
  public let added: [String]
  /// How many runs like the one before tell the noise, that one included.
  public let repeats: Int
  /// The median loss before; NaN where it is not finite or was not recorded.
  public let lossBefore: Double
  /// The median loss after.
  public let lossAfter: Double
  /// How many decades of loss are noise; nil where that isn't known.
  public let lossNoise: Double?
  /// What the best constant prediction costs, where the run after tells.
  let constantLoss: Double?

  /// The most steps of the window.
  static let window = 50
  /// A difference below this many decades is none where five runs or more tell the noise: a quarter.
  static let least = 0.1
  /// Where three or four do: a factor of 2.
  static let leastOfFew = 0.3
  /// Where fewer do: a factor of 3.
  ///
  /// Between seeds, layers of the examples differ by up to 0.35 decades.
  static let leastOfOne = 0.5

  /// Compares two runs.
  ///
  /// - Parameters:
  ///   - before: The run that is held against.
  ///   - after: The other one.
  ///   - repeats: Runs like the one before, with other seeds.
  ///   - step: The last step of the window; nil for the last one that all have.
  /// - Throws: What reading the traces throws.
  public init(of before: Trace, with after: Trace, repeats: [Trace] = [], upTo step: Int? = nil)
    throws
  {
    self = try Self.each(of: before, with: [after], repeats: repeats, upTo: step)[0]
  }

  /// Compares a run with each of several others; what is read of it, is read once for all that share the window.
  ///
  /// - Parameters:
  ///   - before: The run that is held against.
  ///   - others: The other ones.
  ///   - repeats: Runs like the one before, with other seeds.
  ///   - step: The last step of the windows; nil for the last one that all runs of a comparison have.
  /// - Returns: A comparison for each of the others.
  /// - Throws: What reading the traces throws.
  public static func each(
    of before: Trace, with others: [Trace], repeats: [Trace] = [], upTo step: Int? = nil
  ) throws -> [RunComparison] {
    let alike = [before] + repeats
    let ends = try alike.map { try $0.lastStep() }
    var baselines: [ClosedRange<Int>: RunBaseline] = [:]
    return try others.map { after in
      let steps = try window(endingBy: ends + [after.lastStep(), step ?? .max])
      let baseline =
        try steps.flatMap { baselines[$0] } ?? RunBaseline(of: alike, over: steps)
      if let steps { baselines[steps] = baseline }
      return try RunComparison(of: baseline, with: after)
    }
  }

  /// The last steps that all have, of runs that end at `ends`; nil where one has none.
  static func window(endingBy ends: [Int?]) -> ClosedRange<Int>? {
    guard !ends.contains(nil), let last = ends.compactMap(\.self).min() else { return nil }
    return max(0, last - window + 1)...max(0, last)
  }

  /// Holds a run against those that are as they should be, over their window.
  ///
  /// - Throws: What reading the trace throws.
  public init(of baseline: RunBaseline, with after: Trace) throws {
    let names = baseline.layers, others = after.header.layers.map(\.name)
    repeats = baseline.profiles.count
    constantLoss = after.header.run.constantLoss
    removed = names.filter { !Set(others).contains($0) }
    added = others.filter { !Set(names).contains($0) }
    steps = baseline.steps
    let losses = baseline.profiles.compactMap { decades($0.loss) }
    let areKnown = losses.count == baseline.profiles.count
    lossBefore =
      areKnown
      ? Magnitude.power(losses.reduce(0, +) / Double(losses.count)) : baseline.profiles[0].loss
    lossNoise = areKnown ? Self.noise(of: losses, usual: 0) : nil
    guard let steps else {
      entries = []
      lossAfter = .nan
      return
    }
    let changed = try ScaleProfile(after, over: steps)
    lossAfter = changed.loss
    entries = Quantity.allCases.flatMap { Self.entries($0, of: baseline.profiles, changed, names) }
  }

  private static func entries(
    _ quantity: Quantity, of profiles: [ScaleProfile], _ changed: ScaleProfile, _ names: [String]
  ) -> [Entry] {
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
        ?? max(leastOfOne, 10 * max(sizes[0].spread, after.spread))
      return Entry(
        quantity: quantity, layer: name, before: before, after: after.median, noise: noise)
    }
  }

  /// How many decades apart is noise, where three runs or more tell; `known` are the logarithms of those that have one.
  private static func noise(of known: [Double], runs: Int? = nil, usual: Double) -> Double? {
    let runs = runs ?? known.count
    guard runs >= 3 else { return nil }
    return max(
      runs < 5 ? leastOfFew : least,
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

  /// The entries of one quantity.
  public func entries(of quantity: Quantity) -> [Entry] {
    entries.filter { $0.quantity == quantity }
  }

  /// What differs by more than noise.
  public var changes: [Entry] { entries.filter(\.isChanged) }
}
