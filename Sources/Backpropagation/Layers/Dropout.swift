import CGradientKernels

/// Drops each element with probability `rate` in training: z = a/(1 − rate) where it is kept, else 0.
///
/// The factor keeps the mean, so that evaluation passes everything on as it is. δ_a = δ_z/(1 − rate) where the element was
/// kept, else 0. With rate 1 everything is dropped, forward and backward; with rate 0 nothing (Srivastava et al., 2014).
///
/// Which elements are dropped follows from the pass's seed, the example's place in the batch and the element's in the
/// example: the same whatever the length that the batch is padded to, and in Float as in Double.
public struct Dropout: Layer {
  /// The probability of being dropped, from 0 to 1.
  public var rate: Double

  /// Creates a dropout; traps if `rate` is not from 0 to 1.
  public init(_ rate: Double) {
    precondition((0...1).contains(rate), "a dropout rate is from 0 to 1, got \(rate)")
    self.rate = rate
  }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    guard pass.isTraining else { return pass.output.assign(pass.input) }
    pass.output.assign(pass.input, droppedAt: rate, runs: nil, seed: pass.seed)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    guard pass.isTraining else { pass.inputDelta?.assign(pass.outputDelta); return }
    pass.inputDelta?.assign(pass.outputDelta, droppedAt: rate, runs: nil, seed: pass.seed)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "dropout", "In training zero with probability `rate`, else a/(1 − rate); in evaluation a.",
    arguments: [.rate], shorthand: "rate"
  ) { arguments throws(ArgumentError) in Dropout(try arguments.rate) }
}

/// Drops whole channels with probability `rate` in training: z = a/(1 − rate) where a channel is kept, else 0.
///
/// Takes C × length or C × H × W: neighbors in a channel tell the same, so that dropping single elements takes little away.
/// Otherwise as ``Dropout`` (Tompson et al., 2015).
public struct SpatialDropout: Layer {
  /// The probability of being dropped, from 0 to 1.
  public var rate: Double

  /// Creates a dropout of channels; traps if `rate` is not from 0 to 1.
  public init(_ rate: Double) {
    precondition((0...1).contains(rate), "a dropout rate is from 0 to 1, got \(rate)")
    self.rate = rate
  }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try inputs.single
    guard (2...3).contains(input.rank) else {
      throw ShapeError("takes C × length or C × H × W, got \(input)")
    }
    return input
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    guard pass.isTraining else { return pass.output.assign(pass.input) }
    pass.output.assign(
      pass.input, droppedAt: rate, runs: pass.input.shape[1], seed: pass.seed)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    guard pass.isTraining else { pass.inputDelta?.assign(pass.outputDelta); return }
    pass.inputDelta?.assign(
      pass.outputDelta, droppedAt: rate, runs: pass.input.shape[1], seed: pass.seed)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "spatial-dropout",
    "In training a whole channel is zero with probability `rate`, else a/(1 − rate); "
      + "in evaluation a.",
    arguments: [.rate], shorthand: "rate"
  ) { arguments throws(ArgumentError) in SpatialDropout(try arguments.rate) }
}

extension TensorView {
  /// self ← a/(1 − rate), or 0 for the runs of each example that are dropped; nil for runs of one element.
  fileprivate func assign(_ a: TensorView, droppedAt rate: Double, runs: Int?, seed: UInt64) {
    expectSameCount(a, in: "dropout")
    let size = a.count / max(a.shape[0], 1), runs = runs ?? size
    let shape = gk_dropout_shape(
      examples: a.shape[0], runs: runs, length: size / max(runs, 1), seed: seed,
      threshold: UInt32((rate * 0x1p31).rounded()))
    // Where everything is dropped the factor, which would be infinite, doesn't matter.
    Scalar.kernels.sequence.dropout(
      shape, rate < 1 ? Scalar(1 / (1 - rate)) : 0, a.pointer, pointer)
  }
}

extension ArgumentDescription {
  fileprivate static let rate = ArgumentDescription(
    "rate", "the probability of being dropped, from 0 to 1")
}

extension Arguments {
  fileprivate var rate: Double {
    get throws(ArgumentError) {
      try number("rate", expected: "a number from 0 to 1") { (0...1).contains($0) }
    }
  }
}
