/// The buffers of one network for batches of up to a given size, and the passes over them.
///
/// Everything is allocated and every view made once, for the largest batch; a smaller one uses the leading part. The
/// network, not the layer, takes the summaries: right after a node has run, while its output is in cache.
public final class Workspace<Scalar: TensorScalar> {
  /// How contributions to a delta or gradient from several places are combined.
  package enum Combination { case add, overwrite }

  /// The network that is run.
  public let network: NeuralNetwork
  /// The values of its parameters.
  public let parameters: ParameterStore<Scalar>
  /// The gradients of its parameters, dE/dw, after a backward pass.
  public let gradients: ParameterStore<Scalar>
  /// The largest batch.
  public let capacity: Int
  /// Whether summaries are taken in each pass.
  public var isRecording = true
  /// One summary a node of its output, from the last forward pass.
  public private(set) var activations: [TensorSummary]
  /// One summary a node of dE/d(output), from the last backward pass; of count 0 where none was computed.
  public private(set) var deltas: [TensorSummary]

  private let outputs: Arena<Scalar>
  private let outputDeltas: Arena<Scalar>
  private let deltasBeside: Arena<Scalar>
  private let gradientsBeside: Arena<Scalar>
  private let errors: Arena<Scalar>
  /// Whether dE/d(output) of a node is asked for: it or something above it has parameters.
  private let needsDelta: [Bool]
  private let combination: Combination
  private var plans: [Int: BatchPlan<Scalar>] = [:]

  /// Allocates the buffers.
  public convenience init(
    _ network: NeuralNetwork, parameters: ParameterStore<Scalar>, capacity: Int
  ) {
    self.init(network, parameters: parameters, capacity: capacity, combination: .add)
  }

  /// Allocates the buffers; `inputDeltas` asks for dE/d(input) too, `combination` can be a planted mistake.
  package init(
    _ network: NeuralNetwork, parameters: ParameterStore<Scalar>, capacity: Int,
    inputDeltas: Bool = false, combination: Combination
  ) {
    self.network = network
    self.parameters = parameters
    self.capacity = capacity
    self.combination = combination
    gradients = ParameterStore(zerosFor: network)
    var needsDelta = network.nodes.map { !$0.parameters.isEmpty }
    needsDelta[0] = inputDeltas
    for (index, node) in network.nodes.enumerated() where !needsDelta[index] {
      needsDelta[index] = node.inputs.contains { needsDelta[$0] }
    }
    self.needsDelta = needsDelta
    let sizes = network.nodes.map { $0.shape.count * capacity }
    // Room for all that one node can have to write beside.
    let beside = network.nodes.map { $0.inputs.reduce(0) { $0 + sizes[$1] } }.max() ?? 0
    let parametersBeside =
      network.nodes.map { $0.parameters.reduce(0) { $0 + network.parameters[$1].shape.count } }
      .max() ?? 0
    outputs = Arena(counts: sizes)
    outputDeltas = Arena(counts: sizes)
    deltasBeside = Arena(counts: [beside])
    gradientsBeside = Arena(counts: [parametersBeside])
    errors = Arena(counts: [capacity])
    activations = [TensorSummary](repeating: TensorSummary(), count: sizes.count)
    deltas = activations
  }

  /// A view of the input for a batch of `examples`, to be filled before a forward pass.
  public func input(examples: Int) -> TensorView<Scalar> { output(of: 0, examples: examples) }

  /// A view of a node's output in the last pass.
  public func output(of node: Int, examples: Int) -> TensorView<Scalar> {
    plan(for: examples).forward[node].output
  }

  /// A view of dE/d(output) of a node in the last pass.
  public func delta(of node: Int, examples: Int) -> TensorView<Scalar> {
    plan(for: examples).backward[node].outputDelta
  }

  /// Computes every node's output from the input.
  public func forward(examples: Int) {
    let plan = plan(for: examples)
    if isRecording { activations[0] = plan.forward[0].output.summary }
    for node in network.nodes.indices.dropFirst() {
      network.nodes[node].layer.forward(plan.forward[node])
      if isRecording { activations[node] = plan.forward[node].output.summary }
    }
  }

