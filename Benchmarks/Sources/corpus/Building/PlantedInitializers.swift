import GradientHealth

/// Another initializer's values times a factor: a network that starts too small or too large.
struct Scaled: Initializer {
  /// Whose values are scaled.
  let base: any Initializer
  /// What they are multiplied by.
  let factor: Double

  func values(for shape: Shape, fans: Fans, from source: inout RandomSource) -> [Double] {
    base.values(for: shape, fans: fans, from: &source).map { factor * $0 }
  }
}

/// Biases of which a share lies so far below zero that no input reaches its units.
struct PartlySunk: Initializer {
  /// The share of units, the first ones.
  let share: Double
  /// Where they lie.
  var bias = -1000.0

  func values(for shape: Shape, fans: Fans, from source: inout RandomSource) -> [Double] {
    let sunk = Int((share * Double(shape.count)).rounded())
    return (0..<shape.count).map { $0 < sunk ? bias : 0 }
  }
}
