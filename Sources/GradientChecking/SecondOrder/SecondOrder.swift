public import Backpropagation

/// What the derivative of the gradient says about a network: whether it is symmetric, as that of a gradient is, and how
/// sharply the error is curved.
public struct SecondOrder: Sendable, Equatable, Codable {
  /// Whether uᵀHv = vᵀHu.
  public var symmetry: HessianSymmetry
  /// The top curvature.
  public var sharpness: Sharpness
  /// The examples whose mean error it is.
  public var examples: Int
  /// The weights, and so the rows of H.
  public var weights: Int
  /// The training whose learning rate is held against the curvature.
  public var training: Training?

  /// A learning rate, and up to which one the optimizer is stable where the curvature is λ_max.
  public struct Training: Sendable, Equatable, Codable {
    /// The optimizer's id.
    public var optimizer: String
    /// The learning rate, before any schedule.
    public var learningRate: Double
    /// Up to which learning rate it is stable; nil for an optimizer that scales each weight's step by itself.
    public var stableBelow: Double?
  }

  /// The most examples that the curvature is measured on.
  public static let mostExamples: Int = 256

  /// Measures at the network's initial values, on the first 256 examples of `data`, in training mode and without the
  /// regularizer.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - data: The examples.
  ///   - optimizer: What it is to be trained with, if that is known.
  ///   - seed: The seed of the initial values and of the vectors.
  /// - Throws: A ``NetworkError`` if the data don't fit the network, or are none.
  public init(
    _ network: NeuralNetwork, on data: Dataset, optimizer: (any Optimizer)? = nil,
    seed: UInt64 = 1
  ) throws(NetworkError) {
    try network.check(data)
    guard data.count > 0 else {
      throw NetworkError(message: "a check needs at least one example, the data have none")
    }
    let data = data.prefix(Self.mostExamples)
    let surface = ErrorSurface(network, on: data, seed: seed)
    let product = HessianProduct(at: surface.start, gradient: surface.gradient)
    symmetry = HessianSymmetry(of: product, count: surface.start.count, seed: seed)
    sharpness = Sharpness(of: product, count: surface.start.count, seed: seed)
    examples = data.count
    weights = surface.start.count
    training = optimizer.map { [sharpness] in
      Training(
        optimizer: $0.id, learningRate: $0.learningRate,
        stableBelow: sharpness.stableBelow(with: $0))
    }
  }
}

extension Sharpness {
  /// Up to which learning rate an optimizer is stable: 2/λ, with momentum µ 2(1 + µ)/λ, with Nesterov's
  /// 2(1 + µ)/((1 + 2µ)λ) (Cohen et al., 2021); nil for those that scale each weight's step by itself.
  func stableBelow(with optimizer: any Optimizer) -> Double? {
    guard let sgd = optimizer as? SGD, let plain = stableBelow else { return nil }
    let momentum = 1 + sgd.momentum
    return plain * (sgd.nesterov ? momentum / (1 + 2 * sgd.momentum) : momentum)
  }
}
