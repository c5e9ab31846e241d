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
  /// A loss of the network, with its targets and what its terms are weighted by.
  struct WeighedLoss {
    let loss: any Loss
    let output: Int
    /// The shape of its terms: the positions of all examples, or the examples.
    let shape: Shape
    let targets: CheckTargets
    let divisor: Double
    /// For each term its share of the error: the head's weight / divisor, and over the positions their mean.
    let weights: [Double]
  }

  private let network: NeuralNetwork
  private let label: String
  private let workspace: Workspace<Double>
  private let examples: Int
  /// The losses of the network.
  let heads: [WeighedLoss]
  /// The error of the whole network, as a function of its parameters and inputs.
  let endToEnd: ScalarFunction
  /// The inputs that ``endToEnd`` reads.
  private let inputs: [TensorView<Double>]
  /// The same error over dual numbers, where that oracle is asked.
  private var tangents: NetworkTangents?

  /// The same pass in Float.
  private let float: OnDemand<Workspace<Float>>

  /// What holds for every pass.
  var context: PassContext { workspace.context }

  init(_ point: CheckPoint) {
    let network = point.network, parameters = point.parameters, data = point.data
    self.network = network
    label = point.label
    let examples = data.count
    let heads = zip(network.heads, data.targetSets).map { head, targets in
      WeighedLoss(head, targets, lengths: data.lengths, examples: examples)
    }
    workspace = Workspace(
      network, parameters: parameters, capacity: examples, inputDeltas: true,
      combination: point.combination)
    let trial = Workspace(network, parameters: parameters, capacity: examples)
    for workspace in [workspace, trial] {
      workspace.isRecording = false
      workspace.context.isTraining = point.isTraining
      workspace.fill(with: data)
    }
    workspace.forward(examples: examples)
    workspace.backward(
      heads.map(\.targets.batch), examples: examples, divisors: heads.map(\.divisor))

    let errors = heads.map { Buffer<Double>([$0.weights.count]) }
    let outputs = heads.map { trial.terms(of: $0, examples: examples) }
    let terms = zip(heads, zip(errors, outputs)).map { head, views in
      head.term(errors: views.0, output: views.1)
    }
    let layers = network.nodes.indices.dropFirst(network.inputCount).map { index in
      let node = network.nodes[index]
      return DecisionSource(node.layer) {
        Decisions(
          trial.decisions(of: index, examples: examples), of: node.name,
          output: trial.output(of: index, examples: examples).shape,
          hasChannelsFirst: node.hasChannelsFirst)
      }
    }
    let losses = zip(heads, outputs).map { DecisionSource($0.loss, $1, $0.targets.batch) }
    endToEnd = ScalarFunction(terms, decisions: DecisionSource(layers + losses)) {
      withExtendedLifetime(errors) {
        trial.forward(examples: examples)
        for (head, views) in zip(heads, zip(errors, outputs)) {
          head.loss.forward(views.1, head.targets.batch, errors: views.0.view)
        }
      }
    }
    float = OnDemand {
      let pass = Workspace<Float>(
        network, parameters: ParameterStore(copying: parameters, of: network),
        capacity: examples, inputDeltas: true, combination: point.combination)
      pass.isRecording = false
      pass.context.isTraining = point.isTraining
      pass.fill(with: data)
      pass.forward(examples: examples)
      pass.backward(
        heads.map(\.targets.floats), examples: examples, divisors: heads.map(\.divisor))
      return pass
    }
    inputs = (0..<network.inputCount).map { trial.input($0, examples: examples) }
    self.examples = examples
    self.heads = heads
  }

  /// The same, asked over dual numbers too.
  func askingDuals(at point: CheckPoint) -> WholeNetwork {
    var network = self
    network.tangents = NetworkTangents(point, heads)
    return network
  }

  /// The output that a loss takes, with one row a term.
  func terms(of head: WeighedLoss) -> TensorView<Double> {
    workspace.terms(of: head, examples: examples)
  }

  /// A node's output in the pass.
  func output(of node: Int) -> TensorView<Double> { workspace.output(of: node, examples: examples) }

  /// Every tensor whose gradient the pass computed, link by link, and where the loss can be asked too, end to end.
  var links: [Link] { checkedNodes.map(delta(of:)) + trainedParameters.map(gradient(of:)) }

  /// Every tensor whose gradient is asked end to end, made as it is asked for: the inputs, and the parameters that are
  /// trained.
  var variables: some Sequence<Variable> {
    let makers =
      checkedNodes.map { node in { self.input(at: node) } }
      + trainedParameters.map { index in { self.parameter(at: index) } }
    return makers.lazy.compactMap { $0() }
  }

  /// The parameters that are trained, end to end, each with its place among the network's.
  var parameterVariables: [(Variable, parameter: Int)] {
    trainedParameters.map { (parameter(at: $0), $0) }
  }

  /// The nodes that have a δ, from the top down: those of indices have none.
  private var checkedNodes: [Int] {
    network.nodes.indices.reversed()
      .filter { network.vocabulary(ofInput: network.nodes[$0].name) == nil }
  }

  private var trainedParameters: [Int] {
    network.parameters.indices.filter { network.parameters[$0].isTrainable }
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

  private func delta(of index: Int) -> Link {
    let node = network.nodes[index]
    let value = Buffer<Double>(copying: output(of: index))
    let consumers = network.nodes.indices.filter { network.nodes[$0].inputs.contains(index) }
    let head = heads.first { $0.output == index }
    let (function, scale) = sum(
      over: consumers, head: head.map { ($0, value.view.reshaped($0.shape)) }
    ) { consumer, output, memory in
      ForwardPass(
        inputs: network.nodes[consumer].inputs.map {
          $0 == index ? value.view : self.output(of: $0)
        }, parameters: parameters(of: consumer), output: output, memory: memory,
        context: context, node: consumer)
    }
    let local = variable(
      name(ofDelta: index), of: node.name, value, function,
      workspace.delta(of: index, examples: examples), scale: scale,
      equation: head == nil ? .recursion : .outputDelta)
    return Link(local: local, scale: scale, endToEnd: input(at: index))
  }

  /// A node's output as a variable of the loss, where it is an input of the network.
  private func input(at index: Int) -> Variable? {
    guard index < network.inputCount else { return nil }
    let claimed = workspace.delta(of: index, examples: examples)
    var variable = Variable(
      name(ofDelta: index), of: network.nodes[index].name, shape: claimed.shape.sizes,
      function: endToEnd, elements: inputs[index].elements, gradient: Array(claimed.elements),
      equation: .recursion)
    variable.tangents = tangents?.input(index)
    variable.floatGradient = OnDemand { [float, examples] in
      float.value.delta(of: index, examples: examples).elements.map { Double($0) }
    }
    return variable
  }

  private func name(ofDelta index: Int) -> String {
    "\(network.nodes[index].name)/delta (whole network\(label))"
  }

  private func gradient(of index: Int) -> Link {
    let value = Buffer<Double>(copying: workspace.parameters.views[index])
    let (function, scale) = sum(over: network.users(ofParameter: index)) { user, output, memory in
      ForwardPass(
        inputs: network.nodes[user].inputs.map(self.output(of:)),
        parameters: zip(network.nodes[user].parameters, parameters(of: user)).map {
          $0 == index ? value.view : $1
        }, output: output, memory: memory, context: context, node: user)
    }
    let distant = parameter(at: index)
    var local = variable(
      distant.name, of: distant.layer, value, function, workspace.gradients.views[index],
      scale: scale, equation: distant.equation)
    local.largestRMS = scale * distant.largestRMS
    return Link(local: local, scale: scale, endToEnd: distant)
  }

  /// A parameter as a variable of the loss.
  private func parameter(at index: Int) -> Variable {
    let parameter = network.parameters[index], users = network.users(ofParameter: index)
    var variable = Variable(
      "\(parameter.name) (whole network\(label))",
      of: users.first.map { network.nodes[$0].name } ?? parameter.name,
      shape: parameter.shape.sizes, function: endToEnd,
      elements: workspace.parameters.views[index].elements,
      gradient: Array(workspace.gradients.views[index].elements),
      equation: parameter.name.hasSuffix("/bias") ? .bias : .weight)
    variable.tangents = tangents?.parameter(index)
    let beside = Set(users.flatMap { network.nodes[$0].parameters })
    variable.largestRMS = beside.reduce(0) {
      max($0, workspace.gradients.views[$1].elements.rms)
    }
    variable.floatGradient = OnDemand { [float] in
      float.value.gradients.views[index].elements.map { Double($0) }
    }
    return variable
  }

  private func parameters(of node: Int) -> [TensorView<Double>] {
    network.nodes[node].parameters.map { workspace.parameters.views[$0] }
  }

  /// Σ_k ⟨δ_k, z_k⟩ over some nodes, and the error of a loss, times a power of 2; z_k comes from the pass that `forward`
  /// makes.
  private func sum(
    over nodes: [Int], head: (WeighedLoss, output: TensorView<Double>)? = nil,
    forward: (Int, TensorView<Double>, [TensorView<Double>]) -> ForwardPass<Double>
  ) -> (ScalarFunction, scale: Double) {
    let deltas = nodes.map { Array(workspace.delta(of: $0, examples: examples).elements) }
    let largest = deltas.joined().reduce(0) { max($0, abs($1)) }
    let scale =
      largest.isNormal && head == nil
      ? Double(sign: .plus, exponent: -largest.exponent, significand: 1) : 1
    let outputs = nodes.map { Buffer<Double>(self.output(of: $0).shape) }
    let memories: [[Buffer<Double>]] = nodes.map { node in
      network.nodes[node].layer.buffers(for: network.nodes[node].inputs.map(output(of:)))
    }
    let passes = zip(nodes, zip(outputs, memories)).map { node, buffers in
      (
        node: network.nodes[node],
        pass: forward(node, buffers.0.view, buffers.1.map(\.view))
      )
    }
    let decisions = passes.map { node, pass in
      DecisionSource(node.layer) {
        Decisions(
          node.layer.decisions(of: pass), of: node.name, output: pass.output.shape,
          hasChannelsFirst: node.hasChannelsFirst)
      }
    }
    var terms = zip(outputs, deltas).map { output, delta in
      ScalarFunction.Term(output: output.view, cotangent: delta.map { $0 * scale })
    }
    let errors = Buffer<Double>([head?.0.weights.count ?? 0])
    if let head { terms.append(head.0.term(errors: errors, output: head.output)) }
    let ofLoss = head.map { DecisionSource($0.0.loss, $0.output, $0.0.targets.batch) }
    let source = DecisionSource(decisions + [ofLoss].compactMap { $0 })
    let function = ScalarFunction(terms, decisions: source) { [workspace] in
      withExtendedLifetime((outputs, memories, errors, workspace)) {
        for (node, pass) in passes { node.layer.forward(pass) }
        if let head {
          head.0.loss.forward(head.output, head.0.targets.batch, errors: errors.view)
        }
      }
    }
    return (function, scale)
  }

  private func variable(
    _ name: String, of layer: String, _ value: Buffer<Double>, _ function: ScalarFunction,
    _ claimed: TensorView<Double>, scale: Double, equation: BackpropagationEquation
  ) -> Variable {
    Variable(
      name, of: layer, shape: claimed.shape.sizes, function: function, elements: value.elements,
      gradient: claimed.elements.map { $0 * scale }, equation: equation, owner: value)
  }
}

