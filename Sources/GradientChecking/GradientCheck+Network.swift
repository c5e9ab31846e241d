public import Backpropagation

extension GradientCheck {
  /// The examples on which a network is checked: few, since each brings kinks of its own.
  public static let batch: Int = 8

  /// Checks a network on the first 8 examples of `data`: the loss and each layer alone, then the wiring of the whole.
  ///
  /// Everything runs in Double. The network starts from the values that `seed` initializes it to, or from `parameters`.
  /// The wiring is asked only once every layer is right: with a wrong layer, all that lies below it is wrong too.
  ///
  /// - Throws: A ``NetworkError`` if the data don't fit the network, or are none.
  public init(
    _ network: NeuralNetwork, on data: Dataset, parameters: ParameterStore<Double>? = nil,
    method: CheckMethod = .automatic, exhaustive: Bool = false, seed: UInt64 = 1
  ) throws(NetworkError) {
    try self.init(
      network, on: data, parameters: parameters, method: method,
      exhaustive: exhaustive, seed: seed, combination: .add)
  }

  /// The same for a network whose contributions are combined in the given way: one of them is a planted mistake.
  package init(
    _ network: NeuralNetwork, on data: Dataset, parameters: ParameterStore<Double>? = nil,
    method: CheckMethod = .automatic, exhaustive: Bool = false, seed: UInt64,
    combination: Workspace<Double>.Combination
  ) throws(NetworkError) {
    try network.check(data)
    guard data.count > 0 else {
      throw NetworkError(message: "a check needs at least one example, the data have none")
    }
    let data = data.prefix(Self.batch)
    // Passes in training mode move running statistics: those of the caller stay as they are.
    let parameters = parameters?.copy(for: network) ?? ParameterStore(network, seed: seed)
    let whole = WholeNetwork(
      network, parameters: parameters, on: data, combination: combination, method: method)
    var collector = CheckCollector(
      seed: seed, batch: data.count, method: method, isExhaustive: exhaustive)
    for index in network.nodes.indices.dropFirst(network.inputCount) {
      collector.check(
        whole.alone(index, of: network, parameters: parameters, method: method, seed: seed))
    }
    for head in whole.heads {
      collector.check(
        LossAlone(
          head.loss, output: whole.terms(of: head), targets: head.targets, divisor: head.divisor,
          method: method))
    }
    if exhaustive, method.asksDuals, !collector.hasFailed {
      collector.checkEveryEntry(
        of: whole,
        EndToEndTangents(network, parameters: parameters, on: data, whole.heads, seed: seed))
    }
    if !collector.hasFailed {
      collector.checkWiring(of: whole) {
        var source = RandomSource(seed: seed, stream: "neighbor")
        return WholeNetwork(
          network, parameters: parameters.neighbor(in: network, from: &source),
          on: data.neighbor(of: network, from: &source), combination: combination, method: method)
      }
    }
    self.init(
      seed: seed, evaluations: collector.evaluations, tensors: collector.tensors,
      oracles: method.oracles)
  }
}

extension WholeNetwork {
  /// One of the network's layers by itself, at the point where the pass over the whole found it.
  func alone(
    _ index: Int, of network: NeuralNetwork, parameters: ParameterStore<Double>,
    method: CheckMethod, seed: UInt64
  ) -> LayerAlone {
    let node = network.nodes[index]
    return LayerAlone(
      node.layer, name: node.name, inputs: node.inputs.map(output(of:)),
      parameters: node.parameters.map { place in
        let parameter = network.parameters[place]
        return LayerAlone.Parameter(
          name: parameter.nameInLayer, view: parameters.views[place],
          isTrainable: parameter.isTrainable)
      }, output: output(of: index).shape, context: context, method: method, seed: seed)
  }
}

extension ParameterStore<Double> {
  /// Values a percent away from these, in random directions.
  fileprivate func neighbor(
    in network: NeuralNetwork, from source: inout RandomSource
  ) -> ParameterStore {
    let neighbor = ParameterStore(zerosFor: network)
    for (view, result) in zip(views, neighbor.views) {
      let width = 0.01 * max(view.elements.rms, 0.1)
      for index in view.elements.indices {
        result.elements[index] = view.elements[index] + width * source.normal()
      }
    }
    for (index, parameter) in network.parameters.enumerated() where !parameter.isTrainable {
      neighbor.views[index].assign(views[index])
    }
    return neighbor
  }
}

extension Dataset {
  /// Inputs a percent away from these, in random directions; indices stay.
  fileprivate func neighbor(
    of network: NeuralNetwork, from source: inout RandomSource
  ) -> Dataset {
    var nodes = network.nodes.makeIterator()
    return mappingInputs { features in
      let name = nodes.next()?.name ?? ""
      guard network.vocabulary(ofInput: name) == nil else { return features.values }
      let values = features.values
      let rms = (values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))).squareRoot()
      let width = 0.01 * max(rms, 0.1)
      return values.map { $0 + width * source.normal() }
    }
  }
}
