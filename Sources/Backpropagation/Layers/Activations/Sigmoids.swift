// Activations that are flat at both ends, so that units far out learn slowly or not at all.

/// The logistic function z = 1/(1 + e^−a); δ_a = δ_z · z(1 − z), at most a quarter of δ_z.
public struct Sigmoid: Layer {
  /// Creates a logistic activation.
  public init() {}

  public var nonlinearity: Nonlinearity? { .saturating(outside: 0.01...0.99) }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  @specialized(where S == Float)
  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.sigmoid.forward, of: pass.input)
  }

  @specialized(where S == Float)
  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(
      S.kernels.activations.sigmoid.backward, of: pass.output, pass.outputDelta)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "sigmoid", "The logistic function z = 1/(1 + e^−a)."
  ) { _ throws(ArgumentError) in Sigmoid() }
}

/// The hyperbolic tangent z = tanh a; δ_a = δ_z · (1 − z²).
public struct Tanh: Layer {
  /// Creates a hyperbolic tangent.
  public init() {}

  public var nonlinearity: Nonlinearity? { .saturating(outside: -0.99...0.99) }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  @specialized(where S == Float)
  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.tanh.forward, of: pass.input)
  }

  @specialized(where S == Float)
  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(S.kernels.activations.tanh.backward, of: pass.output, pass.outputDelta)
  }

  static let catalogEntry = CatalogEntry<any Layer>("tanh", "The hyperbolic tangent z = tanh a.") {
    _ throws(ArgumentError) in Tanh()
  }
}

/// The logistic function in three straight pieces: z = 0 up to −3, 1 from 3, else (a + 3)/6; δ_a = δ_z/6 in between, else 0.
///
/// NaN passes through, forward and backward.
public struct HardSigmoid: Layer {
  /// Creates the activation.
  public init() {}

  public var nonlinearity: Nonlinearity? { .saturating(outside: 0.01...0.99) }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.hardSigmoid.forward, of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(
      S.kernels.activations.hardSigmoid.backward, of: pass.input, pass.outputDelta)
  }

  public func decisions(of pass: ForwardPass<Double>) -> [Int] {
    pass.input.pieces(dividedAt: -3, 3)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "hard-sigmoid", "The logistic function in straight pieces: z = min(1, max(0, (a + 3)/6))."
  ) { _ throws(ArgumentError) in HardSigmoid() }
}

/// The hyperbolic tangent in three straight pieces: z = min(1, max(−1, a)); δ_a = δ_z in between, else 0.
///
/// NaN passes through, forward and backward.
public struct HardTanh: Layer {
  /// Creates the activation.
  public init() {}

  public var nonlinearity: Nonlinearity? { .saturating(outside: -0.99...0.99) }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.hardTanh.forward, of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(
      S.kernels.activations.hardTanh.backward, of: pass.input, pass.outputDelta)
  }

  public func decisions(of pass: ForwardPass<Double>) -> [Int] {
    pass.input.pieces(dividedAt: -1, 1)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "hard-tanh", "The hyperbolic tangent in straight pieces: z = min(1, max(−1, a))."
  ) { _ throws(ArgumentError) in HardTanh() }
}
