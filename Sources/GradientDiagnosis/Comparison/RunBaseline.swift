public import GradientTrace
import GzipIO

/// What other runs are held against: how large, layer by layer, the tensors of a run are, and of runs like it.
///
/// Three runs that differ by their seeds tell what is noise, five tell it well. It can be kept in a file, so that a later
/// run is held against it without the traces that it was measured on.
public struct RunBaseline: Sendable, Equatable {
  /// What the runs are like in some steps that all of them have.
  struct Window: Sendable, Equatable {
    /// The steps.
    let steps: ClosedRange<Int>
    /// One profile a run; the first is of the run that the others repeat.
    let profiles: [ScaleProfile]
  }

  /// How many runs it was measured on.
  public let runs: Int
  /// The names of the layers, in the order of the forward pass.
  public let layers: [String]
  /// The shapes of their weights, by `LAYER/NAME`; what runs must share to be runs of one model.
  public let weights: [String: [Int]]
  /// The first steps, which tell what training makes up for later; nil where the runs have no others, or that wasn't measured.
  let start: Window?
  /// The last steps; nil where the runs have none in common.
  let end: Window?

  /// The last steps, whose medians are kept; nil where the runs have none in common.
  public var steps: ClosedRange<Int>? { end?.steps }
  /// The first steps, whose medians are kept as well; nil where the runs have no others, or that wasn't measured.
  public var firstSteps: ClosedRange<Int>? { start?.steps }

  /// How many of the first steps are measured: few, since training soon makes up for how it began.
  static let beginning = 5

  /// Measures runs of one model that differ by their seeds, over their first 5 steps and the last 50 that all have.
  ///
  /// - Parameters:
  ///   - runs: The runs, at least one.
  ///   - step: The last step of the windows; nil for the last that all have.
  /// - Throws: What reading the traces throws.
  public init(of runs: [Trace], upTo step: Int? = nil) throws {
    precondition(!runs.isEmpty, "expected at least one run")
    let ends = try runs.map { try $0.lastStep() } + [step ?? .max]
    let steps = RunComparison.window(endingBy: ends)
    let hasMore = (steps?.upperBound ?? 0) >= Self.beginning
    try self.init(of: runs, over: steps, beginningWith: hasMore ? 0...Self.beginning - 1 : nil)
  }

  /// Measures runs, at least one, in the window of their last steps, and in that of their first ones where all have some.
  init(
    of runs: [Trace], over steps: ClosedRange<Int>?, beginningWith first: ClosedRange<Int>? = nil
  ) throws {
    let profiles = try runs.map { try ScaleProfile.both(of: $0, first: first, last: steps) }
    let beginnings = profiles.compactMap(\.first)
    self.init(
      runs: runs.count, layers: runs[0].header.layers.map(\.name),
      weights: runs[0].header.weightShapes,
      start: first.flatMap { first in
        beginnings.count == runs.count ? Window(steps: first, profiles: beginnings) : nil
      },
      end: steps.map { steps in
        Window(steps: steps, profiles: profiles.map { $0.last ?? ScaleProfile() })
      })
  }

  init(
    runs: Int, layers: [String], weights: [String: [Int]], start: Window?, end: Window?
  ) {
    self.runs = runs
    self.layers = layers
    self.weights = weights
    self.start = start
    self.end = end
  }

  /// The sizes of one quantity in the first run, in the order of the layers.
  package func sizes(of quantity: RunComparison.Quantity) -> [(layer: String, size: Double)] {
    layers.compactMap { layer in
      end?.profiles[0].sizes[quantity]?[layer].map { (layer, $0.median) }
    }
  }
}

extension RunBaseline {
  /// How the weights of a run differ from those of the baseline's model, in words; nil where they don't.
  ///
  /// A layer without weights may be replaced by another: what that does to the run is what a comparison tells.
  package func difference(from header: TraceHeader) -> String? {
    let others = header.weightShapes
    let names = weights.keys.sorted()
    if let missing = names.first(where: { others[$0] == nil }) {
      return "it has \(missing.quoted), which this run doesn't have"
    }
    if let added = others.keys.sorted().first(where: { weights[$0] == nil }) {
      return "it has no \(added.quoted), which this run has"
    }
    return names.first { weights[$0] != others[$0] }.map { name in
      "its \(name.quoted) is \(weights[name] ?? []), this run's \(others[name] ?? [])"
    }
  }
}

extension TraceHeader {
  /// The shapes of all weights, by `LAYER/NAME`.
  fileprivate var weightShapes: [String: [Int]] {
    let shapes = layers.flatMap { layer in
      layer.parameters.filter(\.isWeight).map { ("\(layer.name)/\($0.name)", $0.shape) }
    }
    return Dictionary(shapes, uniquingKeysWith: { first, _ in first })
  }
}
