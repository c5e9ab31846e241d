/// Which δ and gradients a backward pass computes, and how several contributions to one of them meet.
struct BackwardWiring {
  /// What a node's backward pass does with the δ of an input, or with the gradient of a parameter.
  enum Contribution {
    /// Nothing, since nobody asks for it.
    case none
    /// It is the first to contribute, and writes it.
    case first
    /// Others have written it before: it writes beside, to be added.
    case further
  }

  /// For each node whether its δ is asked for: it or something that it depends on is trained.
  let needsDelta: [Bool]
  /// For each node the contributions to the δ of its inputs.
  let deltas: [[Contribution]]
  /// For each node the contributions to the gradients of its parameters.
  let gradients: [[Contribution]]

  init(_ network: NeuralNetwork, isTrained: [Bool], inputDeltas: Bool) {
    var needsDelta = network.nodes.map { node in node.parameters.contains { isTrained[$0] } }
    for input in 0..<network.inputCount { needsDelta[input] = inputDeltas }
    for (index, node) in network.nodes.enumerated() where !needsDelta[index] {
      needsDelta[index] = node.inputs.contains { needsDelta[$0] }
    }
    var deltas: [[Contribution]] = network.nodes.map { $0.inputs.map { _ in .none } }
    var gradients: [[Contribution]] = network.nodes.map { $0.parameters.map { _ in .none } }
    var hasDelta = Set(network.heads.map(\.output)), hasGradient: Set<Int> = []
    for (index, node) in network.nodes.enumerated().reversed() where needsDelta[index] {
      deltas[index] = node.inputs.map { input in
        guard needsDelta[input] else { return .none }
        return hasDelta.insert(input).inserted ? .first : .further
      }
      gradients[index] = node.parameters.map { parameter in
        guard network.parameters[parameter].isTrainable else { return .none }
        return hasGradient.insert(parameter).inserted ? .first : .further
      }
    }
    self.needsDelta = needsDelta
    self.deltas = deltas
    self.gradients = gradients
  }
}
