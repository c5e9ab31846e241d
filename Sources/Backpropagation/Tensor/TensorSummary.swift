import CGradientKernels

/// What one pass over a tensor found: enough for its mean, its root mean square and its oddities.
public struct TensorSummary: Equatable, Sendable {
  /// The number of elements.
  public var count = 0
  /// Σx, in Double.
  public var sum = 0.0
  /// Σx², in Double: squares of 1e-25 underflow in Float.
  public var sumOfSquares = 0.0
  /// max |x|; NaN or infinite if any element is.
  public var maxMagnitude = 0.0
  /// The number of exact zeros.
  public var zeros = 0
  /// The number of subnormal values, too small for full precision.
  public var subnormal = 0
  /// The number of NaN and infinite values.
  public var nonFinite = 0

  /// Creates the summary of no elements.
  public init() {}

  init(count: Int, _ found: gk_summary) {
    self.count = count
    sum = found.sum
    sumOfSquares = found.sum_of_squares
    maxMagnitude = found.max_magnitude
    zeros = Int(found.zeros)
    subnormal = Int(found.subnormal)
    nonFinite = Int(found.non_finite)
  }

  /// The summary without some of the zeros.
  func excluding(zeros excluded: Int) -> TensorSummary {
    var rest = self
    rest.count -= excluded
    rest.zeros -= excluded
    return rest
  }

  /// Takes in the summary of further elements.
  mutating func merge(_ other: TensorSummary) {
    count += other.count
    sum += other.sum
    sumOfSquares += other.sumOfSquares
    // A NaN is larger than any number here, as it is in one pass.
    maxMagnitude =
      maxMagnitude.isNaN || other.maxMagnitude.isNaN
      ? .nan : max(maxMagnitude, other.maxMagnitude)
    zeros += other.zeros
    subnormal += other.subnormal
    nonFinite += other.nonFinite
  }

  /// The arithmetic mean.
  public var mean: Double { count == 0 ? 0 : sum / Double(count) }
  /// The root mean square, √(Σx²/n).
  public var rms: Double { count == 0 ? 0 : (sumOfSquares / Double(count)).squareRoot() }
}

/// What an optimizer's pass over one parameter found.
public struct UpdateSummary: Equatable, Sendable {
  /// The gradient as the optimizer got it.
  public var gradient = TensorSummary()
  /// The root mean square of the values after the update.
  public var weightRMS = 0.0
  /// The root mean square of the change really applied, ΔW.
  public var updateRMS = 0.0
  /// The NaN and infinite values after the update.
  public var weightNonFinite = 0

  /// Creates the summary of no update.
  public init() {}

  /// The summary of a step that leaves the values as they are.
  init(unchanged values: TensorSummary, gradient: TensorSummary = TensorSummary()) {
    self.gradient = gradient
    weightRMS = values.rms
    weightNonFinite = values.nonFinite
  }

  init(count: Int, _ found: gk_update_summary) {
    gradient = TensorSummary(count: count, found.gradient)
    weightRMS = (found.weight_sum_of_squares / Double(max(count, 1))).squareRoot()
    updateRMS = (found.update_sum_of_squares / Double(max(count, 1))).squareRoot()
    weightNonFinite = Int(found.weight_non_finite)
  }
}
