/// What one step did, in figures.
public struct StepSummary: Sendable {
  /// The step's number, from 0.
  public var step = 0
  /// The pass over the training data, from 0.
  public var epoch = 0
  /// The loss of the step's examples, before the update and without the regularizer.
  public var loss = 0.0
  /// What the regularizer added to the loss; nil where there is none.
  public var regularization: Double?
  /// The loss on the validation part, where it was measured after this step.
  public var validationLoss: Double?
  /// The learning rate.
  public var learningRate = 0.0
  /// The smallest factor that clipping scaled a gradient, or an element of one, by; nil where nothing is clipped.
  public var clipFactor: Double?
  /// The examples of the step.
  public var examples = 0
  /// What Σ_n E_n was divided by.
  public var lossDivisor = 0.0
  /// Whether the step ends a window, at whose end histograms and per-unit deltas are taken.
  public var endsWindow = false
  /// Whether the weights were left as they are because the loss or a gradient was not finite.
  public var wasRefused = false
  /// One entry a node of the network.
  public var layers: [LayerSummary] = []
  /// One entry a parameter of the network.
  public var parameters: [ParameterSummary] = []
}

/// What one node did at one step.
///
/// Lists are allocated once and written anew, those that are taken once a window at its end alone.
public struct LayerSummary: Sendable {
  /// Statistics of the output.
  public var activation = TensorSummary()
  /// Statistics of dE/d(output), E being the loss of the step; of count 0 where none was computed.
  public var delta = TensorSummary()
  /// For each unit of a rectifier, the examples of this step (times positions) for which it was active.
  public var activeCounts: [UInt32]?
  /// The elements outside of a saturating activation's range.
  public var saturated: Int?
  /// For each unit of a rectifier, Σ |dE/d(output)| over the examples of the window's last step.
  public var deltaMagnitudes: [Double]?
  /// Where the node is recurrent, its δ by time step.
  public var timeDeltas: TimeDeltas?
  /// Mean and standard deviation of each unit of an activation, or of an output that a loss takes, in the pass at the
  /// window's end.
  public var unitMoments: UnitMoments?
  /// Mean and standard deviation of each of these units' dE/d(output), in the pass at the window's end.
  public var unitDeltas: UnitMoments?
  /// How many |output| lie in [2^(i−48), 2^(i−47)), for 64 bins i, at the window's last step.
  public var activationHistogram: [UInt32]?
  /// How many |δ| per example lie in [2^(i−48), 2^(i−47)), for 64 bins i, at the window's last step.
  public var deltaHistogram: [UInt32]?
}

/// What one step did to one parameter.
public struct ParameterSummary: Sendable {
  /// Statistics of gradient, update and values.
  public var update = UpdateSummary()
  /// Whether no step changes it on purpose; it has no gradient then.
  public var isFrozen = false
  /// How many rows of a weight (slices along its first axis) differ from each other after the update, at the first step
  /// and at a window's end.
  public var distinctRows: Int?
  /// How many |dE/dw| lie in [2^(i−48), 2^(i−47)), for 64 bins i, at the window's last step.
  public var gradientHistogram: [UInt32]?
}

/// The δ of a recurrent node by time step, E being the loss of the step: dE/dh_t, later steps included.
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
