import Backpropagation

/// A network with the deltas and gradients of one backward pass over it: what its wiring is checked on.
///
/// That each layer is right alone leaves open whether the network puts them together rightly. Two things are asked:
///
/// - *Link by link.* The δ of a node must be the derivative of ⟨δ_k, z_k⟩ summed over all nodes k that it feeds, δ_k being
///   those that the same pass computed; likewise the gradient of a parameter, over all nodes that use it; and the topmost
///   δ must be the derivative of the loss. From the top down, that proves every δ and gradient of the pass. It doesn't get
///   weaker with depth: a δ of 1e-10 is compared with those of the next layer, a few times larger.
/// - *End to end.* The change of the loss itself along random directions. Where a vanished gradient changes the loss by
///   less than its rounding, that can't tell, and the links stand for it.
struct WholeNetwork {
  private let network: NeuralNetwork
  private let workspace: Workspace<Double>
  private let examples: Int
  private let targets: TargetMemory
  /// The error of the whole network, as a function of its parameters and inputs.
  let endToEnd: ScalarFunction

  init(
    _ network: NeuralNetwork, parameters: ParameterStore<Double>, on data: Dataset,
    combination: Workspace<Double>.Combination
  ) {
    self.network = network
    let examples = data.count
    let targets = TargetMemory(data.targets)
    workspace = Workspace(
      network, parameters: parameters, capacity: examples, inputDeltas: true,
      combination: combination)
    let trial = Workspace(network, parameters: parameters, capacity: examples)
    for workspace in [workspace, trial] {
      workspace.isRecording = false
      _ = workspace.input(examples: examples).elements.update(from: data.inputs)
    }
    workspace.forward(examples: examples)
    workspace.backward(targets.batch, examples: examples, divisor: Double(examples))

    let errors = Buffer([examples])
    let output = trial.output(of: network.output, examples: examples)
    let term = ScalarFunction.Term(
      output: errors.view,
      cotangent: [Double](repeating: 1 / Double(examples), count: examples),
      scale: { largestMagnitudes(output.elements, rows: examples) })
    endToEnd = ScalarFunction([term]) {
      withExtendedLifetime(errors) {
        trial.forward(examples: examples)
        network.loss.forward(output, targets.batch, errors: errors.view)
      }
    }
    input = trial.input(examples: examples)
    self.examples = examples
    self.targets = targets
  }

  /// The input that ``endToEnd`` reads.
  private let input: TensorView<Double>

  /// A node's output in the pass.
  func output(of node: Int) -> TensorView<Double> { workspace.output(of: node, examples: examples) }

  /// Every tensor whose gradient the pass computed, link by link, and where the loss can be asked too, end to end.
  var links: [Link] {
    let deltas = network.nodes.indices.reversed().map { node in
      node == network.output ? topmostDelta : delta(of: node)
    }
    return deltas + network.parameters.indices.map(gradient(of:))
  }

  /// A tensor's gradient in the pass, as it follows from the next nodes, and as it shows in the loss.
  struct Link {
    /// The gradient and the function that it should be the derivative of, both times a power of 2.
    var local: Variable
    /// That power of 2: it brings the deltas to order one.
    var scale: Double
    /// The same for the loss itself, for parameters and the network's input.
    var endToEnd: Variable?
  }

  private var topmostDelta: Link {
    let node = network.nodes[network.output]
    let alone = LossAlone(
      network.loss, output: output(of: network.output), targets: targets,
      divisor: Double(examples))
    let claimed = workspace.delta(of: network.output, examples: examples)
    let variable = alone.variables[0]
    return Link(
      local: Variable(
        "\(node.name)/delta (whole network)", of: node.name, shape: variable.shape,
        function: variable.function, elements: variable.elements,
        gradient: Array(claimed.elements), equation: .outputDelta), scale: 1)
  }

  private func delta(of index: Int) -> Link {
    let node = network.nodes[index]
    let value = Buffer(copying: output(of: index))
    let consumers = network.nodes.indices.filter { network.nodes[$0].inputs.contains(index) }
    let (function, scale) = sum(over: consumers) { consumer, output in
      ForwardPass(
        inputs: network.nodes[consumer].inputs.map {
          $0 == index ? value.view : self.output(of: $0)
        }, parameters: parameters(of: consumer), output: output)
    }
    let claimed = workspace.delta(of: index, examples: examples)
    let name = "\(node.name)/delta (whole network)"
    return Link(
      local: variable(
        name, of: node.name, value, function, claimed, scale: scale, equation: .recursion),
      scale: scale,
      endToEnd: index == 0
        ? Variable(
          name, of: node.name, shape: claimed.shape.sizes, function: endToEnd,
          elements: input.elements, gradient: Array(claimed.elements), equation: .recursion) : nil)
  }

  private func gradient(of index: Int) -> Link {
    let parameter = network.parameters[index]
    let value = Buffer(copying: workspace.parameters.views[index])
    let users = network.nodes.indices.filter { network.nodes[$0].parameters.contains(index) }
    let (function, scale) = sum(over: users) { user, output in
      ForwardPass(
        inputs: network.nodes[user].inputs.map(self.output(of:)),
        parameters: zip(network.nodes[user].parameters, parameters(of: user)).map {
          $0 == index ? value.view : $1
        }, output: output)
    }
    let claimed = workspace.gradients.views[index]
    let name = "\(parameter.name) (whole network)"
    let layer = users.first.map { network.nodes[$0].name } ?? parameter.name
    let equation: BackpropagationEquation =
      parameter.name.hasSuffix("/bias") ? .bias : .weight
    return Link(
      local: variable(
        name, of: layer, value, function, claimed, scale: scale, equation: equation),
      scale: scale,
      endToEnd: Variable(
        name, of: layer, shape: parameter.shape.sizes, function: endToEnd,
        elements: workspace.parameters.views[index].elements,
        gradient: Array(claimed.elements), equation: equation))
  }

  private func parameters(of node: Int) -> [TensorView<Double>] {
    network.nodes[node].parameters.map { workspace.parameters.views[$0] }
  }

  /// Σ_k ⟨δ_k, z_k⟩ over some nodes, times a power of 2, where z_k comes from the pass that `forward` makes.
  private func sum(
    over nodes: [Int], forward: (Int, TensorView<Double>) -> ForwardPass<Double>
  ) -> (ScalarFunction, scale: Double) {
    let deltas = nodes.map { Array(workspace.delta(of: $0, examples: examples).elements) }
    let largest = deltas.joined().reduce(0) { max($0, abs($1)) }
    let scale =
      largest.isNormal ? Double(sign: .plus, exponent: -largest.exponent, significand: 1) : 1
    let outputs = nodes.map { Buffer(self.output(of: $0).shape) }
    let passes = zip(nodes, outputs).map { node, output in
      (layer: network.nodes[node].layer, pass: forward(node, output.view))
    }
    let terms = zip(outputs, deltas).map { output, delta in
      ScalarFunction.Term(output: output.view, cotangent: delta.map { $0 * scale })
    }
    let function = ScalarFunction(terms) { [workspace] in
      withExtendedLifetime((outputs, workspace)) {
        for (layer, pass) in passes { layer.forward(pass) }
      }
    }
    return (function, scale)
  }

  private func variable(
    _ name: String, of layer: String, _ value: Buffer, _ function: ScalarFunction,
    _ claimed: TensorView<Double>, scale: Double, equation: BackpropagationEquation
  ) -> Variable {
    Variable(
      name, of: layer, shape: claimed.shape.sizes, function: function, elements: value.elements,
      gradient: claimed.elements.map { $0 * scale }, equation: equation, owner: value)
  }
}
