/// Lion: steps of equal size along the sign of a blend of momentum and gradient (Chen et al., 2023).
///
/// w ← (1 − αλ)w − α·sign(β₁m + (1 − β₁)g), then m ← β₂m + (1 − β₂)g, as in its authors' code.
public struct Lion: Optimizer {
  /// The learning rate, α.
  public var learningRate: Double
  /// β₁ of the blend and β₂ of the momentum.
  public var betas: Betas
  /// The decoupled weight decay, λ.
  public var weightDecay: Double

  /// Creates an optimizer.
  public init(
    learningRate: Double = 1e-4, betas: Betas = Betas(0.9, 0.99), weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.betas = betas
    self.weightDecay = weightDecay
  }

  public var id: String { "lion" }
  public var stateCount: Int { 1 }

  public func update<S>(
    _ parameter: TensorView<S>, gradient: TensorView<S>, state: [TensorView<S>],
    _ step: UpdateStep
  ) -> UpdateSummary {
    expectFit(parameter, gradient, state)
    return UpdateSummary(
      count: parameter.count,
      S.kernels.optimizers.lion(
        parameter.count, step.with(decay: weightDecay), betas.first, betas.second,
        gradient.pointer, parameter.pointer, state[0].pointer))
  }

  static let catalogEntry = CatalogEntry<any Optimizer>(
    "lion",
    "Lion: w ← (1 − αλ)w − α·sign(β₁m + (1 − β₁)g), m being a running mean of g.",
    arguments: [.learningRate(0.0001), .betas(Betas(0.9, 0.99)), .weightDecay(0)],
    shorthand: "learning-rate"
  ) { arguments throws(ArgumentError) in
    Lion(
      learningRate: try arguments.positive("learning-rate", default: 1e-4),
      betas: try arguments.betas(default: Betas(0.9, 0.99)),
      weightDecay: try arguments.notNegative("weight-decay", default: 0))
  }
}

extension Optimizer where Self == Lion {
  /// Lion.
  public static func lion(
    learningRate: Double = 1e-4, betas: Betas = Betas(0.9, 0.99), weightDecay: Double = 0
  ) -> Lion {
    Lion(learningRate: learningRate, betas: betas, weightDecay: weightDecay)
  }
}
