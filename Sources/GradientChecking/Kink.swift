/// Where a function has no derivative: a unit at which some layer decides otherwise a little to one side.
public struct Kink: Sendable, Equatable, Codable, CustomStringConvertible {
  /// The layer that decides; `loss` for the loss.
  public var layer: String
  /// The unit of its output: a feature, or a channel of an image.
  public var unit: Int
  /// The example for which it decides, counted from 1.
  public var example: Int

  /// Creates a kink.
  public init(layer: String, unit: Int, example: Int) {
    self.layer = layer
    self.unit = unit
    self.example = example
  }

  /// The place without the example: `relu-2, unit 17`.
  public var description: String { "\(layer), unit \(unit)" }
}

extension Kink {
  /// The first decision that two passes took differently, in the order of the forward pass; nil if there is none, or where
  /// nobody tells.
  ///
  /// What lies above it may only follow.
  init?(between one: [Decisions]?, and other: [Decisions]?) {
    guard let one, let other else { return nil }
    for (mine, theirs) in zip(one, other) where mine.pieces != theirs.pieces {
      guard let place = mine.pieces.indices.first(where: { mine.pieces[$0] != theirs.pieces[$0] })
      else { continue }
      self = mine.place(of: place)
      return
    }
    return nil
  }
}
