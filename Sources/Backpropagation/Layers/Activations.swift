// Activations z = h(a), element by element, and their backward δ_a = δ_z · h′(a).

/// The rectifier z = max(0, a); δ_a = δ_z where a > 0, else 0 (Nair and Hinton, 2010).
///
/// NaN passes through, forward and backward, so that it can be found.
public struct ReLU: Layer {
  /// Creates a rectifier.
  public init() {}

  public var kind: String { "relu" }
  public var nonlinearity: Nonlinearity? { .rectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.relu, of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(S.kernels.reluBackward, of: pass.output, pass.outputDelta)
  }

  static let catalogEntry = CatalogEntry<any Layer>("relu", "The rectifier z = max(0, a).") {
    _ throws(ArgumentError) in ReLU()
  }
}

/// The leaky rectifier z = a where a > 0, else slope · a; δ_a = δ_z or slope · δ_z (Maas et al., 2013).
public struct LeakyReLU: Layer {
  /// The slope on the negative side.
  public var slope: Double

  /// Creates a leaky rectifier.
  public init(slope: Double = 0.01) { self.slope = slope }

  public var kind: String { "leaky-relu" }
  public var nonlinearity: Nonlinearity? { .leakyRectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.expectSameCount(pass.input, in: "leaky-relu")
    S.kernels.leakyReLU(pass.output.count, S(slope), pass.input.pointer, pass.output.pointer)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    guard let inputDelta = pass.inputDelta else { return }
    S.kernels.leakyReLUBackward(
      inputDelta.count, S(slope), pass.input.pointer, pass.outputDelta.pointer,
      inputDelta.pointer)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "leaky-relu", "The leaky rectifier z = a where a > 0, else slope · a.",
    arguments: [
      ArgumentDescription("slope", "the slope on the negative side, from 0 to 1", default: "0.01")
    ], shorthand: "slope"
  ) { arguments throws(ArgumentError) in
    LeakyReLU(
      slope: try arguments.number("slope", default: 0.01, expected: "a number from 0 to 1") {
        (0...1).contains($0)
      })
  }
}

/// The logistic function z = 1/(1 + e^−a); δ_a = δ_z · z(1 − z), at most a quarter of δ_z.
public struct Sigmoid: Layer {
  /// Creates a logistic activation.
  public init() {}

  public var nonlinearity: Nonlinearity? { .saturating(outside: 0.01...0.99) }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.sigmoid, of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(S.kernels.sigmoidBackward, of: pass.output, pass.outputDelta)
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

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.tanh, of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(S.kernels.tanhBackward, of: pass.output, pass.outputDelta)
  }

  static let catalogEntry = CatalogEntry<any Layer>("tanh", "The hyperbolic tangent z = tanh a.") {
    _ throws(ArgumentError) in Tanh()
  }
}

/// Passes its input on: z = a; δ_a = δ_z.
public struct Identity: Layer {
  /// Creates an identity.
  public init() {}

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input) }

  public func backward<S>(_ pass: BackwardPass<S>) { pass.inputDelta?.assign(pass.outputDelta) }

  static let catalogEntry = CatalogEntry<any Layer>("identity", "Passes its input on: z = a.") {
    _ throws(ArgumentError) in Identity()
  }
}
