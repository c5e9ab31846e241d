/// A mistake in a backward pass that people make, and that the checker must catch and name.
///
/// The first that make a gradient are the ones that it is called by: a mutation that leaves a gradient as it is, or makes the
/// same of it as one before it, does not apply there.
package enum Mutation: String, CaseIterable, Sendable {
  case doubled
  case halved
  case negated
  case timesBatch = "times-batch"
  case overBatch = "over-batch"
  case overOutputs = "over-outputs"
  case transposed
  case shiftedByEntry = "shifted-by-entry"
  case shiftedByRow = "shifted-by-row"
  case biasDropped = "bias-dropped"
  case zeroed
  case detached
  case entryZeroed = "entry-zeroed"
  case entryOff = "entry-off"
  case scaledUp = "scaled-up"
  case scaledDown = "scaled-down"
  case unwritten
  case lastExample = "last-example"
  case stale
  case atOutput = "at-output"
  case otherActivation = "other-activation"

  /// How far off one entry is, in root mean squares of its tensor.
  static let distance = 1e-6

  /// What is done to the gradient.
  package var summary: String {
    switch self {
    case .doubled: "twice what it is: the ½ of the error is forgotten"
    case .halved: "half of what it is"
    case .negated: "with the wrong sign"
    case .timesBatch: "times the batch: the sum over the examples for their mean"
    case .overBatch: "divided by the batch: the mean over it for the sum"
    case .overOutputs: "divided by the outputs: the mean over them for their sum"
    case .transposed: "rows and columns exchanged"
    case .shiftedByEntry: "each entry that of the one before"
    case .shiftedByRow: "each row that of the one before"
    case .biasDropped: "zero, of a bias alone"
    case .zeroed: "zero, of a weight"
    case .detached: "zero, of an input: nothing is passed back"
    case .entryZeroed: "a single entry zero"
    case .entryOff: "a single entry off by 1e-6 of the tensor's RMS"
    case .scaledUp: "times 1.001"
    case .scaledDown: "times 0.999"
    case .unwritten: "never written"
    case .lastExample: "that of the last example, instead of the sum over all"
    case .stale: "from what another batch left: inputs, masks"
    case .atOutput: "with h′ at the output, instead of the input"
    case .otherActivation: "with h′ of another activation"
    }
  }

  /// What the gradient is multiplied by, where that is all.
  func factor(batch: Int, outputs: Int) -> Double? {
    switch self {
    case .doubled: 2
    case .halved: 0.5
    case .negated: -1
    case .timesBatch: Double(batch)
    case .overBatch: 1 / Double(batch)
    case .overOutputs: 1 / Double(outputs)
    case .scaledUp: 1 + 1e-3
    case .scaledDown: 1 - 1e-3
    default: nil
    }
  }

  /// Whether a signature is this mistake's, in a batch of so many examples with so many outputs each.
  func isNamed(by signature: Signature?, batch: Int, outputs: Int) -> Bool {
    guard let signature else { return false }
    if case .multiple(let ratio) = signature {
      guard let factor = factor(batch: batch, outputs: outputs) else { return false }
      return abs(ratio / factor - 1) < 1e-5
    }
    return switch (self, signature) {
    case (.transposed, .transposed), (.biasDropped, .zero), (.zeroed, .zero), (.detached, .zero),
      (.entryZeroed, .zeroEntries), (.unwritten, .notFinite), (.lastExample, .oneExample),
      (.stale, .otherExample), (.stale, .otherZeros), (.atOutput, .atOutput),
      (.otherActivation, .otherActivation):
      true
    case (.entryOff, .oneEntry(let distance)): abs(distance / Self.distance - 1) < 1e-2
    case (.shiftedByEntry, .shifted(let places, _)): abs(places) == 1
    case (.shiftedByRow, .shifted(let places, let length)): abs(places) == length && length > 1
    default: false
    }
  }
}

/// Where a mutation is planted: one of the gradients that a backward pass writes.
package enum GradientPlace: Sendable, Equatable {
  /// dE/d(parameter), of the one at this place among the layer's; a bias or not.
  case parameter(Int, isBias: Bool)
  /// dE/d(input), of the one at this place.
  case input(Int)
  /// The topmost delta, of a loss.
  case loss
}

extension Mutation {
  /// Whether the mistake is one about such a gradient; whether it then changes anything shows at the gradient itself.
  func concerns(_ place: GradientPlace) -> Bool {
    switch (self, place) {
    case (.biasDropped, .parameter(_, let isBias)): isBias
    case (.zeroed, .parameter(_, let isBias)): !isBias
    case (.lastExample, .parameter): true
    case (.biasDropped, _), (.zeroed, _), (.lastExample, _), (.detached, .parameter): false
    case (.atOutput, _), (.otherActivation, _):
      if case .input = place { true } else { false }
    default: true
    }
  }
}
