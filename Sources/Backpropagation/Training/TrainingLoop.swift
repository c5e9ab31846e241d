/// One training of one network in one type of number.
final class TrainingLoop<Scalar: TensorScalar> {
  private let trainer: Trainer
  private let data: DataSplit
  private let training: PreparedData<Scalar>
  private let validation: PreparedData<Scalar>
  private let parameters: ParameterStore<Scalar>
  private let workspace: Workspace<Scalar>
  private let evaluation: Workspace<Scalar>
  private let state: [ParameterStore<Scalar>]
  /// For each parameter what the optimizer keeps of it.
  private let stateViews: [[TensorView<Scalar>]]
  private let targets: [TargetBuffer<Scalar>]
  private var order: [Int]
  private var shuffling: RandomSource
  /// The seeds of the steps' random choices.
  private var dropping: RandomSource
  private var summary = StepSummary()

  init(_ trainer: Trainer, _ data: DataSplit) {
    let network = trainer.network
    self.trainer = trainer
    self.data = data
    training = PreparedData(data.training)
    validation = PreparedData(data.validation)
    parameters = ParameterStore(network, seed: trainer.seed)
    let capacity = min(trainer.batch, data.training.count)
    workspace = Workspace(network, parameters: parameters, capacity: capacity)
    workspace.isRecording = trainer.isRecording
    evaluation = Workspace(network, parameters: parameters, capacity: evaluationBatch)
    evaluation.isRecording = false
    evaluation.context.isTraining = false
    let state = (0..<trainer.optimizer.stateCount).map { _ in
      ParameterStore<Scalar>(zerosFor: network)
    }
    for view in state.flatMap(\.views) { view.fill(Scalar(trainer.optimizer.initialState)) }
    self.state = state
    stateViews = network.parameters.indices.map { index in state.map { $0.views[index] } }
    targets = data.training.targetSets.map {
      TargetBuffer($0, capacity: max(capacity, evaluationBatch))
    }
    order = Array(0..<data.training.count)
    shuffling = RandomSource(seed: trainer.seed, stream: "shuffling")
    dropping = RandomSource(seed: trainer.seed, stream: "dropout")
    summary.layers = network.nodes.map { _ in LayerSummary() }
    summary.parameters = network.parameters.map { _ in ParameterSummary() }
  }

  func run(_ length: Trainer.Length, _ observer: (any TrainingObserver)?) throws -> TrainingResult {
    let stepsPerEpoch = (data.training.count + workspace.capacity - 1) / workspace.capacity
    let planned =
      switch length {
      case .epochs(let epochs): epochs * stepsPerEpoch
      case .steps(let steps): steps
      }
    try observer?.trainingBegins(description(plannedSteps: planned))
    var wasStopped = false
    var taken = 0
    while taken < planned, !wasStopped {
      let place = taken % stepsPerEpoch
      if place == 0 { shuffling.shuffle(&order) }
      let start = place * workspace.capacity
      let batch = order[start..<min(start + workspace.capacity, order.count)]
      step(taken, batch)
      summary.epoch = taken / stepsPerEpoch
      let endsEpoch = place == stepsPerEpoch - 1 || taken == planned - 1
      summary.validationLoss =
        endsEpoch && data.validation.count > 0 && observer != nil
        ? measure("validation", validation).loss : nil
      taken += 1
      wasStopped = try observer?.stepEnded(summary) == .stop
    }
    let parts = [
      ("training", training), ("validation", validation), ("test", PreparedData(data.test)),
    ]
    let result = TrainingResult(
      steps: taken, wasStopped: wasStopped,
      parts: parts.filter { $0.1.count > 0 }.map { measure($0.0, $0.1) })
    try observer?.trainingEnded(result)
    return result
  }

  private func step(_ number: Int, _ batch: ArraySlice<Int>) {
    let examples = batch.count
    workspace.context.seed = dropping.next()
    training.gather(batch, into: workspace, targets: targets)
    let batchTargets = targets.map { $0.batch(of: examples) }
    let divisors = zip(trainer.network.heads, batchTargets).map { head, targets in
      head.divisor(of: targets, examples: examples, lengths: workspace.context.lengths)
    }
    workspace.forward(examples: examples)
    summary.loss = workspace.loss(batchTargets, examples: examples, divisors: divisors)
    workspace.backward(batchTargets, examples: examples, divisors: divisors)
    summary.step = number
    summary.examples = examples
    summary.lossDivisor = divisors.count == 1 ? divisors[0] : Double(examples)
    summary.learningRate = trainer.optimizer.learningRate
    let endsWindow = (number + 1) % Trainer.window == 0
    if trainer.isRecording { summarizeLayers(examples, endsWindow: endsWindow) }
    for (index, view) in parameters.views.enumerated()
    where trainer.network.parameters[index].isTrainable {
      let gradient = workspace.gradients.views[index]
      summary.parameters[index].gradientHistogram =
        endsWindow && trainer.isRecording ? gradient.histogram(times: 1) : nil
      summary.parameters[index].update = trainer.optimizer.update(
        view, gradient: gradient, state: stateViews[index],
        UpdateStep(number: number + 1, learningRate: trainer.optimizer.learningRate))
    }
  }

