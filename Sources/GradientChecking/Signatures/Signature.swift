/// What a wrong gradient looks like beside the numeric one.
package enum Signature: Equatable, Sendable {
  /// Not a number, or never written.
  case notFinite
  /// Zero in every entry in which the numeric gradient is not.
  case zero
  /// Zero in some entries in which the numeric gradient is not; the others agree.
  case zeroEntries
  /// One of the entries that were checked is off, by so many of the tensor's root mean squares; the others agree.
  case oneEntry(Double)
  /// Zero in other places than the numeric gradient, and equal to it where neither is.
  case otherZeros
  /// A constant times the numeric gradient.
  case multiple(Double)
  /// The numeric gradient with rows and columns exchanged.
  case transposed
  /// The numeric gradient moved along by some places.
  case shifted(Int, rowLength: Int)
  /// The derivative at the inputs of another example.
  case otherExample
  /// The derivative at the output, where the one at the input belongs.
  case atOutput
  /// The derivative of another activation, called so.
  case otherActivation(String)
  /// What a single example contributes to the sum over all.
  case oneExample

  /// The signature in words.
  package var text: String {
    switch self {
    case .notFinite: "the analytic gradient is not a number, or was never written"
    case .zero: "the analytic gradient is zero where the numeric one is not"
    case .zeroEntries: "some analytic entries are zero where the numeric ones are not"
    case .oneEntry(let distance):
      "one of the entries checked is off, by "
        + "\(distance.formatted(decimals: 3)) of the tensor's root mean square"
    case .otherZeros: "the zeros stand in other places than those of the numeric gradient"
    case .multiple(let ratio):
      "the analytic gradient is the numeric one times \(ratio.formatted(decimals: 3))"
    case .transposed: "the analytic gradient is the numeric one with rows and columns exchanged"
    case .shifted(let places, let length):
      abs(places) == length && length > 1
        ? "the analytic gradient is the numeric one moved by one row"
        : "the analytic gradient is the numeric one moved by one entry"
    case .otherExample: "the analytic gradient is the numeric one at another example's inputs"
    case .atOutput: "the analytic gradient is the numeric one at the output, not the input"
    case .otherActivation(let name): "the analytic gradient is the numeric one of \(name)"
    case .oneExample: "the analytic gradient is the numeric one of a single example"
    }
  }

  /// The mistake that most often looks like this.
  func likelyCause(batch: Int, outputs: Int, breaking equation: BackpropagationEquation) -> String {
    switch self {
    case .notFinite: return "a result is never assigned; each one is to be written whole"
    case .zero:
      return equation == .bias
        ? "the bias is left out of the backward pass"
        : "the path is detached: nothing is passed back along it"
    case .zeroEntries: return "a mask, or the end of a loop, leaves entries out"
    case .oneEntry: return "the edge of a loop, or an entry that is written twice"
    case .otherZeros: return "the mask is a stale one, of another pass, batch or example"
    case .transposed: return "the operands of a matrix product are exchanged"
    case .shifted: return "an index is off by one"
    case .otherExample:
      return "what the forward pass decided or kept is stale, of another batch or example"
    case .atOutput: return "h′ is taken at z = h(a), where a belongs"
    case .otherActivation: return "h′ is that of another activation, or lacks a term"
    case .oneExample: return "each example's gradient replaces the sum so far: = where += belongs"
    case .multiple(let ratio):
      return Factor(ratio, batch: batch, outputs: outputs)?.likelyCause
        ?? "a constant factor is missing or too many"
    }
  }

  /// What most often breaks an equation, where the wrong gradient itself tells nothing.
  static func commonCause(breaking equation: BackpropagationEquation) -> String {
    switch equation {
    case .outputDelta: "the loss's backward isn't the derivative of its forward"
    case .recursion: "h′ is wrong, or taken at the wrong point, or δ is weighted wrongly"
    case .bias: "δ is not summed over all examples"
    case .weight: "δ or z is not the one that belongs to this layer and example"
    }
  }
}

extension Signature {
  /// The factors that tell where they come from.
  enum Factor: Equatable {
    case sign, two, half
    case batch(Int)
    case oneOverBatch(Int)
    case oneOverOutputs(Int)

    /// The meaning of a ratio in a batch of so many examples, with so many outputs each; nil if it could come from anywhere.
    init?(_ ratio: Double, batch: Int, outputs: Int) {
      func isNear(_ value: Double) -> Bool { abs(ratio / value - 1) < 1e-4 }
      if isNear(-1) {
        self = .sign
      } else if isNear(2) {
        self = .two
      } else if isNear(0.5) {
        self = .half
      } else if batch > 2, isNear(Double(batch)) {
        self = .batch(batch)
      } else if batch > 2, isNear(1 / Double(batch)) {
        self = .oneOverBatch(batch)
      } else if outputs > 2, isNear(1 / Double(outputs)) {
        self = .oneOverOutputs(outputs)
      } else {
        return nil
      }
    }

    var likelyCause: String {
      switch self {
      case .sign: "a sign is wrong"
      case .two: "the ½ of the error is missing, or a contribution is added twice"
      case .half: "a factor ½ too many, or one of two equal contributions is lost"
      case .batch: "the sum over the batch stands where its mean belongs"
      case .oneOverBatch: "the mean over the batch stands where its sum belongs"
      case .oneOverOutputs(let outputs):
        "the mean over the \(outputs) outputs of an example stands where their sum belongs"
      }
    }
  }
}
