/// The channels normalized in groups: y = (x − mean)/√(variance + ε) · weight + bias.
///
/// Takes features [C], C × length or C × H × W; mean and variance are over the channels of a group and their places, of
/// one example. Each channel has a weight and a bias. Backward as ``LayerNorm`` (Wu and He, 2018).
public struct GroupNorm: Layer {
  /// How many groups of equally many channels there are.
  public var groups: Int
  /// What is added to the variance.
  public var epsilon: Double
  /// Whether each channel has a weight and a bias.
  public var isAffine: Bool

  /// Creates a group normalization.
  public init(groups: Int, epsilon: Double = 1e-5, affine: Bool = true) {
    self.groups = groups
    self.epsilon = epsilon
    isAffine = affine
  }

  private var slices: NormalizedSlices {
    NormalizedSlices(extent: .channels(groups: groups), epsilon: epsilon, isAffine: isAffine)
  }

  public var keepsPositions: Bool { false }

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
    "group-norm",
    "The channels of an example normalized in groups: "
      + "y = (x − mean)/√(variance + ε) · weight + bias.",
    arguments: [
      ArgumentDescription("groups", "how many groups the channels are divided into"), .epsilon,
      .affine,
    ], shorthand: "groups"
  ) { arguments throws(ArgumentError) in
    GroupNorm(
      groups: try arguments.integer("groups", in: 1...maximumSize),
      epsilon: try arguments.epsilon, affine: try arguments.boolean("affine", default: true))
  }
}
