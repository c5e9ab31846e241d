/// What is known of a run before its first step: who recorded it, how it was set up, and its layers.
public struct TraceHeader: Sendable, Equatable {
  /// The program that recorded the run, with its version: `"gradcheck 0.1.0"`.
  public var producer: String
  /// The run's name, plan and settings.
  public var run: RunDescription
  /// The layers in the order of the forward pass; a record's layers stand in the same order.
  public var layers: [LayerDescription]

  /// Creates the header of a run over `layers`.
  public init(producer: String, run: RunDescription, layers: [LayerDescription]) {
    self.producer = producer
    self.run = run
    self.layers = layers
  }
}

/// The name, plan and settings of a run.
public struct RunDescription: Sendable, Equatable {
  /// The name a report bears.
  public var name: String?
  /// The model in one line: `"64 → 12 × 64 → 10 dense, sigmoid"`.
  public var model: String?
  /// The examples of one pass over the training data.
  public var examplesPerEpoch: Int?
  /// The steps that the run was to take.
  public var plannedSteps: Int?
  /// The expected loss of the best constant prediction: what a model that ignores its inputs can reach.
  public var constantLoss: Double?
  /// Whatever else is worth keeping (seed, threads, versions, what the data's `auto` took), in the order it is shown.
  public var settings: [Setting]

  /// One named setting of a run.
  public struct Setting: Sendable, Equatable {
    /// The setting's name, in kebab-case.
    public var name: String
    /// Its value as text.
    public var value: String

    /// Creates a setting.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Creates a description; everything is optional.
  public init(
    name: String? = nil, model: String? = nil, examplesPerEpoch: Int? = nil,
    plannedSteps: Int? = nil, constantLoss: Double? = nil, settings: [Setting] = []
  ) {
    self.name = name
    self.model = model
    self.examplesPerEpoch = examplesPerEpoch
    self.plannedSteps = plannedSteps
    self.constantLoss = constantLoss
    self.settings = settings
  }
}

/// A layer of a recorded network.
public struct LayerDescription: Sendable, Equatable {
  /// The layer's name, unique in its network.
  public var name: String
  /// A catalog id (`dense`, `relu`, …) or any other word; `input` for the network's input.
  public var kind: String
  /// The names of the layers that feed this one.
  public var inputs: [String]
  /// The output features: neurons of a dense layer, channels of a convolution.
  public var units: Int?
  /// The layer's parameters, weights first.
  public var parameters: [ParameterDescription]

  /// Creates the description of a layer.
  public init(
    name: String, kind: String, inputs: [String] = [], units: Int? = nil,
    parameters: [ParameterDescription] = []
  ) {
    self.name = name
    self.kind = kind
    self.inputs = inputs
    self.units = units
    self.parameters = parameters
  }
}

/// A parameter of a recorded layer.
public struct ParameterDescription: Sendable, Equatable {
  /// The name within its layer: `weight`, `bias`.
  public var name: String
  /// The parameter's shape.
  public var shape: [Int]
  /// The root mean square of its values before the first step.
  public var initialRMS: Double?
  /// Whether training leaves it alone on purpose.
  public var frozen: Bool

  /// Creates the description of a parameter.
  public init(name: String, shape: [Int], initialRMS: Double? = nil, frozen: Bool = false) {
    self.name = name
    self.shape = shape
    self.initialRMS = initialRMS
    self.frozen = frozen
  }

  /// Whether this counts as a weight: its rank is 2 or more.
  public var isWeight: Bool { shape.count >= 2 }
}
