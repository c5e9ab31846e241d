public import Backpropagation
public import GradientModelFiles
import GzipIO

/// A training as it is described, apart from its data: the network, how it starts and how it is trained.
///
/// It is a value that remembers how it was changed, so that the same changes can be made in a model file.
public struct Recipe: Sendable {
  /// The network's inputs.
  public private(set) var inputs: [NetworkInput]
  /// Its losses.
  public private(set) var losses: [NetworkLoss]
  /// Its layers.
  public private(set) var layers: [LayerNode]
  /// The trained weights that it starts from, where it does.
  public internal(set) var weights: WeightSettings?
  /// How the inputs are brought to one scale.
  public internal(set) var normalization: Normalization = .none
  /// What becomes of values that are missing in the data.
  public internal(set) var missing: CSVSource.MissingValues = .error
  /// How it is trained; its network is the one that these layers make.
  public internal(set) var trainer: Trainer
  /// How long it is trained.
  public var length: Trainer.Length
  /// How it was changed since it was made, in order.
  package private(set) var changes: [Change] = []

  /// Describes the training of a network with one input and one loss.
  ///
  /// - Parameters:
  ///   - inputs: the network's inputs.
  ///   - losses: its losses.
  ///   - layers: its layers.
  ///   - length: how long it is trained.
  ///   - trainer: makes a trainer of the network that they are.
  /// - Throws: A `NetworkError` that names the layer at fault.
  public init(
    inputs: [NetworkInput], losses: [NetworkLoss], layers: [LayerNode], length: Trainer.Length,
    trainer: (NeuralNetwork) -> Trainer
  ) throws(NetworkError) {
    self.inputs = inputs
    self.losses = losses
    self.layers = layers
    self.length = length
    self.trainer = trainer(try NeuralNetwork(inputs: inputs, losses: losses, layers: layers))
  }

  /// The training that a model file describes; nil if it doesn't say how to train.
  public init?(_ file: ModelFile) {
    guard let trainer = file.trainer, let length = file.training?.length else { return nil }
    (inputs, losses, layers) = (file.inputs, file.losses, file.layers)
    self.trainer = trainer
    self.length = length
    weights = file.weights
    normalization = file.data?.normalization ?? .none
    missing = file.data?.source.missing ?? .error
  }

  /// The network, which starts from the trained weights where there are some.
  ///
  /// - Throws: A `NetworkError` that names the layer at fault; an `InputError` if the weights can't be read or don't fit.
  func network(limit: Int) throws -> NeuralNetwork {
    let network = try NeuralNetwork(inputs: inputs, losses: losses, layers: layers)
    return try weights.map { try network.loading($0, limit: limit) } ?? network
  }

  /// Makes a change, and those that keep every reference to a layer by its name what it was.
  ///
  /// - Throws: ``Inapplicable`` where it can't be made.
  mutating func apply(_ change: Change) throws(Inapplicable) {
    let before = self
    try make(change)
    changes.append(change)
    guard let places = change.newPlaces(of: before.layers.count) else { return }
    try keepReferences(to: before, nowAt: places)
  }

  /// Layers without a name of their own are called by their number, which may be another now.
  private mutating func keepReferences(
    to before: Recipe, nowAt places: [Int?]
  ) throws(Inapplicable) {
    let names = layers.names
    var renamed: [String: String] = [:]
    for (place, name) in before.layers.names.enumerated() {
      if let new = places[place], names[new] != name { renamed[name] = names[new] }
    }
    try keepGroups(of: before, nowAt: places)
    guard !renamed.isEmpty else { return }
    for place in layers.indices {
      let node = layers[place]
      if node.inputs.contains(where: { renamed[$0] != nil }) {
        try apply(.setInputs(layer: place, node.inputs.map { renamed[$0] ?? $0 }))
      }
      if let name = node.weightsOf.flatMap({ renamed[$0] }) {
        try apply(.setWeightsOf(layer: place, name))
      }
    }
    for place in losses.indices {
      if let name = losses[place].output.flatMap({ renamed[$0] }) {
        try apply(.setOutput(loss: place, name))
      }
    }
  }

