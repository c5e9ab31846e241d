import GradientHealth

/// Everything that makes a training, apart from its seed.
struct Setup {
  var task = Task()
  /// The layers; those of a stack, or a list of its own.
  var layers: [LayerNode]
  var loss: any Loss
  /// What the loss is multiplied by.
  var lossWeight = 1.0
  var optimizer: any Optimizer = Rule.momentum.optimizer()
  var groups: [ParameterGroup] = []
  var schedule: [any Schedule] = []
  var clipping: Clipping?
  var batch = 32
  var steps = 200

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

  /// This setup with something changed.
  func changed(_ change: (inout Setup) -> Void) -> Setup {
    var setup = self
    change(&setup)
    return setup
  }

  /// Trains from the seed and records every step.
  func run(seed: UInt64) throws -> RecordedRun {
    let network = try NeuralNetwork(
      inputs: [NetworkInput(task.shape)], losses: [NetworkLoss(loss, weight: lossWeight)],
      layers: layers)
    var header: TraceHeader?
    var records: [StepRecord] = []
    let recording = RunRecording(
      begin: { header = $0 },
      record: {
        records.append($0.record)
        return .goOn
      })
    let result = try Trainer(
      network, optimizer: optimizer, groups: groups, schedule: schedule, clipping: clipping,
      batch: batch, seed: seed
    ).train(on: task.data(seed: seed), for: .steps(steps), observer: recording)
    guard let header else { preconditionFailure("a training that ended has begun") }
    return RecordedRun(header: header, steps: records, result: result)
  }
}
