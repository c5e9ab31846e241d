import Foundation
import CGradientKernels

/// Adam: steps of the gradient's running mean over the root of its running square.
///
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − α·m̂/(√v̂ + ε), with m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) at step t
/// (Kingma and Ba, 2015). The weight decay is a term of the gradient. AMSGrad's variant takes the largest v so far (Reddi
/// et al., 2018).
public struct Adam: Optimizer {
  /// The learning rate, α.
  public var learningRate: Double
  /// The decay rates of the running means.
  public var betas: Betas
  /// What keeps the division defined, ε.
  public var epsilon: Double
  /// The weight decay, λ.
  public var weightDecay: Double
  /// Whether the largest square so far is taken.
  public var amsgrad: Bool

  /// Creates an optimizer.
  public init(
    learningRate: Double = 1e-3, betas: Betas = Betas(0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0, amsgrad: Bool = false
  ) {
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.amsgrad = amsgrad
  }

  public var id: String { "adam" }
  public var stateCount: Int { amsgrad ? 3 : 2 }

  @specialized(where S == Float)
  public func update<S>(
    _ parameter: TensorView<S>, gradient: TensorView<S>, state: [TensorView<S>],
    _ step: UpdateStep
  ) -> UpdateSummary {
    expectFit(parameter, gradient, state)
    return update(parameter, gradient, state, step, decoupled: false)
  }

  /// The pass that Adam and AdamW share.
  func update<S>(
    _ parameter: TensorView<S>, _ gradient: TensorView<S>, _ state: [TensorView<S>],
    _ step: UpdateStep, decoupled: Bool
  ) -> UpdateSummary {
    let settings = gk_adam(
      beta1: betas.first, beta2: betas.second, epsilon: epsilon,
      correction1: 1 - pow(betas.first, Double(step.number)),
      correction2: 1 - pow(betas.second, Double(step.number)), decoupled: decoupled ? 1 : 0)
    return UpdateSummary(
      count: parameter.count,
      S.kernels.optimizers.adam(
        parameter.count, step.with(decay: weightDecay), settings, gradient.pointer,
        parameter.pointer, state[0].pointer, state[1].pointer,
        amsgrad ? state[2].pointer : nil))
  }

  static let catalogEntry = CatalogEntry<any Optimizer>(
    "adam", "Adam: w ← w − α·m̂/(√v̂ + ε), m and v being running means of g and g².",
    arguments: Self.arguments(weightDecay: 0), shorthand: "learning-rate"
  ) { arguments throws(ArgumentError) in try Adam(arguments, weightDecay: 0) }

  static func arguments(weightDecay: Double) -> [ArgumentDescription] {
    [
      .learningRate(0.001), .betas(Betas(0.9, 0.999)), .epsilon(1e-8), .weightDecay(weightDecay),
      ArgumentDescription(
        "amsgrad", "whether to take the largest v so far", default: "false"),
    ]
  }

  init(_ arguments: Arguments, weightDecay: Double) throws(ArgumentError) {
    self.init(
      learningRate: try arguments.positive("learning-rate", default: 1e-3),
      betas: try arguments.betas(default: Betas(0.9, 0.999)),
      epsilon: try arguments.notNegative("eps", default: 1e-8),
      weightDecay: try arguments.notNegative("weight-decay", default: weightDecay),
      amsgrad: try arguments.boolean("amsgrad", default: false))
  }
}

extension Optimizer where Self == Adam {
  /// Adam.
  public static func adam(
    learningRate: Double = 1e-3, betas: Betas = Betas(0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0, amsgrad: Bool = false
  ) -> Adam {
    Adam(
      learningRate: learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay,
      amsgrad: amsgrad)
  }
}
