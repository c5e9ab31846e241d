import CGradientKernels

/// RMSprop: steps of the gradient over the root of its running square (Hinton, 2012).
///
/// v ← ρv + (1 − ρ)g², w ← w − α·g/(√v + ε), ρ being called alpha as in PyTorch. Centered, the gradient's running mean ḡ is
/// kept too and v − ḡ² stands for v (Graves, 2013). With momentum, the steps run through b ← µb + g/(√v + ε).
public struct RMSprop: Optimizer {
  /// The learning rate, α.
  public var learningRate: Double
  /// The decay rate of the running mean, ρ.
  public var alpha: Double
  /// What keeps the division defined, ε.
  public var epsilon: Double
  /// The weight decay, λ, as a term of the gradient.
  public var weightDecay: Double
  /// The momentum, µ.
  public var momentum: Double
  /// Whether the gradient's variance stands for its square.
  public var centered: Bool

  /// Creates an optimizer.
  public init(
    learningRate: Double = 0.01, alpha: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false
  ) {
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentum = momentum
    self.centered = centered
  }

  public var id: String { "rmsprop" }
  public var stateCount: Int { 1 + (centered ? 1 : 0) + (momentum > 0 ? 1 : 0) }

  public func update<S>(
    _ parameter: TensorView<S>, gradient: TensorView<S>, state: [TensorView<S>],
    _ step: UpdateStep
  ) -> UpdateSummary {
    expectFit(parameter, gradient, state)
    return UpdateSummary(
      count: parameter.count,
      S.kernels.optimizers.rmsprop(
        parameter.count, step.with(decay: weightDecay),
        gk_rmsprop(alpha: alpha, epsilon: epsilon, momentum: momentum), gradient.pointer,
        parameter.pointer, state[0].pointer, centered ? state[1].pointer : nil,
        momentum > 0 ? state[stateCount - 1].pointer : nil))
  }

  static let catalogEntry = CatalogEntry<any Optimizer>(
    "rmsprop", "RMSprop: w ← w − α·g/(√v + ε), v being a running mean of g².",
    arguments: [
      .learningRate(0.01),
      ArgumentDescription(
        "alpha", "the decay rate of the running mean, from 0 to below 1", default: "0.99"),
      .epsilon(1e-8), .weightDecay(0),
      ArgumentDescription("momentum", "µ, from 0 to below 1", default: "0"),
      ArgumentDescription(
        "centered", "whether the gradient's variance stands for v", default: "false"),
    ], shorthand: "learning-rate"
  ) { arguments throws(ArgumentError) in
    RMSprop(
      learningRate: try arguments.positive("learning-rate", default: 0.01),
      alpha: try arguments.share("alpha", default: 0.99),
      epsilon: try arguments.notNegative("eps", default: 1e-8),
      weightDecay: try arguments.notNegative("weight-decay", default: 0),
      momentum: try arguments.share("momentum", default: 0),
      centered: try arguments.boolean("centered", default: false))
  }
}

extension Optimizer where Self == RMSprop {
  /// RMSprop.
  public static func rmsProp(
    learningRate: Double = 0.01, alpha: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false
  ) -> RMSprop {
    RMSprop(
      learningRate: learningRate, alpha: alpha, epsilon: epsilon, weightDecay: weightDecay,
      momentum: momentum, centered: centered)
  }
}
