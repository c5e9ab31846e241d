import CGradientKernels

/// Stochastic gradient descent with momentum: v ← µv + g + λw, w ← w − αv.
///
/// With Nesterov's variant the weights move by α(g + λw + µv). As in PyTorch, the velocity is not scaled by the learning
/// rate (Sutskever et al., 2013).
public struct SGD: Optimizer {
  /// The learning rate, α.
  public var learningRate: Double
  /// The momentum, µ.
  public var momentum: Double
  /// Whether the weights look ahead along the velocity.
  public var nesterov: Bool
  /// The weight decay, λ, as a term of the gradient.
  public var weightDecay: Double

  /// Creates an optimizer.
  public init(
    learningRate: Double, momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  public var id: String { "sgd" }
  public var stateCount: Int { 1 }

  @specialized(where S == Float)
  public func update<S>(
    _ parameter: TensorView<S>, gradient: TensorView<S>, state: [TensorView<S>],
    _ step: UpdateStep
  ) -> UpdateSummary {
    expectFit(parameter, gradient, state)
    return UpdateSummary(
      count: parameter.count,
      S.kernels.optimizers.momentum(
        parameter.count, step.with(decay: weightDecay),
        gk_momentum(momentum: momentum, nesterov: nesterov ? 1 : 0), gradient.pointer,
        parameter.pointer, state[0].pointer))
  }

  static let catalogEntry = CatalogEntry<any Optimizer>(
    "sgd", "Stochastic gradient descent with momentum: v ← µv + g + λw, w ← w − αv.",
    arguments: [
      ArgumentDescription("learning-rate", "α, a positive number"),
      ArgumentDescription("momentum", "µ, from 0 to below 1", default: "0"),
      ArgumentDescription("nesterov", "whether to look ahead along the velocity", default: "false"),
      .weightDecay(0),
    ], shorthand: "learning-rate"
  ) { arguments throws(ArgumentError) in
    SGD(
      learningRate: try arguments.positive("learning-rate"),
      momentum: try arguments.share("momentum", default: 0),
      nesterov: try arguments.boolean("nesterov", default: false),
      weightDecay: try arguments.notNegative("weight-decay", default: 0))
  }
}

extension Optimizer where Self == SGD {
  /// Stochastic gradient descent with momentum.
  public static func sgd(
    learningRate: Double, momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0
  ) -> SGD {
    SGD(
      learningRate: learningRate, momentum: momentum, nesterov: nesterov,
      weightDecay: weightDecay)
  }
}
