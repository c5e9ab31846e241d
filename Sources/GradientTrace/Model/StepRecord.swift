/// Everything recorded of one step: one forward pass, one backward pass, one update.
public struct StepRecord: Sendable, Equatable {
  /// The step's number, from 0.
  public var step: Int
  /// The pass over the training data that this step belongs to, from 0.
  public var epoch: Int?
  /// The training loss of this step's batch, as the optimizer sees it but without the regularizer.
  public var loss: Double?
  /// The loss on the validation part, at the steps at which it was measured.
  public var validationLoss: Double?
  /// The learning rate in force.
  public var learningRate: Double?
  /// The factor that clipping scaled the gradient by; 1 where it did not act.
  public var clipFactor: Double?
  /// The examples of this step's batch.
  public var examples: Int?
  /// What the sum of the examples' errors was divided by, to give the loss.
  public var lossDivisor: Double?
  /// The optimizer that took this step, in a run with several.
  public var optimizer: String?
  /// One record a layer, in the header's order; nil for a layer that recorded nothing at this step.
  public var layers: [LayerRecord?]

  /// Creates the record of a step.
  public init(
    step: Int, epoch: Int? = nil, loss: Double? = nil, validationLoss: Double? = nil,
    learningRate: Double? = nil, clipFactor: Double? = nil, examples: Int? = nil,
    lossDivisor: Double? = nil, optimizer: String? = nil, layers: [LayerRecord?] = []
  ) {
    self.step = step
    self.epoch = epoch
    self.loss = loss
    self.validationLoss = validationLoss
    self.learningRate = learningRate
    self.clipFactor = clipFactor
    self.examples = examples
    self.lossDivisor = lossDivisor
    self.optimizer = optimizer
    self.layers = layers
  }
}

/// What one layer recorded at one step.
public struct LayerRecord: Sendable, Equatable {
  /// Statistics of the layer's output.
  public var activation: TensorStatistics?
  /// Statistics of δ = dE_n/d(output) **per example**: the loss's divisor is undone already.
  public var delta: TensorStatistics?
  /// Statistics of the parameters, in the header's order; nil for one that recorded nothing.
  public var parameters: [ParameterStatistics?]
  /// The units silent for every example of this batch.
  public var silentUnits: Int?
  /// Per-unit activity, at the last step of a window.
  public var unitWindow: UnitWindow?
  /// The elements of a saturating activation that are saturated: |z| > 0.99 for tanh, z < 0.01 or z > 0.99 for sigmoid.
  public var saturated: Int?
  /// How often the layer was called at this step, where more than once; its statistics cover all calls.
  public var calls: Int?
  /// The RMS of δ per example at each time step of a recurrent layer, first time step first.
  public var deltaRMSByTime: [Double]?
  /// Means of each feature, where the layer is the network's input.
  public var unitMeans: [Double]?
  /// Standard deviations of each feature, where the layer is the network's input.
  public var unitDeviations: [Double]?
  /// The mean of each unit's δ per example, with its sign: which way the layers above want its output moved, and how much.
  public var unitDeltas: [Double]?

  /// Creates a record; what was not measured stays nil.
  public init(
    activation: TensorStatistics? = nil, delta: TensorStatistics? = nil,
    parameters: [ParameterStatistics?] = [], silentUnits: Int? = nil,
    unitWindow: UnitWindow? = nil, saturated: Int? = nil, calls: Int? = nil,
    deltaRMSByTime: [Double]? = nil, unitMeans: [Double]? = nil, unitDeviations: [Double]? = nil,
    unitDeltas: [Double]? = nil
  ) {
    self.activation = activation
    self.delta = delta
    self.parameters = parameters
    self.silentUnits = silentUnits
    self.unitWindow = unitWindow
    self.saturated = saturated
    self.calls = calls
    self.deltaRMSByTime = deltaRMSByTime
    self.unitMeans = unitMeans
    self.unitDeviations = unitDeviations
    self.unitDeltas = unitDeltas
  }
}