  /// E = Σ_n E_n / divisor of the last forward pass.
  public func loss(_ targets: BatchTargets<Scalar>, examples: Int, divisor: Double) -> Double {
    let plan = plan(for: examples)
    network.loss.forward(plan.forward[network.output].output, targets, errors: plan.errors)
    return plan.errors.summary.sum / divisor
  }

  /// Computes dE/d(output) of every node and dE/dw of every parameter, E being Σ_n E_n / divisor.
  public func backward(_ targets: BatchTargets<Scalar>, examples: Int, divisor: Double) {
    let top = plan(for: examples).backward[network.output]
    network.loss.backward(
      top.output, targets, divisor: Scalar(divisor), delta: top.outputDelta)
    backward(examples: examples)
  }

  /// Passes the delta that lies at the output back through every node.
  package func backward(examples: Int) {
    let plan = plan(for: examples)
    for node in network.nodes.indices.reversed() where needsDelta[node] {
      // Every node that this one feeds has run, so its delta is whole.
      if isRecording { deltas[node] = plan.backward[node].outputDelta.summary }
      guard node > 0 else { continue }
      network.nodes[node].layer.backward(plan.backward[node])
      for (contribution, sum) in plan.contributions[node] {
        switch combination {
        case .add: sum.add(contribution)
        case .overwrite: sum.assign(contribution)
        }
      }
    }
  }

  private func plan(for examples: Int) -> BatchPlan<Scalar> {
    precondition(
      (1...capacity).contains(examples), "expected 1 to \(capacity) examples, got \(examples)")
    if let plan = plans[examples] { return plan }
    let plan = makePlan(for: examples)
    plans[examples] = plan
    return plan
  }

  private func makePlan(for examples: Int) -> BatchPlan<Scalar> {
    let shapes = network.nodes.map { $0.shape.batch(of: examples) }
    let deltas = shapes.enumerated().map { outputDeltas.view($0, $1) }
    var plan = BatchPlan(errors: errors.view(0, [examples]))
    for (index, node) in network.nodes.enumerated() {
      plan.forward.append(
        ForwardPass(
          inputs: node.inputs.map { plan.forward[$0].output },
          parameters: node.parameters.map { parameters.views[$0] },
          output: outputs.view(index, shapes[index])))
    }
    // Backward, the first to contribute to a delta or gradient writes it; those that follow write beside and are added.
    var hasDelta = Set<Int>(), hasGradient = Set<Int>()
    var passes: [BackwardPass<Scalar>?] = network.nodes.map { _ in nil }
    plan.contributions = network.nodes.map { _ in [] }
    for (index, node) in network.nodes.enumerated().reversed() {
      var used = 0, parametersUsed = 0
      let inputDeltas = node.inputs.map { input -> TensorView<Scalar>? in
        guard needsDelta[input] else { return nil }
        let delta = deltas[input]
        guard !hasDelta.insert(input).inserted else { return delta }
        let beside = deltasBeside.view(0, from: used, delta.shape)
        used += delta.count
        plan.contributions[index].append((beside, delta))
        return beside
      }
      let gradientViews = node.parameters.map { parameter in
        let gradient = gradients.views[parameter]
        guard !hasGradient.insert(parameter).inserted else { return gradient }
        let beside = gradientsBeside.view(0, from: parametersUsed, gradient.shape)
        parametersUsed += gradient.count
        plan.contributions[index].append((beside, gradient))
        return beside
      }
      passes[index] = BackwardPass(
        inputs: plan.forward[index].inputs, parameters: plan.forward[index].parameters,
        output: plan.forward[index].output,
        outputDelta: deltas[index], inputDeltas: inputDeltas,
        parameterGradients: gradientViews)
    }
    plan.backward = passes.compactMap { $0 }
    return plan
  }
}

/// The views of every pass for one size of batch.
private struct BatchPlan<Scalar: TensorScalar> {
  /// E_n of each example.
  let errors: TensorView<Scalar>
  var forward: [ForwardPass<Scalar>] = []
  var backward: [BackwardPass<Scalar>] = []
  /// For each node what its backward pass wrote beside, and where that is to be added.
  var contributions: [[(TensorView<Scalar>, TensorView<Scalar>)]] = []
}
