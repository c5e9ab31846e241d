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
  /// What is counted of the outputs besides; nil for nothing.
  var counts: OutputCounts<Scalar>?
  /// Whether the passes train, and what their random choices follow from.
  public let context = PassContext()

  private let outputs: Arena<Scalar>
  private let outputDeltas: Arena<Scalar>
  private let deltasBeside: Arena<Scalar>
  private let gradientsBeside: Arena<Scalar>
  private let errors: Arena<Scalar>
  /// What layers keep from the forward to the backward pass, node by node.
  private let memories: Arena<Scalar>
  /// Room for what a layer needs within one pass; every node uses the same.
  private let scratch: Arena<Scalar>
  private let specifications: [[MemorySpecification]]
  private var lengths: [Int32] = []
  /// Whether dE/d(output) of a node is asked for: it or something above it has parameters.
  private let needsDelta: [Bool]
  private let combination: Combination
  private let isForwardOnly: Bool
  private var plans: [Int: BatchPlan<Scalar>] = [:]
  /// The plan of the last pass, which is nearly always the next one's too.
  private var current: BatchPlan<Scalar>?

  /// Allocates the buffers.
  public convenience init(
    _ network: NeuralNetwork, parameters: ParameterStore<Scalar>, capacity: Int
  ) {
    self.init(network, parameters: parameters, capacity: capacity, combination: .add)
  }

  /// Allocates the buffers.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - parameters: The values of its parameters.
  ///   - capacity: The largest batch.
  ///   - inputDeltas: Whether dE/d(input) is asked for too.
  ///   - isTrained: For each parameter whether its gradient is asked for; by default those that can be trained.
  ///   - isForwardOnly: Whether there is no backward pass, which saves half of the memory.
  ///   - combination: What may be a planted mistake.
  package init(
    _ network: NeuralNetwork, parameters: ParameterStore<Scalar>, capacity: Int,
    inputDeltas: Bool = false, isTrained: [Bool]? = nil, isForwardOnly: Bool = false,
    combination: Combination = .add
  ) {
    self.network = network
    self.parameters = parameters
    self.capacity = capacity
    self.combination = combination
    self.isForwardOnly = isForwardOnly
    gradients = ParameterStore(zerosFor: network, isEmpty: isForwardOnly)
    let isTrained = isTrained ?? network.parameters.map(\.isTrainable)
    var needsDelta = network.nodes.map { node in node.parameters.contains { isTrained[$0] } }
    for input in 0..<network.inputCount { needsDelta[input] = inputDeltas }
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
    outputDeltas = Arena(counts: isForwardOnly ? [] : sizes)
    deltasBeside = Arena(counts: [isForwardOnly ? 0 : beside])
    gradientsBeside = Arena(counts: [isForwardOnly ? 0 : parametersBeside])
    errors = Arena(counts: network.heads.map { capacity * ($0.positions ?? 1) })
    let specifications = network.nodes.map { node in
      node.layer.memory(for: node.inputs.map { network.nodes[$0].shape })
    }
    self.specifications = specifications
    func counts(_ node: [MemorySpecification], scratch: Bool) -> Int {
      node.filter { $0.isScratch == scratch }
        .reduce(0) { $0 + Arena<Scalar>.padded($1.shape(examples: capacity).count) }
    }
    memories = Arena(counts: specifications.map { counts($0, scratch: false) })
    scratch = Arena(counts: [specifications.map { counts($0, scratch: true) }.max() ?? 0])
    activations = [TensorSummary](repeating: TensorSummary(), count: sizes.count)
    deltas = activations
  }

  /// A view of the first input for a batch of `examples`, to be filled before a forward pass.
  public func input(examples: Int) -> TensorView<Scalar> { input(0, examples: examples) }

  /// A view of an input for a batch of `examples`, to be filled before a forward pass.
  public func input(_ place: Int, examples: Int) -> TensorView<Scalar> {
    output(of: place, examples: examples)
  }

  /// A view of a node's output in the last pass.
  public func output(of node: Int, examples: Int) -> TensorView<Scalar> {
    plan(for: examples).forward[node].output
  }

  /// A view of dE/d(output) of a node in the last pass.
  public func delta(of node: Int, examples: Int) -> TensorView<Scalar> {
    plan(for: examples).backward[node].outputDelta
  }

  /// A view of the δ of a recurrent node by time step in the last pass, or nil for another node.
  public func timeDelta(of node: Int, examples: Int) -> TensorView<Scalar>? {
    network.nodes[node].layer.timeDelta.map { plan(for: examples).forward[node].memory[$0] }
  }

  /// Adds up the δ of a recurrent node by time step, without padding; leaves that of another node at nil.
  func addTimeDelta(of node: Int, examples: Int, to sums: inout TimeDeltas?) {
    guard let delta = timeDelta(of: node, examples: examples) else { return }
    let steps = delta.shape[1]
    // Taken out and put back, so that the arrays stay where they are.
    var all = sums ?? TimeDeltas(steps: steps)
    sums = nil
    Scalar.kernels.recurrent.addSquaresByStep(
      examples, steps, delta.shape[2], readsPositions(node) ? context.lengths : nil, delta.pointer,
      &all.sumsOfSquares, &all.counts)
    sums = all
  }

  /// Says how many positions of each example are valid, for the passes that follow; nil for all of them.
  public func use(lengths: (some Collection<Int32>)?) {
    guard let lengths else {
      context.lengths = nil
      return
    }
    precondition(lengths.count <= capacity, "expected lengths of at most \(capacity) examples")
    if self.lengths.isEmpty { self.lengths = [Int32](repeating: 0, count: capacity) }
    self.lengths.replaceSubrange(..<lengths.count, with: lengths)
    // The array is never resized, so its memory stays where it is.
    self.lengths.withUnsafeBufferPointer { context.lengths = $0.baseAddress }
  }

  /// Computes every node's output from the inputs.
  public func forward(examples: Int) {
    let plan = plan(for: examples)
    for node in network.nodes.indices {
      if node >= network.inputCount { network.nodes[node].layer.forward(plan.forward[node]) }
      let output = plan.forward[node].output
      let padding = clearPadding(of: output, node)
      guard isRecording else { continue }
      let summary = counts?.summary(of: output, node: node) ?? output.summary
      activations[node] = summary.excluding(zeros: padding)
    }
  }

  /// E = Σ_n E_n / divisor of the last forward pass, for a network with one loss.
  public func loss(_ targets: BatchTargets<Scalar>, examples: Int, divisor: Double) -> Double {
    loss([targets], examples: examples, divisors: [divisor])
  }

  /// E = Σ_h w_h Σ_n E_n / divisor_h over the losses h, of the last forward pass.
  public func loss(
    _ targets: [BatchTargets<Scalar>], examples: Int, divisors: [Double]
  ) -> Double {
    var total = 0.0
    for place in network.heads.indices {
      let sum = errorSum(of: place, targets[place], examples: examples)
      total += network.heads[place].weight * sum / divisors[place]
    }
    return total
  }

  /// Σ_n E_n of one of the losses, of the last forward pass.
  func errorSum(of head: Int, _ targets: BatchTargets<Scalar>, examples: Int) -> Double {
    let plan = plan(for: examples), errors = plan.errors[head]
    network.heads[head].loss.forward(plan.heads[head], targets, errors: errors)
    weighPositions(of: errors, network.heads[head])
    return errors.summary.sum
  }

  /// Computes dE/d(output) of every node and dE/dw of every parameter, for a network with one loss.
  public func backward(_ targets: BatchTargets<Scalar>, examples: Int, divisor: Double) {
    backward([targets], examples: examples, divisors: [divisor])
  }

  /// Computes dE/d(output) of every node and dE/dw of every parameter, E being Σ_h w_h Σ_n E_n / divisor_h.
  public func backward(
    _ targets: [BatchTargets<Scalar>], examples: Int, divisors: [Double]
  ) {
    topmostDeltas(targets, examples: examples, divisors: divisors)
    backward(examples: examples)
  }

  /// Writes dE/d(output) of the nodes that the losses take.
  private func topmostDeltas(
    _ targets: [BatchTargets<Scalar>], examples: Int, divisors: [Double]
  ) {
    let plan = plan(for: examples)
    for place in network.heads.indices {
      let head = network.heads[place]
      head.loss.backward(
        plan.heads[place], targets[place],
        divisor: Scalar(divisors[place] / head.weight), delta: plan.headDeltas[place])
      weighPositions(of: plan.headDeltas[place], head)
    }
  }

  /// Passes the deltas that lie at the outputs back through every node.
  package func backward(examples: Int) {
    let plan = plan(for: examples)
    for node in network.nodes.indices.reversed() where needsDelta[node] {
      // Every node that this one feeds has run, so its delta is whole.
      let delta = plan.backward[node].outputDelta
      let padding = clearPadding(of: delta, node)
      if isRecording { deltas[node] = delta.summary.excluding(zeros: padding) }
      guard node >= network.inputCount else { continue }
      network.nodes[node].layer.backward(plan.backward[node])
      for (contribution, sum) in plan.contributions[node] {
        switch combination {
        case .add: sum.add(contribution)
        case .overwrite: sum.assign(contribution)
        }
      }
    }
  }

  /// Keeps the padding of a node's output or delta at zero; gives how many numbers it has.
  private func clearPadding(of view: TensorView<Scalar>, _ node: Int) -> Int {
    network.nodes[node].hasPositions ? view.clearPadding(lengths: context.lengths) : 0
  }

  /// Gives each position of a sequence its share of the example's mean: one over the number of valid ones.
  private func weighPositions(of terms: TensorView<Scalar>, _ head: Head) {
    guard let positions = head.positions else { return }
    terms.weighPositions(positions, lengths: context.lengths)
  }

  private func plan(for examples: Int) -> BatchPlan<Scalar> {
    precondition(
      (1...capacity).contains(examples), "expected 1 to \(capacity) examples, got \(examples)")
    if let current, current.examples == examples { return current }
    let plan = plans[examples] ?? makePlan(for: examples)
    plans[examples] = plan
    current = plan
    return plan
  }

  private func makePlan(for examples: Int) -> BatchPlan<Scalar> {
    let shapes = network.nodes.map { $0.shape.batch(of: examples) }
    let plan = BatchPlan<Scalar>(examples: examples)
    for (index, node) in network.nodes.enumerated() {
      plan.forward.append(
        ForwardPass(
          inputs: node.inputs.map { plan.forward[$0].output },
          parameters: node.parameters.map { parameters.views[$0] },
          output: outputs.view(index, shapes[index]), memory: memory(of: index, examples),
          context: context, node: index, hasPositions: readsPositions(index)))
    }
    for (place, head) in network.heads.enumerated() {
      let terms = examples * (head.positions ?? 1)
      let shape = head.termShape.batch(of: terms)
      plan.errors.append(errors.view(place, [terms]))
      plan.heads.append(outputs.view(head.output, shape))
      if !isForwardOnly { plan.headDeltas.append(outputDeltas.view(head.output, shape)) }
    }
    if !isForwardOnly { addBackwardPasses(to: plan, shapes) }
    return plan
  }

  private func addBackwardPasses(to plan: BatchPlan<Scalar>, _ shapes: [Shape]) {
    let deltas = shapes.enumerated().map { outputDeltas.view($0, $1) }
    // Backward, the first to contribute to a delta or gradient writes it; those that follow write beside and are added.
    var hasDelta = Set(network.heads.map(\.output)), hasGradient = Set<Int>()
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
        let isFirst = hasGradient.insert(parameter).inserted
        guard !isFirst, network.parameters[parameter].isTrainable else { return gradient }
        let beside = gradientsBeside.view(0, from: parametersUsed, gradient.shape)
        parametersUsed += gradient.count
        plan.contributions[index].append((beside, gradient))
        return beside
      }
      passes[index] = BackwardPass(
        inputs: plan.forward[index].inputs, parameters: plan.forward[index].parameters,
        output: plan.forward[index].output,
        outputDelta: deltas[index], inputDeltas: inputDeltas,
        parameterGradients: gradientViews, memory: plan.forward[index].memory,
        context: context, node: index, hasPositions: readsPositions(index))
    }
    plan.backward = passes.compactMap { $0 }
  }

  /// Whether what a node reads has the positions that ``use(lengths:)`` speaks of.
  private func readsPositions(_ node: Int) -> Bool {
    network.nodes[node].inputs.contains { network.nodes[$0].hasPositions }
  }

  /// The buffers that a node asked for.
  private func memory(of node: Int, _ examples: Int) -> [TensorView<Scalar>] {
    var used = 0, scratchUsed = 0
    return specifications[node].map { specification in
      let shape = specification.shape(examples: examples)
      let room = Arena<Scalar>.padded(specification.shape(examples: capacity).count)
      if specification.isScratch {
        defer { scratchUsed += room }
        return scratch.view(0, from: scratchUsed, shape)
      }
      defer { used += room }
      return memories.view(node, from: used, shape)
    }
  }
}

/// The views of every pass for one size of batch.
private final class BatchPlan<Scalar: TensorScalar> {
  let examples: Int
  /// For each loss the error of each of its terms.
  var errors: [TensorView<Scalar>] = []
  /// For each loss the output of its node, with one row a term, and the delta there.
  var heads: [TensorView<Scalar>] = []
  var headDeltas: [TensorView<Scalar>] = []
  var forward: [ForwardPass<Scalar>] = []
  var backward: [BackwardPass<Scalar>] = []
  /// For each node what its backward pass wrote beside, and where that is to be added.
  var contributions: [[(TensorView<Scalar>, TensorView<Scalar>)]] = []

  init(examples: Int) { self.examples = examples }
}
