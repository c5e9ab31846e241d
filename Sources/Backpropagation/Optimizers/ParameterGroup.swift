public import GzipIO

/// Layers whose parameters are trained in a way of their own, or not at all.
public struct ParameterGroup: Sendable, Equatable {
  /// The patterns of the layers' names.
  public var patterns: [NamePattern]
  /// Their learning rate instead of the optimizer's, before any schedule.
  public var learningRate: Double?
  /// Their weight decay instead of the optimizer's.
  public var weightDecay: Double?
  /// Whether no step changes them.
  public var isFrozen: Bool

  /// Describes the layers that fit one of `patterns`, in which `*` stands for any characters.
  public init(
    layers patterns: String..., learningRate: Double? = nil, weightDecay: Double? = nil,
    isFrozen: Bool = false
  ) {
    self.init(
      patterns.map { NamePattern($0) }, learningRate: learningRate, weightDecay: weightDecay,
      isFrozen: isFrozen)
  }

  /// Describes the layers that fit one of `patterns`.
  public init(
    _ patterns: [NamePattern], learningRate: Double? = nil, weightDecay: Double? = nil,
    isFrozen: Bool = false
  ) {
    self.patterns = patterns
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.isFrozen = isFrozen
  }

  /// The optimizer as this group has it; nil for a frozen one.
  func changing(_ optimizer: any Optimizer) -> (any Optimizer)? {
    guard !isFrozen else { return nil }
    var optimizer = optimizer
    if let learningRate { optimizer.learningRate = learningRate }
    if let weightDecay { optimizer.weightDecay = weightDecay }
    return optimizer
  }
}
