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
  /// The optimizer.
  public var optimizer: any Optimizer
  /// The examples of a batch; the last one of an epoch may be shorter.
  public var batch: Int
  /// The seed of initialization and shuffling.
  public var seed: UInt64
  /// The numbers it is trained in.
  public var precision: Precision
  /// Whether every pass is summarized; off serves the benchmark.
  public var isRecording: Bool

  /// Creates a trainer.
  public init(
    _ network: NeuralNetwork, optimizer: any Optimizer, batch: Int = 64, seed: UInt64 = 1,
    precision: Precision = .float, isRecording: Bool = true
  ) {
    precondition(batch > 0, "a batch has at least one example, got \(batch)")
    self.network = network
    self.optimizer = optimizer
    self.batch = batch
    self.seed = seed
    self.precision = precision
    self.isRecording = isRecording
  }

  /// Trains from the initial values and measures every part of the data at the end.
  ///
  /// - Throws: A ``NetworkError`` if the data or the batches don't fit the network, or what the observer throws.
  @discardableResult
  public func train(
    on data: DataSplit, for length: Length, observer: (any TrainingObserver)? = nil
  ) throws -> TrainingResult {
    for part in [data.training, data.validation, data.test] where part.count > 0 {
      try network.check(part)
    }
    guard data.training.count > 0 else {
      throw NetworkError(message: "the training part has no examples")
    }
    try network.check(batch: batch, of: data.training.count)
    return switch precision {
    case .float: try TrainingLoop<Float>(self, data).run(length, observer)
    case .double: try TrainingLoop<Double>(self, data).run(length, observer)
    }
  }
}
