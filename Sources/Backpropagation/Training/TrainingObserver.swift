/// The seam between training and whatever records it: called at the start, after each step and at the end.
public protocol TrainingObserver: AnyObject {
  /// Training is about to take its first step.
  func trainingBegins(_ run: TrainingRun) throws
  /// A step has been taken; answers whether to go on.
  func stepEnded(_ step: StepSummary) throws -> TrainingDecision
  /// Training has taken its last step; by default nothing happens.
  func layersWereTimed(_ times: LayerTimes) throws
  /// Training has ended, and the parts of the data have been measured.
  func trainingEnded(_ result: TrainingResult) throws

  /// What it carries from step to step, for a run that is resumed; by default nothing.
  var memory: [String: [Double]] { get set }
}

extension TrainingObserver {
  public func layersWereTimed(_ times: LayerTimes) throws {}

  public var memory: [String: [Double]] {
    get { [:] }
    set {}
  }
}

/// Whether training goes on.
public enum TrainingDecision: Sendable { case goOn, stop }

/// What is known of a run before its first step.
public struct TrainingRun {
  /// The network that is trained.
  public let network: NeuralNetwork
  /// The root mean square of each parameter before the first step.
  public let initialRMS: [Double]
  /// For each parameter whether no step changes it on purpose.
  public let isFrozen: [Bool]
  /// The examples of one epoch, where there are epochs.
  public let examplesPerEpoch: Int?
  /// The steps that are planned.
  public let plannedSteps: Int
  /// The expected loss of the best constant prediction on the training data, where it is known.
  public let constantLoss: Double?
  /// The network with the first examples of the training data, at most ``probeSize``.
  package let probe: NetworkProbe

  /// The most examples of the probe.
  public static let probeSize: Int = 256
}
