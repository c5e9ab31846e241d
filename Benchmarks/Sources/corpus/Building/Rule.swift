import GradientHealth

/// An optimizer with a rate that suits the small networks of the corpus.
enum Rule: String, CaseIterable {
  case sgd, momentum, adam, adamW = "adamw", rmsprop, adagrad, lion

  /// The optimizer, its usual rate multiplied by `factor`.
  func optimizer(times factor: Double = 1) -> any Optimizer {
    switch self {
    case .sgd: .sgd(learningRate: 0.1 * factor)
    case .momentum: .sgd(learningRate: 0.02 * factor, momentum: 0.9)
    case .adam: .adam(learningRate: 3e-3 * factor)
    case .adamW: .adamW(learningRate: 3e-3 * factor)
    case .rmsprop: .rmsProp(learningRate: 1e-3 * factor)
    case .adagrad: .adagrad(learningRate: 0.03 * factor)
    case .lion: .lion(learningRate: 1e-3 * factor)
    }
  }
}
