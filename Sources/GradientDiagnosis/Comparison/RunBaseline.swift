public import GradientTrace
import GzipIO

/// What other runs are held against: how large, layer by layer, the tensors of a run are, and of runs like it.
///
/// Three runs that differ by their seeds tell what is noise, five tell it well. It can be kept in a file, so that a later
/// run is held against it without the traces that it was measured on.
public struct RunBaseline: Sendable, Equatable {
  /// The steps whose medians are kept; nil where the runs have none in common.
  public let steps: ClosedRange<Int>?
  /// The names of the layers, in the order of the forward pass.
  public let layers: [String]
  /// The shapes of their weights, by `LAYER/NAME`; what runs must share to be runs of one model.
  public let weights: [String: [Int]]
  /// One profile a run; the first is of the run that the others repeat.
  let profiles: [ScaleProfile]

  /// How many runs it was measured on.
  public var runs: Int { profiles.count }

  /// Measures runs of one model that differ by their seeds, over the last 50 steps that all have.
  ///
  /// - Parameters:
  ///   - runs: The runs, at least one.
  ///   - step: The last step of the window; nil for the last that all have.
  /// - Throws: What reading the traces throws.
  public init(of runs: [Trace], upTo step: Int? = nil) throws {
    precondition(!runs.isEmpty, "expected at least one run")
    try self.init(
      of: runs,
      over: RunComparison.window(endingBy: runs.map { try $0.lastStep() } + [step ?? .max]))
  }

  /// Measures runs, at least one, in a window of steps.
  init(of runs: [Trace], over steps: ClosedRange<Int>?) throws {
    self.steps = steps
    layers = runs[0].header.layers.map(\.name)
    weights = runs[0].header.weightShapes
    profiles = try runs.map { run in
      try steps.map { try ScaleProfile(run, over: $0) } ?? ScaleProfile()
    }
  }

  init(
    steps: ClosedRange<Int>?, layers: [String], weights: [String: [Int]],
    profiles: [ScaleProfile]
  ) {
    self.steps = steps
    self.layers = layers
    self.weights = weights
    self.profiles = profiles
  }

  /// The sizes of one quantity in the first run, in the order of the layers.
  package func sizes(of quantity: RunComparison.Quantity) -> [(layer: String, size: Double)] {
    layers.compactMap { layer in
      profiles[0].sizes[quantity]?[layer].map { (layer, $0.median) }
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