extension WholeNetwork.WeighedLoss {
  fileprivate init(_ head: Head, _ targets: Targets, lengths: [Int]?, examples: Int) {
    loss = head.loss
    output = head.output
    let memory = CheckTargets(targets)
    self.targets = memory
    let divisor = (lengths ?? []).map { Int32($0) }.withUnsafeBufferPointer {
      head.divisor(
        of: memory.batch, examples: examples, lengths: lengths == nil ? nil : $0.baseAddress)
    }
    self.divisor = divisor
    let positions = head.positions ?? 1
    shape = head.termShape.batch(of: examples * positions)
    weights = (0..<examples * positions).map { term in
      guard head.positions != nil else { return head.weight / divisor }
      let valid = lengths.map { min($0[term / positions], positions) } ?? positions
      return term % positions < valid ? head.weight / divisor / Double(valid) : 0
    }
  }

  /// The error as a sum over the terms.
  fileprivate func term(errors: Buffer<Double>, output: TensorView<Double>) -> ScalarFunction.Term {
    ScalarFunction.Term(
      output: errors.view, cotangent: weights,
      scale: { [rows = weights.count] in largestMagnitudes(output.elements, rows: rows) })
  }
}

extension Workspace<Double> {
  /// The output that a loss takes, with one row a term.
  fileprivate func terms(
    of head: WholeNetwork.WeighedLoss, examples: Int
  ) -> TensorView<Double> {
    output(of: head.output, examples: examples).reshaped(head.shape)
  }
}
