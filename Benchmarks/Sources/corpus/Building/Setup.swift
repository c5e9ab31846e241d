import GradientHealth

/// Everything that makes a training, apart from its seed.
struct Setup: Sendable {
  var task = Task()
  /// The layers; those of a stack, or a list of its own.
  var layers: [LayerNode]
  var loss: any Loss
  /// What the loss is multiplied by.
  var lossWeight = 1.0
  /// The outputs, where there are several; all but the first one are asked with a weight of zero.
  var heads: [String] = []
  var optimizer: any Optimizer = Rule.momentum.optimizer()
  var groups: [ParameterGroup] = []
  var schedule: [any Schedule] = []
  var clipping: Clipping?
  var batch = 32
  var steps = 200
  /// The steps that were taken before the recorded ones, by a training that this one goes on from.
  var earlierSteps = 0

  init(_ stack: Stack, task: Task = Task(), _ rule: Rule = .momentum, times factor: Double = 1) {
    self.init(stack.layers(outputs: task.outputs), task: task, rule, times: factor)
  }

  init(
    _ layers: [LayerNode], task: Task = Task(), _ rule: Rule = .momentum, times factor: Double = 1
  ) {
    self.task = task
    self.layers = layers
    loss = task.loss
    optimizer = rule.optimizer(times: factor)
  }

  /// The duel that it is instead, where two networks train against each other.
  var duel: Duel?

  init(_ duel: Duel) {
    self.init(Stack(depth: 1))
    self.duel = duel
  }

  /// This setup with something changed.
  func changed(_ change: (inout Setup) -> Void) -> Setup {
    var setup = self
    change(&setup)
    return setup
  }

  /// What trains it; of a duel, there is none.
  func trainer(seed: UInt64) throws -> Trainer {
    let network = try NeuralNetwork(
      inputs: [NetworkInput(task.shape)],
      losses: [NetworkLoss(loss, output: heads.first, weight: lossWeight)]
        + heads.dropFirst().map { NetworkLoss(loss, output: $0, weight: 0) },
      layers: layers)
    return Trainer(
      network, optimizer: optimizer, groups: groups, schedule: schedule, clipping: clipping,
      batch: batch, seed: seed)
  }

  /// What it is trained on.
  func data(seed: UInt64) -> DataSplit { task.data(seed: seed, heads: max(1, heads.count)) }

  /// Trains from the seed and records every step.
  func run(seed: UInt64) throws -> RecordedRun {
    if let duel { return try duel.run(seed: seed) }
    let trainer = try trainer(seed: seed), data = data(seed: seed)
    let memory = RunMemory()
    var state: TrainingState?
    if earlierSteps > 0 {
      try trainer.train(on: data, for: .steps(earlierSteps)) { if $0.isLast { state = $0.state() } }
    }
    let result = try trainer.train(
      on: data, for: .steps(earlierSteps + steps), observer: memory.recording(),
      resumingFrom: state)
    return RecordedRun(header: memory.trace.header, steps: memory.steps, result: result)
  }
}
