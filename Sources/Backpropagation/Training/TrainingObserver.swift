/// The seam between training and whatever records it: called at the start, after each step and at the end.
public protocol TrainingObserver {
  /// Training is about to take its first step.
  func trainingBegins(_ run: TrainingRun) throws
  /// A step has been taken; answers whether to go on.
  func stepEnded(_ step: StepSummary) throws -> TrainingDecision
  /// Training has ended, and the parts of the data have been measured.
  func trainingEnded(_ result: TrainingResult) throws
}

/// Whether training goes on.
public enum TrainingDecision: Sendable { case goOn, stop }

/// What is known of a run before its first step.
public struct TrainingRun {
  /// The network that is trained.
  public let network: NeuralNetwork
  /// The root mean square of each parameter before the first step.
  public let initialRMS: [Double]
  /// The examples of one epoch.
  public let examplesPerEpoch: Int
  /// The steps that are planned.
  public let plannedSteps: Int
  /// The expected loss of the best constant prediction on the training data.
  public let constantLoss: Double
  /// The training data.
  public let training: Dataset
  /// Runs the network, as it is at this moment, on up to a batch of inputs and gives the outputs of the nodes asked for.
  public let outputs: (_ nodes: [Int], _ data: Dataset) -> [Tensor<Double>]
}

/// What one step did, in figures.
public struct StepSummary: Sendable {
  /// The step's number, from 0.
  public var step = 0
  /// The pass over the training data, from 0.
  public var epoch = 0
  /// The loss of the batch, before the update.
  public var loss = 0.0
  /// The loss on the validation part, where it was measured after this step.
  public var validationLoss: Double?
  /// The learning rate.
  public var learningRate = 0.0
  /// The examples of the batch.
  public var examples = 0
  /// What Σ_n E_n was divided by.
  public var lossDivisor = 0.0
  /// One entry a node of the network.
  public var layers: [LayerSummary] = []
  /// One entry a parameter of the network.
  public var parameters: [ParameterSummary] = []
}

/// What one node did at one step.
public struct LayerSummary: Sendable {
  /// Statistics of the output.
  public var activation = TensorSummary()
  /// Statistics of dE/d(output), E being the loss of the batch; of count 0 where none was computed.
  public var delta = TensorSummary()
  /// For each unit of a rectifier, the examples of this batch (times positions) for which it was active.
  public var activeCounts: [UInt32]?
  /// The elements outside of a saturating activation's range.
  public var saturated: Int?
  /// For each unit of a rectifier, Σ |dE/d(output)| over the batch; once a window.
  public var deltaMagnitudes: [Double]?
  /// Where the node is recurrent, its δ by time step.
  public var timeDeltas: TimeDeltas?
  /// How many |δ| per example lie in [2^(i−48), 2^(i−47)), for 64 bins i; once a window.
  public var deltaHistogram: [UInt32]?
}

/// The δ of a recurrent node by time step, E being the loss of the batch: dE/dh_t, later steps included.
public struct TimeDeltas: Sendable, Equatable {
  /// Σ|dE/dh_t|² of each time step, over its units and the examples that are that long.
  public internal(set) var sumsOfSquares: [Double]
  /// How many numbers those are.
  public internal(set) var counts: [Int]

  init(steps: Int) {
    sumsOfSquares = [Double](repeating: 0, count: steps)
    counts = [Int](repeating: 0, count: steps)
  }

  /// Forgets what was added.
  mutating func reset() {
    for step in counts.indices { (sumsOfSquares[step], counts[step]) = (0, 0) }
  }

  /// The root mean square of each time step; 0 where no example is that long.
  public var rms: [Double] {
    zip(sumsOfSquares, counts).map { ($0 / Double(max($1, 1))).squareRoot() }
  }
}

/// What one step did to one parameter.
public struct ParameterSummary: Sendable {
  /// Statistics of gradient, update and values.
  public var update = UpdateSummary()
  /// How many |dE/dw| lie in [2^(i−48), 2^(i−47)), for 64 bins i; once a window.
  public var gradientHistogram: [UInt32]?
}

/// How a trained network does on each part of its data.
public struct TrainingResult: Sendable, Equatable {
  /// Loss and accuracy on one part.
  public struct Part: Sendable, Equatable {
    /// `training`, `validation` or `test`.
    public var name: String
    /// The number of examples.
    public var examples: Int
    /// The mean loss.
    public var loss: Double
    /// The share of examples whose largest output is their class; nil where the targets are no
    /// classes or the loss is not finite.
    public var accuracy: Double?
  }

  /// The steps taken.
  public var steps: Int
  /// Whether an observer stopped it before the planned end.
  public var wasStopped: Bool
  /// The parts that have examples.
  public var parts: [Part]

  /// The part of this name, if it has examples.
  public func part(_ name: String) -> Part? { parts.first { $0.name == name } }
}
