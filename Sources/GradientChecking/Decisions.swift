import Backpropagation

/// What one layer or loss decided in a pass: which piece it took for each number of its output.
struct Decisions {
  let layer: String
  /// Empty where it decides nothing.
  let pieces: [Int]
  private let examples: Int
  private let units: Int
  /// How many numbers of a unit lie together.
  private let size: Int

  /// Describes the decisions about an output, the examples first.
  init(_ pieces: [Int], of layer: String, output: Shape, hasChannelsFirst: Bool = false) {
    self.pieces = pieces
    self.layer = layer
    examples = max(output[0], 1)
    units = output.rank == 1 ? 1 : hasChannelsFirst ? output[1] : output.last
    size = hasChannelsFirst ? output.count / max(examples * units, 1) : 1
  }

  /// The unit and the example of a decision.
  func place(of decision: Int) -> Kink {
    Kink(
      layer: layer, unit: decision / max(size, 1) % max(units, 1),
      example: decision / max(pieces.count / examples, 1) + 1)
  }
}

extension Layer {
  /// Whether the layer is one of the catalog's, which all pass derivatives on and tell what they decide.
  var isOfCatalog: Bool { String(reflecting: type(of: self)).hasPrefix("Backpropagation.") }
}

extension Loss {
  /// Whether the loss is one of the catalog's, which all tell what they decide.
  var isOfCatalog: Bool { String(reflecting: type(of: self)).hasPrefix("Backpropagation.") }
}
