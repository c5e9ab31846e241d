// Rectifiers without a corner. Far out on the negative side they go to zero without ever being it; −∞ times that zero is
// NaN, in PyTorch too.

/// The Gaussian error linear unit z = a · Φ(a), Φ being the normal distribution (Hendrycks and Gimpel, 2016).
///
/// δ_a = δ_z · (Φ(a) + a · φ(a)), φ being the normal density. The approximation is z = ½a(1 + tanh(√(2/π)(a + 0.044715a³))).
public struct GELU: Layer {
  /// How Φ is computed.
  public enum Approximation: String, CaseIterable, Sendable {
    /// From the error function: ½(1 + erf(a/√2)).
    case none
    /// From the hyperbolic tangent, with an error below 5e-4.
    case tanh
  }

  /// How Φ is computed.
  public var approximation: Approximation

  /// Creates the activation.
  public init(approximation: Approximation = .none) { self.approximation = approximation }

  public var nonlinearity: Nonlinearity? { .leakyRectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(kernels(S.self).forward, of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(kernels(S.self).backward, of: pass.input, pass.outputDelta)
  }

  private func kernels<S: TensorScalar>(_: S.Type) -> ActivationKernels<S>.Pair {
    switch approximation {
    case .none: S.kernels.activations.gelu
    case .tanh: S.kernels.activations.geluTanh
    }
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "gelu", "The Gaussian error linear unit z = a · Φ(a), Φ being the normal distribution.",
    arguments: [
      ArgumentDescription(
        "approximation", "`none`, or `tanh` for Φ(a) ≈ ½(1 + tanh(√(2/π)(a + 0.044715a³)))",
        default: "none")
    ], shorthand: "approximation"
  ) { arguments throws(ArgumentError) in
    GELU(approximation: try arguments.choice("approximation", default: .none))
  }
}

/// The sigmoid linear unit z = a · σ(a), σ being the logistic function; δ_a = δ_z · σ(a)(1 + a(1 − σ(a))).
///
/// Elfwing et al., 2018; also called swish.
public struct SiLU: Layer {
  /// Creates the activation.
  public init() {}

  public var kind: String { "silu" }
  public var nonlinearity: Nonlinearity? { .leakyRectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.silu.forward, of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(
      S.kernels.activations.silu.backward, of: pass.input, pass.outputDelta)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "silu", "The sigmoid linear unit z = a/(1 + e^−a), also called swish."
  ) { _ throws(ArgumentError) in SiLU() }
}

/// z = a · tanh(log(1 + e^a)) (Misra, 2019); with t the tangent, δ_a = δ_z · (t + a(1 − t²)σ(a)).
public struct Mish: Layer {
  /// Creates the activation.
  public init() {}

  public var nonlinearity: Nonlinearity? { .leakyRectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.mish.forward, of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(
      S.kernels.activations.mish.backward, of: pass.input, pass.outputDelta)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "mish", "The self-gated rectifier z = a · tanh(log(1 + e^a))."
  ) { _ throws(ArgumentError) in Mish() }
}

/// The smooth rectifier z = log(1 + e^a); δ_a = δ_z · σ(a), σ being the logistic function (Dugas et al., 2001).
///
/// Computed as max(0, a) + log(1 + e^−|a|), which doesn't overflow.
public struct Softplus: Layer {
  /// Creates the activation.
  public init() {}

  public var nonlinearity: Nonlinearity? { .leakyRectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.softplus.forward, of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(
      S.kernels.activations.softplus.backward, of: pass.input, pass.outputDelta)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "softplus", "The smooth rectifier z = log(1 + e^a)."
  ) { _ throws(ArgumentError) in Softplus() }
}
