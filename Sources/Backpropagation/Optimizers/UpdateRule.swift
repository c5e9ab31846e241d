import GzipIO

/// How gradients become updates: the optimizer, and what is done to a gradient before the optimizer gets it.
public struct UpdateRule: Sendable {
  /// The optimizer.
  public var optimizer: any Optimizer
  /// Layers that are trained in another way; the last group that fits a layer counts.
  public var groups: [ParameterGroup]
  /// How large gradients are cut down.
  public var clipping: Clipping?
  /// What is added to the loss for large weights.
  public var regularization: Regularization
  /// Whether a step whose loss or gradient is not finite leaves the weights as they are.
  public var refusesNonFinite: Bool

  /// Creates a rule; by default nothing is done but what the optimizer does.
  public init(
    _ optimizer: any Optimizer, groups: [ParameterGroup] = [], clipping: Clipping? = nil,
    regularization: Regularization = Regularization(), refusesNonFinite: Bool = false
  ) {
    self.optimizer = optimizer
    self.groups = groups
    self.clipping = clipping
    self.regularization = regularization
    self.refusesNonFinite = refusesNonFinite
  }

  /// The optimizer of each parameter of `network`; nil for those that no step changes.
  ///
  /// - Throws: A ``NetworkError`` that names a pattern which fits no layer with parameters.
  public func optimizers(
    for network: NeuralNetwork
  ) throws(NetworkError) -> [(any Optimizer)?] {
    var optimizers = network.parameters.map { $0.isTrainable ? optimizer : nil }
    for group in groups {
      let nodes = network.nodes.filter { node in
        !node.parameters.isEmpty && group.patterns.contains { $0.matches(node.name) }
      }
      for pattern in group.patterns
      where !nodes.contains(where: { pattern.matches($0.name) }) {
        throw NetworkError(
          message: "\(pattern.text.quoted) in groups fits no layer that has parameters")
      }
      for index in nodes.flatMap(\.parameters) where network.parameters[index].isTrainable {
        optimizers[index] = group.changing(optimizer)
      }
    }
    return optimizers
  }
}
