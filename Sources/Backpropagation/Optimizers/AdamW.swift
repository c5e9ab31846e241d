/// Adam with decoupled weight decay: w ← (1 − αλ)w before Adam's step (Loshchilov and Hutter, 2019).
public struct AdamW: Optimizer {
  private var adam: Adam

  /// Creates an optimizer.
  public init(
    learningRate: Double = 1e-3, betas: Betas = Betas(0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0.01, amsgrad: Bool = false
  ) {
    adam = Adam(
      learningRate: learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay,
      amsgrad: amsgrad)
  }

  public var id: String { "adamw" }
  public var stateCount: Int { adam.stateCount }
  public var learningRate: Double {
    get { adam.learningRate }
    set { adam.learningRate = newValue }
  }
  public var weightDecay: Double {
    get { adam.weightDecay }
    set { adam.weightDecay = newValue }
  }

  @specialized(where S == Float)
  public func update<S>(
    _ parameter: TensorView<S>, gradient: TensorView<S>, state: [TensorView<S>],
    _ step: UpdateStep
  ) -> UpdateSummary {
    expectFit(parameter, gradient, state)
    return adam.update(parameter, gradient, state, step, decoupled: true)
  }

  static let catalogEntry = CatalogEntry<any Optimizer>(
    "adamw", "Adam with decoupled weight decay: w ← (1 − αλ)w before Adam's step.",
    arguments: Adam.arguments(weightDecay: 0.01), shorthand: "learning-rate"
  ) { arguments throws(ArgumentError) in
    var optimizer = AdamW()
    optimizer.adam = try Adam(arguments, weightDecay: 0.01)
    return optimizer
  }
}

extension Optimizer where Self == AdamW {
  /// Adam with decoupled weight decay.
  public static func adamW(
    learningRate: Double = 1e-3, betas: Betas = Betas(0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0.01, amsgrad: Bool = false
  ) -> AdamW {
    AdamW(
      learningRate: learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay,
      amsgrad: amsgrad)
  }
}
