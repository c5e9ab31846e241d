import Backpropagation

/// A network with the parameters and the examples at which it is checked.
struct CheckPoint {
  let network: NeuralNetwork
  let parameters: ParameterStore<Double>
  let data: Dataset
  let combination: Combination
  /// Whether passes train.
  private(set) var isTraining = true
  /// What is added to the names of the tensors, where the point is not the first.
  private(set) var label = ""

  init(
    _ network: NeuralNetwork, _ parameters: ParameterStore<Double>, _ data: Dataset,
    _ combination: Combination
  ) {
    self.network = network
    self.parameters = parameters
    self.data = data
    self.combination = combination
  }

  /// The same with passes that evaluate: running statistics, and nothing dropped.
  var inEvaluation: CheckPoint {
    var point = self
    point.isTraining = false
    point.label = " in evaluation"
    return point
  }

  /// Whether some node's output differs when passes evaluate.
  var hasOtherEvaluation: Bool {
    let (training, evaluation) = (outputs(isTraining: true), outputs(isTraining: false))
    return zip(training, evaluation).contains { $0 != $1 }
  }

  /// Every node's output.
  private func outputs(isTraining: Bool) -> [[Double]] {
    let workspace = Workspace(
      network, parameters: parameters.copy(for: network), capacity: data.count,
      keeping: .ends(and: Set(network.nodes.indices)))
    workspace.isRecording = false
    workspace.context.isTraining = isTraining
    workspace.fill(with: data)
    workspace.forward(examples: data.count)
    return network.nodes.indices.map {
      Array(workspace.output(of: $0, examples: data.count).elements)
    }
  }

  /// The point that some steps of training on these examples lead to; nil where that isn't made of numbers.
  ///
  /// At the start many things are alike that aren't later, such as biases of zero. Adam's steps have the same length
  /// whatever the size of the gradients.
  func afterBurnIn(seed: UInt64, steps: Int = 10) -> CheckPoint? {
    guard
      let learner = try? Learner<Double>(
        network, .init(.adam()), capacity: data.count, seed: seed, recording: .off)
    else { return nil }
    for (view, value) in zip(learner.parameters.views, parameters.views) { view.assign(value) }
    for _ in 0..<steps { learner.step(on: data) }
    guard learner.parameters.views.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else {
      return nil
    }
    var point = CheckPoint(network, learner.parameters, data, combination)
    point.label = " after \(steps) steps"
    return point
  }

  /// The point a percent away.
  func neighbor(seed: UInt64) -> CheckPoint {
    var source = RandomSource(seed: seed, stream: "neighbor")
    var point = CheckPoint(
      network, parameters.neighbor(in: network, from: &source),
      data.neighbor(of: network, from: &source), combination)
    point.isTraining = isTraining
    return point
  }
}

extension ParameterStore {
  /// The same numbers as those of another store, of whatever type.
  convenience init(
    copying store: ParameterStore<some TensorScalar>, of network: NeuralNetwork
  ) {
    self.init(zerosFor: network)
    for (view, values) in zip(views, store.views) {
      for (index, value) in values.elements.enumerated() { view[index] = Scalar(Double(value)) }
    }
  }
}

extension ParameterStore<Double> {
  /// Values a percent away from these, in random directions.
  func neighbor(
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
  func neighbor(
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
