public import GradientTrace

/// What differs between two runs, layer by layer, beyond what differs from run to run anyway.
///
/// The medians over a window of steps are compared, the last that both have unless another is asked for; with a baseline also
/// those of the first steps. Two runs of the same model differ by their seeds; how much, only repeated runs tell. A size has
/// changed where its decimal logarithm leaves the mean of three or more of those by four times their standard deviation (more
/// while they are few), and by at least a factor of 2, or a quarter where they are five. Of fewer it takes a factor of 3, and
/// ten times what it strays from step to step.
public struct RunComparison: Sendable {
  /// What is compared.
  public enum Quantity: String, Sendable, CaseIterable, Codable {
    /// The RMS of a weight times √inputs: what it multiplies the RMS of its inputs by; of the first steps alone.
    case weight = "weight-scale"
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

  /// What differs in the first steps; nil where only the last are compared.
  public let start: Window?
  /// What differs in the last steps, or those that were asked for.
  public let end: Window
  /// The layers of the run before alone.
  public let removed: [String]
  /// The layers of the run after alone.
  public let added: [String]
  /// How many runs like the one before tell the noise, that one included.
  public let repeats: Int

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

  /// Holds a run against those that are as they should be, over their windows.
  ///
  /// - Throws: What reading the trace throws.
  public init(of baseline: RunBaseline, with after: Trace) throws {
    let names = baseline.layers, others = after.header.layers.map(\.name)
    repeats = baseline.runs
    removed = names.filter { !Set(others).contains($0) }
    added = others.filter { !Set(names).contains($0) }
    let profiles = try ScaleProfile.both(
      of: after, first: baseline.firstSteps, last: baseline.steps)
    let constantLoss = after.header.run.constantLoss
    end =
      baseline.end.map {
        Window(of: $0, with: profiles.last ?? ScaleProfile(), names, constantLoss)
      } ?? Window()
    // A run that was resumed has no first steps.
    start = baseline.start.flatMap { before in
      profiles.first.map { Window(of: before, with: $0, names, constantLoss, isBeginning: true) }
    }
  }

  /// The steps whose medians are compared; nil where the runs have none in common.
  public var steps: ClosedRange<Int>? { end.steps }
  /// All that both recorded there, in the order of the quantities and, of each, of the layers.
  public var entries: [Entry] { end.entries }
  /// The median loss before; NaN where it is not finite or was not recorded.
  public var lossBefore: Double { end.lossBefore }
  /// The median loss after.
  public var lossAfter: Double { end.lossAfter }
  /// How many decades of loss are noise; nil where that isn't known.
  public var lossNoise: Double? { end.lossNoise }

  /// The entries of one quantity.
  public func entries(of quantity: Quantity) -> [Entry] {
    entries.filter { $0.quantity == quantity }
  }

  /// What differs by more than noise.
  public var changes: [Entry] { entries.filter(\.isChanged) }
}
