// Activations that are straight on the positive side and an exponential on the negative one, where they are never zero.

/// The exponential linear unit z = a where a > 0, else α(e^a − 1); δ_a = δ_z or δ_z · α e^a (Clevert et al., 2016).
public struct ELU: Layer {
  /// The limit on the negative side is −α.
  public var alpha: Double

  /// Creates the activation.
  public init(alpha: Double = 1) { self.alpha = alpha }

  public var nonlinearity: Nonlinearity? { .leakyRectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.elu.forward, S(alpha), of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(
      S.kernels.activations.elu.backward, S(alpha), of: pass.input, pass.outputDelta)
  }

  public func decisions(of pass: ForwardPass<Double>) -> [Int] {
    pass.input.pieces(dividedAt: 0)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "elu", "The exponential linear unit z = a where a > 0, else α(e^a − 1).",
    arguments: [ArgumentDescription("alpha", "α, a positive number", default: "1")],
    shorthand: "alpha"
  ) { arguments throws(ArgumentError) in ELU(alpha: try arguments.positive("alpha", default: 1)) }
}

/// The exponential linear unit without a corner: z = a where a > 0, else α(e^{a/α} − 1); δ_a = δ_z or δ_z · e^{a/α}.
///
/// Barron, 2017; its slope at zero is 1 for every α.
public struct CELU: Layer {
  /// The limit on the negative side is −α.
  public var alpha: Double

  /// Creates the activation.
  public init(alpha: Double = 1) { self.alpha = alpha }

  public var nonlinearity: Nonlinearity? { .leakyRectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.celu.forward, S(alpha), of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(
      S.kernels.activations.celu.backward, S(alpha), of: pass.input, pass.outputDelta)
  }

  public func decisions(of pass: ForwardPass<Double>) -> [Int] {
    pass.input.pieces(dividedAt: 0)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "celu", "The exponential linear unit without a corner: z = a where a > 0, else α(e^{a/α} − 1).",
    arguments: [ArgumentDescription("alpha", "α, a positive number", default: "1")],
    shorthand: "alpha"
  ) { arguments throws(ArgumentError) in CELU(alpha: try arguments.positive("alpha", default: 1)) }
}

/// The self-normalizing unit z = λa where a > 0, else λα(e^a − 1), λ ≈ 1.0507 and α ≈ 1.6733; δ_a = δ_z · λ or δ_z · λα e^a.
///
/// With `lecun-normal` weights in the layer before it, mean 0 and variance 1 pass on to the next (Klambauer et al., 2017).
public struct SELU: Layer {
  /// Creates the activation.
  public init() {}

  public var nonlinearity: Nonlinearity? { .leakyRectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.selu.forward, of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(
      S.kernels.activations.selu.backward, of: pass.input, pass.outputDelta)
  }

  public func decisions(of pass: ForwardPass<Double>) -> [Int] {
    pass.input.pieces(dividedAt: 0)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "selu",
    "The self-normalizing unit z = λa where a > 0, else λα(e^a − 1), λ ≈ 1.0507, α ≈ 1.6733."
  ) { _ throws(ArgumentError) in SELU() }
}
