/// How contributions to a delta or gradient from several places are combined; all but the sum are planted mistakes.
package enum Combination { case add, overwrite }

/// The buffers of one network for batches of up to a given size, and the passes over them.
///
/// Everything is allocated and every view made once, for the largest batch; a smaller one uses the leading part. The
/// workspace, not the layer, takes the summaries: right after a node has run, while its output is in cache.
public final class Workspace<Scalar: TensorScalar> {
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
  /// Whether the passes that follow are timed.
  var isTiming = false
  /// How long each node ran in the passes that were timed.
  var times: LayerTimes
  /// What is counted of the outputs besides; nil for nothing.
  var counts: OutputCounts<Scalar>?
  /// Whether the passes train, and what their random choices follow from.
  public let context = PassContext()

  private let keeping: PassResults
  private let wiring: BackwardWiring
  private let buffers: PassBuffers<Scalar>
  private let combination: Combination
  private var lengths: [Int32] = []
  private var plans: [Int: BatchPlan<Scalar>] = [:]
  /// The plan of the last pass, which is nearly always the next one's too.
  private var current: BatchPlan<Scalar>?

  /// Allocates the buffers.
  public convenience init(
    _ network: NeuralNetwork, parameters: ParameterStore<Scalar>, capacity: Int
  ) {
    self.init(network, parameters: parameters, capacity: capacity, keeping: .all)
  }

  /// Allocates the buffers.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - parameters: The values of its parameters.
  ///   - capacity: The largest batch.
  ///   - keeping: What is still there when a pass is over; everything else shares its memory.
  ///   - inputDeltas: Whether dE/d(input) is asked for too.
  ///   - isTrained: For each parameter whether its gradient is asked for; by default those that can be trained.
  ///   - combination: What may be a planted mistake.
  package init(
    _ network: NeuralNetwork, parameters: ParameterStore<Scalar>, capacity: Int,
    keeping: PassResults = .all, inputDeltas: Bool = false, isTrained: [Bool]? = nil,
    combination: Combination = .add
  ) {
    self.network = network
    self.parameters = parameters
    self.capacity = capacity
    self.keeping = keeping
    self.combination = combination
    gradients = ParameterStore(zerosFor: network, isEmpty: keeping.isForwardOnly)
    wiring = BackwardWiring(
      network, isTrained: isTrained ?? network.parameters.map(\.isTrainable),
      inputDeltas: inputDeltas)
    buffers = PassBuffers(network, capacity: capacity, keeping: keeping, wiring)
    activations = [TensorSummary](repeating: TensorSummary(), count: network.nodes.count)
    deltas = activations
    times = LayerTimes(nodes: network.nodes.count)
  }

  /// A view of the first input for a batch of `examples`, to be filled before a forward pass.
  public func input(examples: Int) -> TensorView<Scalar> { input(0, examples: examples) }

  /// A view of an input for a batch of `examples`, to be filled before a forward pass.
  public func input(_ place: Int, examples: Int) -> TensorView<Scalar> {
    output(of: place, examples: examples)
  }

  /// A view of a node's output in the last pass.
  ///
  /// Of a workspace that doesn't keep them all it is an input, to be filled, or an output that is kept.
  public func output(of node: Int, examples: Int) -> TensorView<Scalar> {
    precondition(
      keepsOutput(of: node), "the output of \(network.nodes[node].name) isn't kept")
    return plan(for: examples).forward[node].output
  }

  /// A view of dE/d(output) of a node in the last pass.
  ///
  /// Of a workspace that doesn't keep them it is that of an input, or one that a loss writes, before it is passed back.
  public func delta(of node: Int, examples: Int) -> TensorView<Scalar> {
    precondition(
      keepsDelta(of: node), "the delta of \(network.nodes[node].name) isn't kept")
    return plan(for: examples).deltas[node]
  }

