/// Everything that one forward and one backward pass over a batch compute, to be compared with another framework.
public struct SinglePass: Sendable {
  /// A tensor and the name it goes by.
  public typealias Named = (name: String, values: Tensor<Double>)

  /// The mean loss of the batch, Σ_h w_h Σ_n E_n / divisor_h.
  public let loss: Double
  /// The output of every node, the inputs first.
  public let activations: [Named]
  /// For every node but inputs that hold indices dE_n/d(output) of each example: the divisor is undone.
  public let deltas: [Named]
  /// The gradient of the mean loss by every parameter that is trained.
  public let gradients: [Named]
  /// The number of examples.
  public let examples: Int
  /// What Σ_n E_n was divided by, and the deltas multiplied by.
  public let lossDivisor: Double

  /// Runs a network in training mode on all of `data`, as one batch.
  ///
  /// - Parameters:
  ///   - network: The network, whose parameters are initialized.
  ///   - data: The examples.
  ///   - seed: The seed of initialization, and of what dropout draws.
  ///   - precision: The numbers that are computed with.
  /// - Throws: A ``NetworkError`` if the data don't fit the network, or are none.
  public init(
    _ network: NeuralNetwork, on data: Dataset, seed: UInt64 = 1,
    precision: Trainer.Precision = .double
  ) throws(NetworkError) {
    try network.check(data)
    guard data.count > 0 else { throw NetworkError(message: "the data have no examples") }
    try network.checkRoom(forBatch: data.count)
    switch precision {
    case .float: self.init(network, data, seed, Float.self)
    case .double: self.init(network, data, seed, Double.self)
    }
  }

  private init<S: TensorScalar>(
    _ network: NeuralNetwork, _ data: Dataset, _ seed: UInt64, _: S.Type
  ) {
    let examples = data.count
    self.examples = examples
    let workspace = Workspace(
      network, parameters: ParameterStore<S>(network, seed: seed), capacity: examples,
      inputDeltas: true, combination: .add)
    workspace.context.seed = seed
    workspace.fill(with: data)
    let memory = data.targetSets.map { TargetMemory<S>($0) }
    let targets = memory.map(\.batch)
    let divisors = workspace.divisors(of: targets, examples: examples)
    (loss, lossDivisor) = withExtendedLifetime(memory) {
      workspace.forward(examples: examples)
      let loss = workspace.loss(targets, examples: examples, divisors: divisors)
      workspace.backward(targets, examples: examples, divisors: divisors)
      return (loss, divisors.count == 1 ? divisors[0] : Double(examples))
    }

    let divisor = lossDivisor
    activations = network.nodes.enumerated().map { index, node in
      (node.name, workspace.output(of: index, examples: examples).inDouble(times: 1))
    }
    deltas = network.nodes.enumerated().compactMap { index, node in
      guard network.vocabulary(ofInput: node.name) == nil else { return nil }
      return (node.name, workspace.delta(of: index, examples: examples).inDouble(times: divisor))
    }
    gradients = zip(network.parameters, workspace.gradients.views).compactMap { parameter, view in
      parameter.isTrainable ? (parameter.name, view.inDouble(times: 1)) : nil
    }
  }
}

extension TensorView {
  fileprivate func inDouble(times factor: Double) -> Tensor<Double> {
    Tensor(shape: shape, scalars: elements.map { factor * Double($0) })
  }
}
