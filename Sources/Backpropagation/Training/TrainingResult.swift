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
  /// Why it ended before the planned end; nil if it didn't.
  public var stopReason: StopReason?
  /// The parts that have examples.
  public var parts: [Part]

  /// Whether it ended before the planned end.
  public var wasStopped: Bool { stopReason != nil }

  /// The part of this name, if it has examples.
  public func part(_ name: String) -> Part? { parts.first { $0.name == name } }
}
