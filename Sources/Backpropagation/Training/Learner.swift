/// A network that learns: its parameters, the buffers of its passes, and what the optimizer keeps from step to step.
///
/// ``Trainer`` trains one network on a data set. Where that is not enough, as with two networks that train each other, a
/// program takes the steps itself:
///
/// ```swift
/// let critic = try Learner<Float>(network, .init(.adam()), capacity: 64)
/// critic.forward(images)
/// critic.backward(.classes(labels, names: []))
/// critic.update()
/// ```
///
/// What `backward` found is in the step's ``summary`` once `update` has been called, and forgotten otherwise: a pass that
/// doesn't update a network is not recorded as a step of it.
public final class Learner<Scalar: TensorScalar> {
  /// The network.
  public let network: NeuralNetwork
  /// How its gradients become updates.
  public let rule: UpdateRule
  /// The values of its parameters.
  public let parameters: ParameterStore<Scalar>
  /// The updates so far.
  public internal(set) var updates = 0
  /// The number of updates with which training will end, where it is known: it ends a window then.
  public var plannedUpdates: Int?
  /// What the last step did.
  public internal(set) var summary = StepSummary()
  /// How long each layer ran at the steps that ended a window.
  public var times: LayerTimes { workspace.times }

  let workspace: Workspace<Scalar>
  /// For each parameter its optimizer; nil where no step changes it.
  let optimizers: [(any Optimizer)?]
  /// For each parameter what its optimizer keeps of it.
  let states: [[TensorView<Scalar>]]
  /// The gradients of several passes added up; nil where a step has one pass.
  let sums: ParameterStore<Scalar>?
  /// Each gradient's statistics, where clipping needs them before the update.
  var gradientSummaries: [TensorSummary]
  /// Whether the summaries of frozen parameters, which stay as they are, have been taken.
  var knowsFrozen = false
  private var statistics: LayerStatistics<Scalar>
  private var random: RandomSource
  /// The examples of the last forward pass.
  private var examples = 0

  /// Allocates what training takes, the parameters as they are initialized for `seed`.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - rule: The optimizer and what goes with it.
  ///   - capacity: The most examples of one pass.
  ///   - seed: The seed of initialization and dropout.
  ///   - recording: Whether the passes are summarized.
  ///   - wantsInputDeltas: Whether dE/d(input) is computed, for whoever feeds the network.
  ///   - accumulates: Whether a step may add up the gradients of several passes.
  /// - Throws: A ``NetworkError`` if a group of `rule` fits no layer.
  public init(
    _ network: NeuralNetwork, _ rule: UpdateRule, capacity: Int, seed: UInt64 = 1,
    recording: RecordingMode = .everyStep, wantsInputDeltas: Bool = false,
    accumulates: Bool = false
  ) throws(NetworkError) {
    self.network = network
    self.rule = rule
    let optimizers = try rule.optimizers(for: network)
    self.optimizers = optimizers
    parameters = ParameterStore(network, seed: seed)
    workspace = Workspace(
      network, parameters: parameters, capacity: capacity, keeping: .outputs,
      inputDeltas: wantsInputDeltas, isTrained: optimizers.map { $0 != nil })
    workspace.isRecording = recording == .everyStep
    if workspace.isRecording { workspace.counts = OutputCounts(network) }
    sums = accumulates ? ParameterStore(zerosFor: network) : nil
    let kept = (0..<rule.optimizer.stateCount).map { _ in
      Arena<Scalar>(
        counts: zip(network.parameters, optimizers).map { $1 == nil ? 0 : $0.shape.count })
    }
    states = network.parameters.enumerated().map { index, parameter in
      optimizers[index] == nil ? [] : kept.map { $0.view(index, parameter.shape) }
    }
    for view in states.joined() { view.fill(Scalar(rule.optimizer.initialState)) }
    gradientSummaries = Array(repeating: TensorSummary(), count: network.parameters.count)
    statistics = LayerStatistics(network)
    random = RandomSource(seed: seed, stream: "dropout")
    summary.layers = statistics.blankSummaries(workspace)
    summary.parameters = zip(network.parameters, optimizers).map { parameter, optimizer in
      var summary = ParameterSummary()
      summary.isFrozen = parameter.isTrainable && optimizer == nil
      summary.gradientHistogram = [UInt32](repeating: 0, count: 64)
      return summary
    }
  }

  /// Whether passes train: batch norm takes the batch's statistics, and dropout drops.
  public var isTraining: Bool {
    get { workspace.context.isTraining }
    set { workspace.context.isTraining = newValue }
  }

