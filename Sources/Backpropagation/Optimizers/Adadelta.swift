/// Adadelta: steps as large as the last ones were, relative to the gradient's running root mean square (Zeiler, 2012).
///
/// v ← ρv + (1 − ρ)g², u = √(d + ε)/√(v + ε) · g, d ← ρd + (1 − ρ)u², w ← w − αu.
public struct Adadelta: Optimizer {
  /// The learning rate, α.
  public var learningRate: Double
  /// The decay rate of the running means, ρ.
  public var rho: Double
  /// What keeps the division defined, ε.
  public var epsilon: Double
  /// The weight decay, λ, as a term of the gradient.
  public var weightDecay: Double

  /// Creates an optimizer.
  public init(
    learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.rho = rho
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var id: String { "adadelta" }
  public var stateCount: Int { 2 }

  public func update<S>(
    _ parameter: TensorView<S>, gradient: TensorView<S>, state: [TensorView<S>],
    _ step: UpdateStep
  ) -> UpdateSummary {
    expectFit(parameter, gradient, state)
    return UpdateSummary(
      count: parameter.count,
      S.kernels.optimizers.adadelta(
        parameter.count, step.with(decay: weightDecay), rho, epsilon, gradient.pointer,
        parameter.pointer, state[0].pointer, state[1].pointer))
  }

  static let catalogEntry = CatalogEntry<any Optimizer>(
    "adadelta",
    "Adadelta: w ← w − αu, u = √(d + ε)/√(v + ε) · g, v and d being running means of g² and u².",
    arguments: [
      .learningRate(1),
      ArgumentDescription("rho", "ρ, from 0 to below 1", default: "0.9"), .epsilon(1e-6),
      .weightDecay(0),
    ], shorthand: "learning-rate"
  ) { arguments throws(ArgumentError) in
    Adadelta(
      learningRate: try arguments.positive("learning-rate", default: 1),
      rho: try arguments.share("rho", default: 0.9),
      epsilon: try arguments.notNegative("eps", default: 1e-6),
      weightDecay: try arguments.notNegative("weight-decay", default: 0))
  }
}

extension Optimizer where Self == Adadelta {
  /// Adadelta.
  public static func adadelta(
    learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0
  ) -> Adadelta {
    Adadelta(learningRate: learningRate, rho: rho, epsilon: epsilon, weightDecay: weightDecay)
  }
}
