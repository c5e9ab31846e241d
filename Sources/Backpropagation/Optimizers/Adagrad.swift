/// Adagrad: steps of the gradient over the root of the sum of its squares (Duchi et al., 2011).
///
/// v ← v + g², w ← w − α/(1 + (t − 1)η) · g/(√v + ε) at step t.
public struct Adagrad: Optimizer {
  /// The learning rate, α.
  public var learningRate: Double
  /// How fast the learning rate falls, η.
  public var learningRateDecay: Double
  /// The weight decay, λ, as a term of the gradient.
  public var weightDecay: Double
  /// What the sum of squares starts from.
  public var initialAccumulatorValue: Double
  /// What keeps the division defined, ε.
  public var epsilon: Double

  /// Creates an optimizer.
  public init(
    learningRate: Double = 0.01, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulatorValue: Double = 0, epsilon: Double = 1e-10
  ) {
    self.learningRate = learningRate
    self.learningRateDecay = learningRateDecay
    self.weightDecay = weightDecay
    self.initialAccumulatorValue = initialAccumulatorValue
    self.epsilon = epsilon
  }

  public var id: String { "adagrad" }
  public var stateCount: Int { 1 }
  public var initialState: Double { initialAccumulatorValue }

  public func update<S>(
    _ parameter: TensorView<S>, gradient: TensorView<S>, state: [TensorView<S>],
    _ step: UpdateStep
  ) -> UpdateSummary {
    expectFit(parameter, gradient, state)
    var step = step
    step.learningRate /= 1 + Double(step.number - 1) * learningRateDecay
    return UpdateSummary(
      count: parameter.count,
      S.kernels.optimizers.adagrad(
        parameter.count, step.with(decay: weightDecay), epsilon, gradient.pointer,
        parameter.pointer, state[0].pointer))
  }

  static let catalogEntry = CatalogEntry<any Optimizer>(
    "adagrad", "Adagrad: w ← w − α/(1 + (t − 1)η) · g/(√v + ε), v being the sum of g².",
    arguments: [
      .learningRate(0.01),
      ArgumentDescription("lr-decay", "η, not negative", default: "0"), .weightDecay(0),
      ArgumentDescription(
        "initial-accumulator-value", "what v starts from, not negative", default: "0"),
      .epsilon(1e-10),
    ], shorthand: "learning-rate"
  ) { arguments throws(ArgumentError) in
    Adagrad(
      learningRate: try arguments.positive("learning-rate", default: 0.01),
      learningRateDecay: try arguments.notNegative("lr-decay", default: 0),
      weightDecay: try arguments.notNegative("weight-decay", default: 0),
      initialAccumulatorValue: try arguments.notNegative(
        "initial-accumulator-value", default: 0),
      epsilon: try arguments.notNegative("eps", default: 1e-10))
  }
}

extension Optimizer where Self == Adagrad {
  /// Adagrad.
  public static func adagrad(
    learningRate: Double = 0.01, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulatorValue: Double = 0, epsilon: Double = 1e-10
  ) -> Adagrad {
    Adagrad(
      learningRate: learningRate, learningRateDecay: learningRateDecay,
      weightDecay: weightDecay, initialAccumulatorValue: initialAccumulatorValue,
      epsilon: epsilon)
  }
}
