public import Backpropagation

extension GradientCheck {
  /// The examples on which a network is checked: few, since each brings kinks of its own.
  public static let batch: Int = 8

  /// Checks a network on the first examples of `data`: the loss and each layer alone, then the wiring of the whole.
  ///
  /// Everything runs in Double. The network starts from the values that `seed` initializes it to, or from `parameters`.
  /// The wiring is asked only once every layer is right: with a wrong layer, all that lies below it is wrong too. Passes
  /// train, with the batch's statistics and one mask of dropout; where a network does something else in evaluation, that
  /// is checked as well, and the wiring once more after a few steps of training.
  ///
  /// A forward pass that isn't deterministic gets no verdict: ``obstacle`` names the layer.
  ///
  /// - Throws: A ``NetworkError`` if the data don't fit the network, or are none; if an output or the loss isn't a number
  ///   at the start, which it says where; if the loss has no derivative, or a layer isn't written for Double.
  public init(
    _ network: NeuralNetwork, on data: Dataset, parameters: ParameterStore<Double>? = nil,
    method: CheckMethod = .automatic, exhaustive: Bool = false, examples: Int = batch,
    seed: UInt64 = 1
  ) throws(NetworkError) {
    try self.init(
      network, on: data, parameters: parameters, method: method,
      exhaustive: exhaustive, examples: examples, seed: seed, combination: .add)
  }

  /// The same for a network whose contributions are combined in the given way: one of them is a planted mistake.
  package init(
    _ network: NeuralNetwork, on data: Dataset, parameters: ParameterStore<Double>? = nil,
    method: CheckMethod = .automatic, exhaustive: Bool = false, examples: Int = batch,
    seed: UInt64, combination: Combination
  ) throws(NetworkError) {
    try network.check(data)
    guard data.count > 0 else {
      throw NetworkError(message: "a check needs at least one example, the data have none")
    }
    let data = data.prefix(examples)
    try network.checkRoom(forBatch: data.count)
    var collector: CheckCollector, later: CheckPoint?, notes: [String]
    // Within this scope, so that a large network's values at the start are freed before those after some steps are checked.
    do {
      // Passes in training mode move running statistics: those of the caller stay as they are.
      let parameters = parameters?.copy(for: network) ?? ParameterStore(network, seed: seed)
      let preconditions = try Preconditions(
        network, parameters: parameters, on: data, method: method)
      if let obstacle = preconditions.obstacle {
        self.init(seed: seed, evaluations: 0, tensors: [], oracles: [])
        self.give(up: obstacle)
        return
      }
      notes = preconditions.notes
      collector = CheckCollector(
        seed: seed, batch: data.count, method: preconditions.method, isExhaustive: exhaustive)
      let start = CheckPoint(network, parameters, data, combination)
      collector.check(start)
      if !collector.hasFailed, start.hasOtherEvaluation { collector.check(start.inEvaluation) }
      later = collector.hasFailed ? nil : start.afterBurnIn(seed: seed)
    }
    if let later { collector.checkWiring(of: later) }
    self.init(
      seed: seed, evaluations: collector.evaluations, tensors: collector.tensors,
      oracles: collector.method.oracles)
    self.notes = notes
  }
}
