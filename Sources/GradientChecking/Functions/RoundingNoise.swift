import Backpropagation

/// The rounding error of a function of which nothing is known but its values.
///
/// Along a line of a few steps so small that a smooth function is straight, what is left of the fourth and higher
/// differences is rounding: T_k of independent errors of standard deviation σ has the variance (2k)!/(k!)² σ² (Moré and
/// Wild, Estimating computational noise, 2011). The points lie to one side, so that a kink at the point itself doesn't count.
enum RoundingNoise {
  /// How many values are taken.
  static let points = 9
  /// The lengths of a step, as shares of what is moved: over the shortest a coarse function may not change at all.
  static let steps = [0x1p-30, 0x1p-24, 0x1p-18]
  /// The errors that a bound covers, in standard deviations.
  private static let spread = 3.0

  /// The bound on the error of one value, from the values at equally spaced points.
  static func bound(from values: [Double]) -> Double {
    let largest = values.reduce(0) { max($0, abs($1)) }
    guard values.allSatisfy(\.isFinite) else { return .infinity }
    var differences = values, variance = 0.0, growth = 1.0
    for order in 1...6 {
      differences = zip(differences, differences.dropFirst()).map { $1 - $0 }
      growth *= Double((2 * order) * (2 * order - 1)) / Double(order * order)
      guard order >= 4 else { continue }
      let squares = differences.reduce(0) { $0 + $1 * $1 }
      variance = max(variance, squares / Double(differences.count) / growth)
    }
    return max(spread * variance.squareRoot(), largest * 0x1p-53)
  }
}
