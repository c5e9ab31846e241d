/// One training of one network in one type of number.
final class TrainingLoop<Scalar: TensorScalar> {
  private let trainer: Trainer
  private let data: any TrainingData
  private let learner: Learner<Scalar>
  private let training: any ExampleSource<Scalar>
  private let validation: any ExampleSource<Scalar>
  private let evaluation: Evaluation<Scalar>
  private let planned: Int
  private let stepsPerEpoch: Int
  private var schedule: ScheduleSequence
  private var stopping: StoppingMonitor
  private var shuffling: RandomSource
  /// The sum of the epoch's losses over its examples, and how many these are.
  private var epochLoss = (sum: 0.0, examples: 0.0)
  private let targets: [TargetBuffer<Scalar>]
  /// The targets of a batch and what each loss is divided by; kept, so that a step allocates nothing.
  private var batchTargets: [BatchTargets<Scalar>] = []
  private var divisors: [Double]

  init(
    _ trainer: Trainer, _ data: any TrainingData, _ length: Trainer.Length
  ) throws {
    self.trainer = trainer
    self.data = data
    training = data.source(.training, as: Scalar.self)
    validation = data.source(.validation, as: Scalar.self)
    try trainer.network.check(batch: trainer.batch, of: training.count)
    let capacity = min(trainer.batch, training.count)
    var rule = trainer.rule
    if trainer.stopping.nonFinite { rule.refusesNonFinite = true }
    learner = try Learner(
      trainer.network, rule, capacity: capacity, seed: trainer.seed,
      recording: trainer.recording, accumulates: trainer.accumulate > 1)
    let examplesPerStep = capacity * trainer.accumulate
    stepsPerEpoch = (training.count + examplesPerStep - 1) / examplesPerStep
    planned =
      switch length {
      case .epochs(let epochs): epochs * stepsPerEpoch
      case .steps(let steps): steps
      }
    learner.plannedUpdates = planned
    let probe = try data.probe(1)
    evaluation = Evaluation(learner, like: probe)
    targets = probe.targetSets.map { TargetBuffer($0, capacity: capacity) }
    divisors = [Double](repeating: 0, count: targets.count)
    schedule = ScheduleSequence(trainer.schedule, steps: planned)
    stopping = StoppingMonitor(trainer.stopping)
    shuffling = RandomSource(seed: trainer.seed, stream: "shuffling")
  }

  func run(
    _ observer: (any TrainingObserver)?, from state: TrainingState?,
    _ save: ((SavePoint) throws -> Void)?
  ) throws -> TrainingResult {
    try observer?.trainingBegins(
      learner.run(
        plannedSteps: planned, examplesPerEpoch: training.count,
        constantLoss: try data.constantLoss(of: trainer.network),
        probe: try data.probe(TrainingRun.probeSize), evaluation))
    if let state { try resume(from: state, observer) }
    var reason: StopReason?
    while learner.updates < planned, reason == nil {
      try step()
      reason = stopping.stepEnded(learner.summary)
      let endsEpoch = learner.updates % stepsPerEpoch == 0
      let isMeasured = endsEpoch || learner.updates == planned || reason != nil
      learner.summary.validationLoss =
        try isMeasured && validation.count > 0
        ? evaluation.measure(.validation, validation).loss : nil
      if endsEpoch { reason = endEpoch() ?? reason }
      if try observer?.stepEnded(learner.summary) == .stop { reason = reason ?? .observer }
      let isLast = learner.updates == planned || reason != nil
      if endsEpoch || isLast {
        try save?(SavePoint(isLast: isLast) { [self] in currentState(observer) })
      }
    }
    try observer?.layersWereTimed(learner.times)
    let result = TrainingResult(
      steps: learner.updates, stopReason: reason, parts: try measuredParts())
    try observer?.trainingEnded(result)
    return result
  }

