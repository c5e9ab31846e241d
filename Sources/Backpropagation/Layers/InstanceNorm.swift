/// Each channel of each example normalized: y = (x − mean)/√(variance + ε) · weight + bias.
///
/// Takes C × length or C × H × W; mean and variance are over the places of one channel. Backward as ``LayerNorm``. By
/// default training and evaluation are alike, as in PyTorch. With running statistics, training also moves them towards the
/// mean over the batch's examples, and evaluation uses them, as ``BatchNorm`` does (Ulyanov, Vedaldi and Lempitsky, 2016).
public struct InstanceNorm: Layer {
  /// The weight of a batch's statistics in the running ones, where those are kept.
  public var momentum: Double
  /// What is added to the variance.
  public var epsilon: Double
  /// Whether each channel has a weight and a bias.
  public var isAffine: Bool
  /// Whether running statistics are kept, and used in evaluation.
  public var keepsStatistics: Bool

  /// Creates an instance normalization.
  public init(
    momentum: Double = 0.1, epsilon: Double = 1e-5, affine: Bool = true,
    runningStatistics: Bool = false
  ) {
    self.momentum = momentum
    self.epsilon = epsilon
    isAffine = affine
    keepsStatistics = runningStatistics
  }

  private var slices: NormalizedSlices {
    NormalizedSlices(extent: .channels(groups: nil), epsilon: epsilon, isAffine: isAffine)
  }
  /// What evaluates with running statistics.
  private var batchNorm: BatchNorm {
    BatchNorm(momentum: momentum, epsilon: epsilon, affine: isAffine)
  }

  /// The place in memory of the statistics that evaluation uses.
  private static let runningStatistics = 3

  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try slices.checked(inputs)
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    slices.parameters(for: inputs[0])
      + (keepsStatistics ? .runningStatistics(channels: inputs[0][0]) : [])
  }

  public func memory(for inputs: [Shape]) -> [MemorySpecification] {
    slices.memory(for: inputs[0]) + (keepsStatistics ? batchNorm.memory(for: inputs) : [])
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    guard pass.isTraining || !keepsStatistics else {
      return batchNorm.forward(pass, statisticsAt: Self.runningStatistics)
    }
    slices.forward(pass)
    guard keepsStatistics else { return }
    let first = isAffine ? 2 : 0
    let examples = pass.input.shape[0], channels = pass.input.shape[1]
    S.kernels.normalization.moveStatistics(
      examples, channels, pass.input.count / (examples * channels), S(momentum),
      pass.memory[0].pointer, pass.memory[1].pointer, pass.parameters[first].pointer,
      pass.parameters[first + 1].pointer)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    guard pass.isTraining || !keepsStatistics else {
      return batchNorm.backward(pass, statisticsAt: Self.runningStatistics)
    }
    slices.backward(pass)
  }
}

extension InstanceNorm {
  static let catalogEntry = CatalogEntry<any Layer>(
    "instance-norm",
    "Each channel of each example normalized: y = (x − mean)/√(variance + ε) · weight + bias.",
    arguments: [
      .momentum, .epsilon, .affine,
      ArgumentDescription(
        "running-statistics", "whether evaluation uses statistics that training gathered",
        default: "false"),
    ]
  ) { arguments throws(ArgumentError) in
    InstanceNorm(
      momentum: try arguments.momentum, epsilon: try arguments.epsilon,
      affine: try arguments.boolean("affine", default: true),
      runningStatistics: try arguments.boolean("running-statistics", default: false))
  }
}
