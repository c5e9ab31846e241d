/// Trains a network: batches in a seeded random order, forward, backward, update, until the planned steps are taken.
public struct Trainer: Sendable {
  /// Which numbers the network is trained in.
  public enum Precision: String, Sendable, CaseIterable { case float, double }

  /// How long to train.
  public enum Length: Sendable, Equatable {
    /// As many passes over the training part.
    case epochs(Int)
    /// As many updates.
    case steps(Int)
  }

  /// The steps of a window, at whose end histograms and per-unit deltas are taken.
  public static let window: Int = 50

  /// The network.
  public var network: NeuralNetwork
  /// The optimizer, and what is done to gradients before it.
  public var rule: UpdateRule
  /// The schedules of the learning rate, which run in turn.
  public var schedule: [any Schedule]
  /// The examples of a batch; the last one of an epoch may be shorter.
  public var batch: Int
  /// The batches whose gradients make one update.
  public var accumulate: Int
  /// What ends it before the planned end.
  public var stopping: StoppingCriteria
  /// The seed of initialization, shuffling and dropout.
  public var seed: UInt64
  /// The numbers it is trained in.
  public var precision: Precision
  /// Whether every pass is summarized.
  public var recording: RecordingMode

  /// Creates a trainer.
  public init(
    _ network: NeuralNetwork, optimizer: any Optimizer, groups: [ParameterGroup] = [],
    schedule: [any Schedule] = [], clipping: Clipping? = nil,
    regularization: Regularization = Regularization(), batch: Int = 64, accumulate: Int = 1,
    stopping: StoppingCriteria = StoppingCriteria(), seed: UInt64 = 1,
    precision: Precision = .float, recording: RecordingMode = .everyStep
  ) {
    precondition(batch > 0, "a batch has at least one example, got \(batch)")
    precondition(accumulate > 0, "an update takes at least one batch, got \(accumulate)")
    self.network = network
    rule = UpdateRule(
      optimizer, groups: groups, clipping: clipping, regularization: regularization)
    self.schedule = schedule
    self.batch = batch
    self.accumulate = accumulate
    self.stopping = stopping
    self.seed = seed
    self.precision = precision
    self.recording = recording
  }

  /// Trains from the initial values, and measures every part of the data at the end.
  ///
  /// With a `state` it goes on from where another training was. `observer` is told of every step, and `save` called at the
  /// end of each epoch and of the training.
  ///
  /// - Throws: A ``NetworkError`` if the data or the state don't fit the network, or what the observer or `save` throw.
  @discardableResult
  public func train(
    on data: DataSplit, for length: Length, observer: (any TrainingObserver)? = nil,
    resumingFrom state: TrainingState? = nil, save: ((SavePoint) throws -> Void)? = nil
  ) throws -> TrainingResult {
    try train(
      on: data as any TrainingData, for: length, observer: observer, resumingFrom: state,
      save: save)
  }

  /// Trains on data that need not lie in memory.
  @discardableResult
  package func train(
    on data: any TrainingData, for length: Length, observer: (any TrainingObserver)?,
    resumingFrom state: TrainingState?, save: ((SavePoint) throws -> Void)?
  ) throws -> TrainingResult {
    try data.check(against: network)
    let observer = observer ?? AmbientObserver.make?()
    return switch precision {
    case .float: try TrainingLoop<Float>(self, data, length).run(observer, from: state, save)
    case .double: try TrainingLoop<Double>(self, data, length).run(observer, from: state, save)
    }
  }

  /// A planned length, but at most so many steps, with `examples` to train on.
  package func length(_ planned: Length, atMost limit: Int, examples: Int) -> Length {
    let perStep = min(batch, max(examples, 1)) * accumulate
    let steps =
      switch planned {
      case .steps(let steps): steps
      case .epochs(let epochs): epochs * ((examples + perStep - 1) / perStep)
      }
    return steps > limit ? .steps(limit) : planned
  }
}
