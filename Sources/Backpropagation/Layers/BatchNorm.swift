import CGradientKernels

/// Each channel normalized over the batch: y = (x − mean)/√(variance + ε) · weight + bias.
///
/// Takes features [C], C × length or C × H × W; mean and variance are over the examples and the places of a channel. In
/// training they are the batch's, and move the running ones: running ← (1 − momentum) · running + momentum · batch's, the
/// variance there unbiased, ·n/(n − 1). In evaluation the running ones are used. With x̂ = (x − mean)/√(variance + ε),
/// in training δx = weight/√(variance + ε) · (δ − mean(δ) − x̂ · mean(δ·x̂)), δweight = Σ δ·x̂, δbias = Σ δ
/// (Ioffe and Szegedy, 2015).
///
/// Of one value a channel (one example, without a length or area) there are no statistics: it would be normalized to 0
/// whatever it is. Training refuses batches that leave one.
public struct BatchNorm: Layer {
  /// The weight of a batch's statistics in the running ones.
  public var momentum: Double
  /// What is added to the variance, so that a constant channel divides by no zero.
  public var epsilon: Double
  /// Whether each channel has a weight and a bias.
  public var isAffine: Bool

  /// Creates a batch normalization.
  public init(momentum: Double = 0.1, epsilon: Double = 1e-5, affine: Bool = true) {
    self.momentum = momentum
    self.epsilon = epsilon
    isAffine = affine
  }

  public var keepsPositions: Bool { false }
  public var mixesExamples: Bool { true }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try inputs.single
    guard (1...3).contains(input.rank) else {
      throw ShapeError("takes features, C × length or C × H × W, got \(input)")
    }
    return input
  }

  public func smallestBatch(for inputs: [Shape]) -> Int { inputs[0].count == inputs[0][0] ? 2 : 1 }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    (isAffine ? .affine([inputs[0][0]]) : []) + .runningStatistics(channels: inputs[0][0])
  }

  public func memory(for inputs: [Shape]) -> [MemorySpecification] {
    [.perBatch([inputs[0][0]]), .perBatch([inputs[0][0]])]
  }

  public func forward<S>(_ pass: ForwardPass<S>) { forward(pass, statisticsAt: 0) }

  public func backward<S>(_ pass: BackwardPass<S>) { backward(pass, statisticsAt: 0) }

  /// Forward with the mean and the variance at places of the pass's memory.
  func forward<S>(_ pass: ForwardPass<S>, statisticsAt place: Int) {
    let mean = pass.memory[place], variance = pass.memory[place + 1]
    let runningMean = pass.parameters[isAffine ? 2 : 0]
    let runningVariance = pass.parameters[isAffine ? 3 : 1]
    if !pass.isTraining {
      mean.assign(runningMean)
      variance.assign(runningVariance)
    }
    let shape = shape(of: pass.input, takesStatistics: pass.isTraining)
    S.kernels.normalization.batch(
      shape, pass.input.pointer, isAffine ? pass.parameters[0].pointer : nil,
      isAffine ? pass.parameters[1].pointer : nil, mean.pointer, variance.pointer,
      pass.output.pointer)
    guard pass.isTraining else { return }
    S.kernels.normalization.moveStatistics(
      1, shape.channels, shape.examples * shape.extent, S(momentum), mean.pointer,
      variance.pointer, runningMean.pointer, runningVariance.pointer)
  }

  /// Backward with the mean and the variance that the forward pass left.
  func backward<S>(_ pass: BackwardPass<S>, statisticsAt place: Int) {
    S.kernels.normalization.batchBackward(
      shape(of: pass.input, takesStatistics: pass.isTraining), pass.input.pointer,
      isAffine ? pass.parameters[0].pointer : nil, pass.memory[place].pointer,
      pass.memory[place + 1].pointer, pass.outputDelta.pointer, pass.inputDelta?.pointer,
      isAffine ? pass.parameterGradients[0].pointer : nil,
      isAffine ? pass.parameterGradients[1].pointer : nil)
  }

  private func shape<S>(of batch: TensorView<S>, takesStatistics: Bool) -> gk_batch_norm_shape {
    let examples = batch.shape[0], channels = batch.shape[1]
    return gk_batch_norm_shape(
      examples: examples, channels: channels, extent: batch.count / (examples * channels),
      takes_statistics: takesStatistics ? 1 : 0, epsilon: epsilon)
  }
}

extension BatchNorm {
  static let catalogEntry = CatalogEntry<any Layer>(
    "batch-norm",
    "Each channel normalized over the batch, in evaluation by running statistics: "
      + "y = (x − mean)/√(variance + ε) · weight + bias.",
    arguments: [.momentum, .epsilon, .affine]
  ) { arguments throws(ArgumentError) in
    BatchNorm(
      momentum: try arguments.momentum, epsilon: try arguments.epsilon,
      affine: try arguments.boolean("affine", default: true))
  }
}
