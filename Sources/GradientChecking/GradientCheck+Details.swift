public import Backpropagation

extension GradientCheck {
  /// How many weights of each tensor are told what their change does.
  public static let effects: Int = 3

  /// The check of a network with what helps to read it: what the largest derivatives mean, the error of the difference
  /// quotient against its step for the entry that agrees least, and Float beside Double.
  ///
  /// - Parameters:
  ///   - network: The network that was checked.
  ///   - data: The examples that it was checked on.
  ///   - parameters: The values that it was checked at; by default those that the seed of the check initializes it to.
  ///   - examples: How many of them.
  /// - Returns: The check, with these details.
  /// - Throws: A ``NetworkError`` if the data don't fit the network.
  public func withDetails(
    of network: NeuralNetwork, on data: Dataset, parameters: ParameterStore<Double>? = nil,
    examples: Int = batch
  ) throws(NetworkError) -> GradientCheck {
    guard obstacle == nil else { return self }
    try network.check(data)
    let data = data.prefix(examples)
    var result = self
    let parameters = parameters?.copy(for: network) ?? ParameterStore(network, seed: seed)
    let point = CheckPoint(network, parameters, data, .add)
    let whole = WholeNetwork(point)
    let variables = whole.parameterVariables.map { variable, place in
      (name: network.parameters[place].name, variable: variable)
    }
    result.float = FloatComparison(variables)
    result.effects = variables.flatMap { name, variable in
      WeightEffect.largest(Self.effects, of: variable, named: name)
    }.sorted { abs($0.derivative) > abs($1.derivative) }
    result.curve =
      leastAgreeing.lazy.compactMap { tensor, entry in
        whole.variable(of: tensor, at: point, seed: seed).map {
          StepCurve(entry: $0.place(of: entry.index), of: $0)
        }
      }.first
    return result
  }

  /// The entries that agree least, one a tensor: of those that fail if there are any, else by relative error.
  private var leastAgreeing: [(TensorCheck, EntryCheck)] {
    let candidates = (failures.isEmpty ? tensors : failures).compactMap { tensor in
      tensor.worst.map { (tensor, $0) }
    }.filter {
      !$0.1.index.isEmpty && !$0.1.isAtKink && !$0.1.isNoise && $0.1.analytic != $0.1.numeric
    }
    guard failures.isEmpty else { return candidates }
    return candidates.sorted { $0.1.relativeError > $1.1.relativeError }
  }
}

extension WholeNetwork {
  /// The variable by which a tensor was checked entry by entry; nil if there is none of its name.
  fileprivate func variable(
    of tensor: TensorCheck, at point: CheckPoint, seed: UInt64
  ) -> Variable? {
    if tensor.isWholeNetwork {
      return parameterVariables.map(\.0).first { $0.name == tensor.name }
    }
    let losses = heads.lazy.map { head in
      LossAlone(
        head.loss, output: terms(of: head), targets: head.targets, divisor: head.divisor,
        method: .finiteDifference
      ).variables
    }
    let nodes = point.network.nodes
    let layers = nodes.indices.lazy.filter { nodes[$0].name == tensor.layer }
      .map { alone($0, at: point, method: .finiteDifference, seed: seed).variables }
    let candidates = layers.first ?? losses.first ?? []
    return candidates.first { $0.name == tensor.name && $0.shape.reduce(1, *) == tensor.count }
  }
}
