import Backpropagation
import GzipIO

/// What must hold of a network before its gradients can be checked: it computes numbers, the same ones each time, in
/// Double as well as in Float, and its loss changes with its output.
struct Preconditions {
  /// Why no verdict is possible, where none is: a layer or loss that isn't deterministic.
  private(set) var obstacle: String?
  /// What is to be known beside the verdict.
  private(set) var notes: [String] = []
  /// The oracles that can be asked of every layer.
  private(set) var method: CheckMethod

  /// Looks at every layer and loss in the order of the forward pass, up to the first at fault.
  ///
  /// - Throws: A ``NetworkError`` that says where a number is none, or which layer isn't written for Double.
  init(
    _ network: NeuralNetwork, parameters: ParameterStore<Double>, on data: Dataset,
    method: CheckMethod
  ) throws(NetworkError) {
    self.method = method
    if network.parameterCount == 0 {
      notes.append("the model has no parameters to train; its deltas alone are checked")
    }
    try Self.checkNumbers(of: network, parameters, data)
    let examples = data.count
    let workspace = Workspace(
      network, parameters: parameters, capacity: examples,
      keeping: .ends(and: Set(network.nodes.indices)))
    workspace.isRecording = false
    workspace.fill(with: data)
    workspace.forward(examples: examples)
    for (index, node) in network.nodes.enumerated().dropFirst(network.inputCount) {
      let trial = LayerTrial(
        node.layer, inputs: node.inputs.map { workspace.output(of: $0, examples: examples) },
        parameters: node.parameters.map { parameters.views[$0] },
        output: workspace.output(of: index, examples: examples).shape,
        context: workspace.context, node: index)
      if let problem = trial.problem { throw NetworkError(layer: node.name, message: problem) }
      if let difference = trial.difference {
        obstacle = "layer \(node.name.quoted) is not deterministic: \(difference)"
        return
      }
      if method.asksDuals, !trial.hasDuals { try goWithoutDuals(because: node.name) }
    }
    for (head, targets) in zip(network.heads, data.targetSets) {
      let trial = LossTrial(
        head, output: workspace.output(of: head.output, examples: examples), targets,
        lengths: data.lengths)
      if let problem = trial.problem { throw NetworkError(message: problem) }
      if let difference = trial.difference {
        obstacle = "loss \(head.loss.id.quoted) is not deterministic: \(difference)"
        return
      }
    }
  }

  private mutating func goWithoutDuals(because layer: String) throws(NetworkError) {
    guard method != .dual else {
      throw NetworkError(
        layer: layer,
        message: "passes no derivatives of dual numbers on: write forward for every TensorScalar, "
          + "without Double in between, or choose finite-difference")
    }
    method = .finiteDifference
    notes.append(
      "layer \(layer.quoted) passes no derivatives of dual numbers on (its forward converts to "
        + "Double), so that finite differences alone were asked")
  }

  /// Whether all that the network reads are numbers.
  private static func checkNumbers(
    of network: NeuralNetwork, _ parameters: ParameterStore<Double>, _ data: Dataset
  ) throws(NetworkError) {
    for (node, features) in zip(network.nodes, data.features) {
      guard let place = features.values.firstIndex(where: { !$0.isFinite }) else { continue }
      throw NetworkError(
        message: "the data's \(node.name.quoted) is \(features.values[place].word) "
          + Self.place(place, in: node.shape.batch(of: data.count)))
    }
    for targets in data.targetSets {
      guard case .values(let values, let perExample) = targets,
        let place = values.firstIndex(where: { !$0.isFinite })
      else { continue }
      throw NetworkError(
        message: "a target in the data is \(values[place].word) "
          + Self.place(place, in: [targets.count, perExample]))
    }
    for (parameter, view) in zip(network.parameters, parameters.views) {
      guard let place = view.elements.firstIndex(where: { !$0.isFinite }) else { continue }
      throw NetworkError(
        message: "the parameter \(parameter.name.quoted) is \(view.elements[place].word) at "
          + "\(index(of: place, in: parameter.shape.sizes)) at the start, expected a number")
    }
  }

  /// Where an element of a batch is: `in example 3, at [5]`, examples being counted from 1.
  static func place(_ place: Int, in shape: Shape) -> String {
    let index = index(of: place, in: shape.sizes)
    return "in example \((index.first ?? 0) + 1), at \(Array(index.dropFirst()))"
  }
}

extension Double {
  /// The number in a sentence: a NaN without its sign and payload, which mean nothing.
  var word: String { isNaN ? "nan" : "\(self)" }
}