  private func summarizeLayers(_ examples: Int, endsWindow: Bool) {
    for (index, node) in trainer.network.nodes.enumerated() {
      let output = workspace.output(of: index, examples: examples)
      let delta = workspace.delta(of: index, examples: examples)
      summary.layers[index].activation = workspace.activations[index]
      summary.layers[index].delta = workspace.deltas[index]
      switch node.layer.nonlinearity {
      case .rectifier:
        summary.layers[index].activeCounts = output.activeCounts(of: node)
        summary.layers[index].deltaMagnitudes = endsWindow ? delta.magnitudes(of: node) : nil
      case .saturating(let range):
        // Padding is zero, which a logistic function would call saturated.
        let padding = output.count - workspace.activations[index].count
        summary.layers[index].saturated =
          output.count(outside: range) - (range.contains(0) ? 0 : padding)
      case .leakyRectifier, nil: break
      }
      summary.layers[index].timeDeltas?.reset()
      workspace.addTimeDelta(of: index, examples: examples, to: &summary.layers[index].timeDeltas)
      summary.layers[index].deltaHistogram =
        endsWindow && workspace.deltas[index].count > 0
        ? delta.histogram(times: Double(examples)) : nil
    }
  }

  private func measure(_ name: String, _ part: PreparedData<Scalar>) -> TrainingResult.Part {
    var error = 0.0, correct = 0, judged = 0
    for start in stride(from: 0, to: part.count, by: evaluation.capacity) {
      let batch = start..<min(start + evaluation.capacity, part.count)
      part.gather(batch, into: evaluation, targets: targets)
      evaluation.forward(examples: batch.count)
      let batchTargets = targets.map { $0.batch(of: batch.count) }
      let divisors = zip(trainer.network.heads, batchTargets).map { head, targets in
        head.divisor(
          of: targets, examples: batch.count, lengths: evaluation.context.lengths)
      }
      error +=
        evaluation.loss(batchTargets, examples: batch.count, divisors: divisors)
        * Double(batch.count)
      if case .classes(let classes) = batchTargets[0] {
        let scores = evaluation.hits(classes, examples: batch.count)
        correct += scores.correct
        judged += scores.judged
      }
    }
    // Of outputs that are no numbers none is the largest.
    let accuracy = judged > 0 && error.isFinite ? Double(correct) / Double(judged) : nil
    return TrainingResult.Part(
      name: name, examples: part.count, loss: error / Double(part.count), accuracy: accuracy)
  }

  private func description(plannedSteps: Int) -> TrainingRun {
    TrainingRun(
      network: trainer.network, initialRMS: parameters.views.map(\.summary.rms),
      examplesPerEpoch: data.training.count, plannedSteps: plannedSteps,
      constantLoss: trainer.network.heads.enumerated().reduce(0) {
        $0 + $1.element.weight * $1.element.constantLoss(of: data.training, $1.offset)
      },
      training: data.training,
      outputs: { [evaluation] nodes, data in
        let data = data.prefix(evaluation.capacity)
        PreparedData<Scalar>(data).gather(0..<data.count, into: evaluation, targets: [])
        evaluation.forward(examples: data.count)
        return nodes.map { node in
          let output = evaluation.output(of: node, examples: data.count)
          return Tensor(
            shape: output.shape, scalars: (0..<output.count).map { Double(output[$0]) })
        }
      })
  }
}

/// The examples that are evaluated at once.
private let evaluationBatch = 256

extension TensorView {
  /// For each unit of a node, how many of its outputs are not zero.
  fileprivate func activeCounts(of node: NeuralNetwork.Node) -> [UInt32] {
    var counts = [UInt32](repeating: 0, count: node.units)
    if node.hasChannelsFirst {
      Scalar.kernels.convolution.countActivePlanes(
        shape[0], node.units, node.shape.count / node.units, pointer, &counts)
    } else {
      Scalar.kernels.countActive(rows, columns, pointer, &counts)
    }
    return counts
  }

  /// For each unit of a node, the sum of the magnitudes.
  fileprivate func magnitudes(of node: NeuralNetwork.Node) -> [Double] {
    var sums = [Scalar](repeating: 0, count: node.units)
    if node.hasChannelsFirst {
      Scalar.kernels.convolution.sumMagnitudesOfPlanes(
        shape[0], node.units, node.shape.count / node.units, pointer, &sums)
    } else {
      Scalar.kernels.sumMagnitudes(rows, columns, pointer, &sums)
    }
    return sums.map { Double($0) }
  }

  /// The binary exponents of the elements times `factor`, in 64 bins from −48.
  fileprivate func histogram(times factor: Double) -> [UInt32] {
    var bins = [UInt32](repeating: 0, count: 64)
    Scalar.kernels.histogram(count, Scalar(factor), pointer, &bins)
    return bins
  }

  fileprivate func count(outside range: ClosedRange<Double>) -> Int {
    Scalar.kernels.countOutside(
      count, pointer, Scalar(range.lowerBound), Scalar(range.upperBound))
  }
}

extension Workspace {
  /// Of the first loss's terms, how many have their largest output at their class, and how many there are.
  fileprivate func hits(
    _ classes: UnsafePointer<Int32>, examples: Int
  ) -> (correct: Int, judged: Int) {
    let head = network.heads[0]
    let output = output(of: head.output, examples: examples)
    let positions = head.positions ?? 1, columns = head.termShape.count
    var correct = 0, judged = 0
    for example in 0..<examples {
      let valid =
        head.positions == nil
        ? 1 : context.lengths.map { min(Int($0[example]), positions) } ?? positions
      for row in example * positions..<example * positions + valid {
        let scores = output.elements[row * columns..<(row + 1) * columns]
        let largest = scores.indices.max { scores[$0] < scores[$1] } ?? scores.startIndex
        correct += largest - scores.startIndex == Int(classes[row]) ? 1 : 0
        judged += 1
      }
    }
    return (correct, judged)
  }
}