  /// A group names layers by patterns, which must fit the same layers as before.
  private func keepGroups(of before: Recipe, nowAt places: [Int?]) throws(Inapplicable) {
    let names = layers.names
    for pattern in trainer.rule.groups.flatMap(\.patterns) {
      for (place, name) in before.layers.names.enumerated() {
        guard let new = places[place], before.layers[place].layer.kind == layers[new].layer.kind
        else { continue }
        guard pattern.matches(name) == pattern.matches(names[new]) else {
          throw Inapplicable("training.groups would name other layers by \(pattern.text)")
        }
      }
    }
  }
}

// MARK: - The changes

extension Recipe {
  private mutating func make(_ change: Change) throws(Inapplicable) {
    switch change {
    case .setArgument(let place, let name, let value):
      try setArgument(name, ofLayer: place, to: value)
    case .replace(let place, let member):
      layers[place].layer = try Self.member(member, of: LayerCatalog.all)
    case .insert(let place, let member, let name, let inputs):
      let layer = try Self.member(member, of: LayerCatalog.all)
      layers.insert(LayerNode(layer, name: name, from: inputs), at: place)
    case .remove(let place): layers.remove(at: place)
    case .setInputs(let place, let names): layers[place].inputs = names
    case .setWeightsOf(let place, let name): layers[place].weightsOf = name
    case .setOutput(let place, let name): losses[place].output = name
    case .setLossWeight(let place, let weight): losses[place].weight = weight
    case .dropWeights: weights = nil
    case .setNormalization(let normalization): self.normalization = normalization
    case .setMissing(let missing): self.missing = missing
    default: try makeInTraining(change)
    }
  }

  private mutating func makeInTraining(_ change: Change) throws(Inapplicable) {
    switch change {
    case .setLearningRate(let rate): trainer.rule.optimizer.learningRate = rate
    case .setGroupRate(let place, let rate): trainer.rule.groups[place].learningRate = rate
    case .removeGroup(let place): trainer.rule.groups.remove(at: place)
    case .setOptimizer(let member):
      trainer.rule.optimizer = try Self.member(member, of: OptimizerCatalog.all)
    case .setMomentum(let momentum):
      guard var sgd = trainer.rule.optimizer as? SGD else { return }
      sgd.momentum = momentum
      trainer.rule.optimizer = sgd
    case .setWeightDecay(let decay): trainer.rule.optimizer.weightDecay = decay
    case .setClipping(let clipping): trainer.rule.clipping = clipping
    case .removeSchedule: trainer.schedule = []
    case .warmUp(let steps): trainer.schedule.insert(WarmupSchedule(steps: steps), at: 0)
    case .setPatience(let epochs): trainer.stopping.patience = epochs
    case .setBatch(let batch): trainer.batch = batch
    default: preconditionFailure("expected a change of how it is trained, got \(change)")
    }
  }

  private mutating func setArgument(
    _ name: String, ofLayer place: Int, to value: ArgumentValue?
  ) throws(Inapplicable) {
    switch (name, layers[place].layer) {
    case ("initializer", var layer as any InitializedLayer):
      layer.initializer = try Self.initializer(value)
      layers[place].layer = layer
    case ("bias-initializer", var layer as any InitializedLayer):
      layer.biasInitializer = try Self.initializer(value) ?? .zeros
      layers[place].layer = layer
    case ("recurrent-initializer", var layer as any RecurrentLayer):
      layer.recurrentInitializer = try Self.initializer(value)
      layers[place].layer = layer
    case ("memory", var layer as any GatedLayer):
      guard case .integer(let steps) = value else {
        preconditionFailure("expected a number of steps, got \(String(describing: value))")
      }
      layer.memory = steps
      layers[place].layer = layer
    default: throw Inapplicable("\(layers[place].layer.kind) has no \(name)")
    }
  }

  private static func initializer(
    _ written: ArgumentValue?
  ) throws(Inapplicable) -> (any Initializer)? {
    guard let written else { return nil }
    do { return try InitializerCatalog.all.member(written) } catch {
      throw Inapplicable(error.message)
    }
  }

  private static func member<Product>(
    _ written: WrittenMember, of catalog: Catalog<Product>
  ) throws(Inapplicable) -> Product {
    do { return try catalog.make(written.id, written.values) } catch {
      throw Inapplicable(error.message)
    }
  }
}

/// Why something can't be tried on a model.
struct Inapplicable: Error, Equatable, Sendable {
  /// The reason, to follow on "not tried:".
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