  /// A view of the δ of a recurrent node by time step in the last pass, or nil for another node.
  public func timeDelta(of node: Int, examples: Int) -> TensorView<Scalar>? {
    network.nodes[node].layer.timeDelta.map { plan(for: examples).forward[node].memory[$0] }
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
      if node >= network.inputCount {
        let start = isTiming ? ContinuousClock.now : nil
        network.nodes[node].layer.forward(plan.forward[node])
        if let start { times.forward[node] += .now - start }
      }
      let output = plan.forward[node].output
      let padding = clearPadding(of: output, node)
      guard isRecording else { continue }
      let summary = counts?.summary(of: output, node: node) ?? output.summary
      activations[node] = summary.excluding(zeros: padding)
    }
  }

  /// What a node reads and writes in the passes over so many examples, to run it alone; it has no backward pass where nobody
  /// asks for one.
  package func passes(
    of node: Int, examples: Int
  ) -> (forward: ForwardPass<Scalar>, backward: BackwardPass<Scalar>?) {
    let plan = plan(for: examples)
    return (plan.forward[node], plan.backward[node])
  }

  /// What a node decided in the last forward pass.
  package func decisions(of node: Int, examples: Int) -> [Int] where Scalar == Double {
    guard node >= network.inputCount else { return [] }
    return network.nodes[node].layer.decisions(of: plan(for: examples).forward[node])
  }

  /// Computes the output of one node anew, from the outputs of those below that lie there.
  package func forward(examples: Int, node: Int) {
    let pass = plan(for: examples).forward[node]
    if node >= network.inputCount { network.nodes[node].layer.forward(pass) }
    _ = clearPadding(of: pass.output, node)
  }

  /// What the sum of each loss over a batch is divided by.
  package func divisors(of targets: [BatchTargets<Scalar>], examples: Int) -> [Double] {
    zip(network.heads, targets).map { head, targets in
      head.divisor(of: targets, examples: examples, lengths: context.lengths)
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
  package func errorSum(of head: Int, _ targets: BatchTargets<Scalar>, examples: Int) -> Double {
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
    backward(targets, examples: examples, divisors: divisors, watchedBy: nil)
  }

  /// The same, with every δ shown to `watcher`.
  func backward(
    _ targets: [BatchTargets<Scalar>], examples: Int, divisors: [Double],
    watchedBy watcher: (any DeltaWatcher<Scalar>)?
  ) {
    topmostDeltas(targets, examples: examples, divisors: divisors)
    backward(examples: examples, watchedBy: watcher)
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

  /// Passes the deltas that lie at the outputs back through every node, and shows each to `watcher`.
  func backward(examples: Int, watchedBy watcher: (any DeltaWatcher<Scalar>)?) {
    let plan = plan(for: examples)
    for node in network.nodes.indices.reversed() where wiring.needsDelta[node] {
      // Every node that this one feeds has run, so its delta is whole.
      let delta = plan.deltas[node]
      let padding = clearPadding(of: delta, node)
      if isRecording { deltas[node] = delta.summary.excluding(zeros: padding) }
      watcher?.isWhole(delta, of: node)
      guard let pass = plan.backward[node] else { continue }
      let start = isTiming ? ContinuousClock.now : nil
      network.nodes[node].layer.backward(pass)
      if let start { times.backward[node] += .now - start }
      for (contribution, sum) in plan.contributions[node] {
        switch combination {
        case .add: sum.add(contribution)
        case .overwrite: sum.assign(contribution)
        }
      }
    }
  }

  private func keepsOutput(of node: Int) -> Bool {
    guard case .ends(let kept) = keeping else { return true }
    return isEnd(node) || kept.contains(node)
  }

  private func keepsDelta(of node: Int) -> Bool {
    if case .all = keeping { true } else { isEnd(node) }
  }

  private func isEnd(_ node: Int) -> Bool {
    node < network.inputCount || network.heads.contains { $0.output == node }
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
    let plan =
      plans[examples]
      ?? BatchPlan(self, buffers, wiring, examples: examples, isForwardOnly: keeping.isForwardOnly)
    plans[examples] = plan
    current = plan
    return plan
  }
}