  /// Forward, backward and update on the next examples, in as many batches as one update takes.
  private func step() throws {
    let place = learner.updates % stepsPerEpoch
    if place == 0 { try training.beginEpoch(shuffledBy: &shuffling) }
    let capacity = learner.workspace.capacity
    let start = place * capacity * trainer.accumulate
    let end = min(start + capacity * trainer.accumulate, training.count)
    if trainer.accumulate > 1 { try addUpDivisors(start..<end) }
    var next = start
    while next < end {
      let places = next..<min(next + capacity, end)
      try training.gatherTargets(places, into: targets, learner.workspace)
      if trainer.accumulate == 1 { addDivisors(places.count, isFirst: true) }
      try training.gatherInputs(places, into: learner.workspace)
      learner.forward(examples: places.count)
      readTargets(places.count)
      learner.backward(batchTargets, divisors: divisors, isFirst: next == start)
      next = places.upperBound
    }
    learner.update { [schedule, learner] in
      schedule.learningRate($0, at: learner.updates)
    }
    learner.summary.epoch = (learner.updates - 1) / stepsPerEpoch
    epochLoss.sum += learner.summary.loss * Double(end - start)
    epochLoss.examples += Double(end - start)
  }

  /// What each loss is divided by over several batches: each batch's share depends on all of them.
  private func addUpDivisors(_ places: Range<Int>) throws {
    var next = places.lowerBound
    while next < places.upperBound {
      let batch = next..<min(next + learner.workspace.capacity, places.upperBound)
      try training.gatherTargets(batch, into: targets, learner.workspace)
      addDivisors(batch.count, isFirst: next == places.lowerBound)
      next = batch.upperBound
    }
  }

  private func addDivisors(_ examples: Int, isFirst: Bool) {
    readTargets(examples)
    for index in divisors.indices {
      let divisor = trainer.network.heads[index].divisor(
        of: batchTargets[index], examples: examples, lengths: learner.workspace.context.lengths)
      divisors[index] = isFirst ? divisor : divisors[index] + divisor
    }
  }

  private func readTargets(_ examples: Int) {
    batchTargets.removeAll(keepingCapacity: true)
    for buffer in targets { batchTargets.append(buffer.batch(of: examples)) }
  }

  /// Tells schedule and criteria the epoch's loss; gives why to end, if so.
  private func endEpoch() -> StopReason? {
    let loss = learner.summary.validationLoss ?? epochLoss.sum / epochLoss.examples
    epochLoss = (0, 0)
    schedule.epochEnded(loss: loss, at: learner.updates - 1)
    return stopping.epochEnded(loss: loss)
  }

  private func measuredParts() throws -> [TrainingResult.Part] {
    var parts: [TrainingResult.Part] = []
    for part in DataPart.allCases {
      let source =
        switch part {
        case .training: training
        case .validation: validation
        case .test: data.source(.test, as: Scalar.self)
        }
      if source.count > 0 { parts.append(try evaluation.measure(part, source)) }
    }
    return parts
  }
}

extension TrainingLoop {
  private func currentState(_ observer: (any TrainingObserver)?) -> TrainingState {
    let values = learner.values
    var memory = observer?.memory ?? [:]
    memory["training/schedule"] = schedule.memory
    memory["training/stopping"] = stopping.memory
    memory["training/epoch-loss"] = [epochLoss.sum, epochLoss.examples]
    return TrainingState(
      steps: learner.updates, parameters: values.parameters, optimizer: values.optimizer,
      memory: memory)
  }

  /// Brings everything to where it was after the state's last step.
  private func resume(
    from state: TrainingState, _ observer: (any TrainingObserver)?
  ) throws {
    try learner.restore(state)
    // Each step but an epoch's last runs as many batches as an update takes.
    let batches = (training.count + learner.workspace.capacity - 1) / learner.workspace.capacity
    let epochs = state.steps / stepsPerEpoch, rest = state.steps % stepsPerEpoch
    learner.skip(to: state.steps, passes: epochs * batches + rest * trainer.accumulate)
    // In the middle of an epoch its order must be there; otherwise the next step draws it.
    for _ in 0..<epochs + (rest > 0 ? 1 : 0) { try training.beginEpoch(shuffledBy: &shuffling) }
    schedule.memory = state.memory["training/schedule"] ?? []
    stopping.memory = state.memory["training/stopping"] ?? []
    if let loss = state.memory["training/epoch-loss"], loss.count == 2 {
      epochLoss = (loss[0], loss[1])
    }
    observer?.memory = state.memory
  }
}
