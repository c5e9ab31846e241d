/// What a wrong gradient looks like beside the numeric one.
enum Signature: Equatable {
  /// Not a number, or never written.
  case notFinite
  /// Zero in every entry in which the numeric gradient is not.
  case zero
  /// Zero in some entries in which the numeric gradient is not; the others agree.
  case zeroEntries
  /// A constant times the numeric gradient.
  case multiple(Double)
  /// The numeric gradient with rows and columns exchanged.
  case transposed
  /// The numeric gradient moved along by some places.
  case shifted(Int, rowLength: Int)

  /// Recognizes the signature of the entries that are wrong, or nil; `numeric` measures a further entry.
  init?(of entries: [SignatureEntry], shape: [Int], numeric: (Int) -> Double) {
    let wrong = entries.filter(\.isWrong)
    guard let first = wrong.first else { return nil }
    if wrong.contains(where: { !$0.analytic.isFinite }) {
      self = .notFinite
    } else if wrong.allSatisfy({ $0.analytic == 0 }) {
      let others = entries.filter { !$0.isWrong }
      self = others.contains { $0.analytic != 0 } ? .zeroEntries : .zero
    } else if let permutation = Self.permutation(of: wrong, shape: shape, numeric: numeric) {
      self = permutation
    } else {
      let ratio = first.analytic / first.numeric
      guard ratio.isFinite,
        wrong.allSatisfy({ abs($0.analytic - ratio * $0.numeric) <= 1e-4 * abs($0.analytic) })
      else { return nil }
      self = .multiple(ratio)
    }
  }

  /// Whether the wrong entries are those of other places: transposed, or off by one entry or row.
  private static func permutation(
    of wrong: [SignatureEntry], shape: [Int], numeric: (Int) -> Double
  ) -> Signature? {
    let count = shape.reduce(1, *)
    let columns = shape.last ?? 1
    let rows = count / max(columns, 1)
    // A few entries tell; one alone could agree by chance.
    let probes = wrong.prefix(8)
    guard probes.count >= 3 else { return nil }
    func matches(_ source: (Int) -> Int) -> Bool {
      probes.allSatisfy { entry in
        let value = numeric(source(entry.place))
        return abs(entry.analytic - value) <= 1e-4 * max(abs(entry.analytic), abs(value))
      }
    }
    if shape.count == 2, rows > 1, columns > 1,
      matches({ ($0 % rows) * columns + $0 / rows })
    {
      return .transposed
    }
    for shift in Set([1, -1, columns, -columns]).sorted() where abs(shift) < count {
      if matches({ (($0 + shift) % count + count) % count }) {
        return .shifted(shift, rowLength: columns)
      }
    }
    return nil
  }

  /// The signature in words.
  var text: String {
    switch self {
    case .notFinite: "the analytic gradient is not a number, or was never written"
    case .zero: "the analytic gradient is zero where the numeric one is not"
    case .zeroEntries: "some analytic entries are zero where the numeric ones are not"
    case .multiple(let ratio):
      "the analytic gradient is the numeric one times \(ratio.formatted(decimals: 3))"
    case .transposed: "the analytic gradient is the numeric one with rows and columns exchanged"
    case .shifted(let places, let length):
      abs(places) == length && length > 1
        ? "the analytic gradient is the numeric one moved by one row"
        : "the analytic gradient is the numeric one moved by one entry"
    }
  }

  /// The mistake that most often looks like this, or nil where nothing better is known than the equation.
  func likelyCause(batch: Int, breaking equation: BackpropagationEquation) -> String? {
    switch self {
    case .notFinite: return "a result is never assigned; each one is to be written whole"
    case .zero:
      return equation == .bias
        ? "the bias is left out of the backward pass"
        : "the path is detached: nothing is passed back along it"
    case .zeroEntries: return "a mask, or the end of a loop, leaves entries out"
    case .transposed: return "the operands of a matrix product are exchanged"
    case .shifted: return "an index is off by one"
    case .multiple(let ratio):
      func isNear(_ value: Double) -> Bool { abs(ratio / value - 1) < 1e-3 }
      if isNear(-1) { return "a sign is wrong" }
      if isNear(2) { return "the ½ of the error is missing, or a contribution is added twice" }
      if isNear(0.5) { return "a factor ½ too many, or one of two equal contributions is lost" }
      if batch > 2, isNear(Double(batch)) {
        return "the sum over the batch stands where its mean belongs"
      }
      if batch > 2, isNear(1 / Double(batch)) {
        return "the mean over the batch stands where its sum belongs"
      }
      return "a constant factor is missing or too many"
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

/// An entry's analytic and numeric gradient, and whether they disagree.
struct SignatureEntry {
  var place: Int
  var analytic: Double
  var numeric: Double
  var isWrong: Bool
}
