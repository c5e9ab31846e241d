/// Each position's features normalized: y = (x − mean)/√(variance + ε) · weight + bias.
///
/// Mean and variance are over the last axis, of features [F] and of a sequence T × F; of C × H × W over all three. Weight
/// and bias have the shape of what is normalized together. Training and evaluation are alike. With
/// x̂ = (x − mean)/√(variance + ε) and g = δ · weight: δx = (g − mean(g) − x̂ · mean(g·x̂))/√(variance + ε),
/// δweight = Σ δ·x̂, δbias = Σ δ (Ba, Kiros and Hinton, 2016).
public struct LayerNorm: Layer {
  /// What is added to the variance.
  public var epsilon: Double
  /// Whether there is a weight and a bias.
  public var isAffine: Bool

  /// Creates a layer normalization.
  public init(epsilon: Double = 1e-5, affine: Bool = true) {
    self.epsilon = epsilon
    isAffine = affine
  }

  private var slices: NormalizedSlices {
    NormalizedSlices(extent: .lastAxis, epsilon: epsilon, isAffine: isAffine)
  }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try slices.checked(inputs)
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    Array(slices.parameters(for: inputs[0]))
  }

  public func memory(for inputs: [Shape]) -> [MemorySpecification] { slices.memory(for: inputs[0]) }

  public func forward<S>(_ pass: ForwardPass<S>) { slices.forward(pass) }

  public func backward<S>(_ pass: BackwardPass<S>) { slices.backward(pass) }

  static let catalogEntry = CatalogEntry<any Layer>(
    "layer-norm",
    "Each position's features, or a whole image, normalized: "
      + "y = (x − mean)/√(variance + ε) · weight + bias.",
    arguments: [.epsilon, .affine]
  ) { arguments throws(ArgumentError) in
    LayerNorm(
      epsilon: try arguments.epsilon, affine: try arguments.boolean("affine", default: true))
  }
}

/// Each position's features divided by their root mean square: y = x/√(mean(x²) + ε) · weight.
///
/// As ``LayerNorm``, without taking off the mean and without a bias. With x̂ = x/√(mean(x²) + ε) and g = δ · weight:
/// δx = (g − x̂ · mean(g·x̂))/√(mean(x²) + ε), δweight = Σ δ·x̂ (Zhang and Sennrich, 2019).
public struct RMSNorm: Layer {
  /// What is added to the mean square.
  public var epsilon: Double
  /// Whether there is a weight.
  public var isAffine: Bool

  /// Creates a normalization by the root mean square.
  public init(epsilon: Double = 1e-5, affine: Bool = true) {
    self.epsilon = epsilon
    isAffine = affine
  }

  private var slices: NormalizedSlices {
    NormalizedSlices(extent: .lastAxis, epsilon: epsilon, isAffine: isAffine, isCentered: false)
  }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try slices.checked(inputs)
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    Array(slices.parameters(for: inputs[0]))
  }

  public func memory(for inputs: [Shape]) -> [MemorySpecification] { slices.memory(for: inputs[0]) }

  public func forward<S>(_ pass: ForwardPass<S>) { slices.forward(pass) }

  public func backward<S>(_ pass: BackwardPass<S>) { slices.backward(pass) }

  static let catalogEntry = CatalogEntry<any Layer>(
    "rms-norm",
    "Each position's features, or a whole image, divided by their root mean square: "
      + "y = x/√(mean(x²) + ε) · weight.",
    arguments: [
      .epsilon, ArgumentDescription("affine", "whether there is a weight", default: "true"),
    ]
  ) { arguments throws(ArgumentError) in
    RMSNorm(
      epsilon: try arguments.epsilon, affine: try arguments.boolean("affine", default: true))
  }
}