  /// Runs the network on inputs, examples first; gives its output, which the next pass overwrites.
  @discardableResult
  public func forward(_ inputs: some TensorReadable<Scalar>) -> TensorView<Scalar> {
    let examples = inputs.withView { $0.shape.rank > 0 ? $0.shape[0] : 0 }
    workspace.input(examples: examples).assign(inputs)
    forward(examples: examples)
    return workspace.output(of: network.output, examples: examples)
  }

  /// Runs the network backward from the loss of its last output; gives that loss.
  @discardableResult
  public func backward(_ targets: Targets...) -> Double { backward(targets) }

  private func backward(_ targets: [Targets]) -> Double {
    let buffers = targets.map { TargetBuffer<Scalar>(holding: $0) }
    return withExtendedLifetime(buffers) {
      let targets = buffers.map { $0.batch(of: examples) }
      backward(targets, divisors: workspace.divisors(of: targets, examples: examples))
      return summary.loss
    }
  }

  /// Runs the network backward from dE/d(output), given by whatever reads its output; `loss` is that E, for the record.
  public func backward(delta: some TensorReadable<Scalar>, loss: Double) {
    workspace.delta(of: network.output, examples: examples).assign(delta)
    begin(loss: loss, divisor: Double(examples), isFirst: true)
    workspace.backward(examples: examples, watchedBy: self)
    finish(isFirst: true)
  }

  /// DE/d(input) of the last backward pass, of a learner that wants it; the next pass overwrites it.
  public var inputDelta: TensorView<Scalar> { workspace.delta(of: 0, examples: examples) }

  /// Takes one step on all examples of a data set, which fit into one pass.
  package func step(on data: Dataset) {
    workspace.fill(with: data)
    stepAgain(on: data)
  }

  /// Takes another step on the examples of the last one.
  package func stepAgain(on data: Dataset) {
    forward(examples: data.count)
    _ = backward(data.targetSets)
    update()
  }

  /// A node's output in the last pass, which the next one overwrites.
  package func output(of node: Int) -> TensorView<Scalar> {
    workspace.output(of: node, examples: examples)
  }

  /// Updates the parameters by the gradients of the last backward pass.
  public func update() { update { $0 } }
}

extension Learner {
  /// Runs forward on the inputs that lie in the workspace.
  func forward(examples: Int) {
    self.examples = examples
    workspace.context.seed = random.next()
    // A step of each window is enough to know, and nothing next to the histograms that it takes anyway.
    workspace.isTiming = workspace.isRecording && endsWindow
    workspace.forward(examples: examples)
  }

  /// Runs backward; what it finds is added to what the step found before, unless it `isFirst`.
  func backward(_ targets: [BatchTargets<Scalar>], divisors: [Double], isFirst: Bool = true) {
    begin(
      loss: workspace.loss(targets, examples: examples, divisors: divisors),
      divisor: divisors.count == 1 ? divisors[0] : Double(examples), isFirst: isFirst)
    workspace.backward(targets, examples: examples, divisors: divisors, watchedBy: self)
    finish(isFirst: isFirst)
  }

  /// Whether the step that is being taken is a window's last.
  private var endsWindow: Bool {
    (updates + 1).isMultiple(of: Trainer.window) || updates + 1 == plannedUpdates
  }

  /// Puts into the summary what is known before the backward pass.
  private func begin(loss: Double, divisor: Double, isFirst: Bool) {
    summary.loss = isFirst ? loss : summary.loss + loss
    summary.examples = isFirst ? examples : summary.examples + examples
    summary.lossDivisor = divisor
    summary.endsWindow = endsWindow
    guard workspace.isRecording, isFirst else { return }
    for index in summary.layers.indices {
      summary.layers[index].clear(endsWindow: summary.endsWindow)
    }
  }

  private func finish(isFirst: Bool) {
    if workspace.isRecording {
      statistics.take(workspace, examples: examples, into: &summary.layers)
      if summary.endsWindow {
        statistics.takeOutputs(workspace, examples: examples, into: &summary.layers)
      }
    }
    guard let sums else { return }
    for index in sums.views.indices {
      let gradient = workspace.gradients.views[index]
      if isFirst { sums.views[index].assign(gradient) } else { sums.views[index].add(gradient) }
    }
  }

  /// Draws what steps until `updates` have drawn, each of so many passes, for a run that is resumed.
  func skip(to updates: Int, passes: Int) {
    self.updates = updates
    for _ in 0..<passes { _ = random.next() }
  }
}

extension Learner: DeltaWatcher {
  /// Takes of a δ what its summary doesn't hold, at a window's end.
  func isWhole(_ delta: TensorView<Scalar>, of node: Int) {
    guard workspace.isRecording, summary.endsWindow else { return }
    statistics.take(
      delta, of: node, values: workspace.activations[node].count, times: summary.lossDivisor,
      into: &summary.layers[node])
  }
}
