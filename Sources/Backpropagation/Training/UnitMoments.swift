/// Mean and standard deviation of each unit's output over the examples (times positions) of a pass.
public struct UnitMoments: Sendable, Equatable {
  /// The mean of each unit.
  public internal(set) var means: [Double]
  /// The standard deviation of each unit.
  public internal(set) var deviations: [Double]

  /// Creates the moments of so many units, all zero.
  package init(units: Int) {
    means = [Double](repeating: 0, count: units)
    deviations = means
  }

  /// Takes the moments of numbers that lie example by example, in each of them unit by unit `size` numbers, or, where
  /// `size` is 1, position by position.
  ///
  /// Of the numbers `padding` are zeros that stand for nothing.
  @specialized(where Number == Float)
  @specialized(where Number == Double)
  package mutating func take<Number: TensorScalar>(
    _ numbers: UnsafeBufferPointer<Number>, size: Int, padding: Int = 0
  ) {
    let units = means.count
    means.setAll(to: 0)
    deviations.setAll(to: 0)
    let values = Double((numbers.count - padding) / max(units, 1))
    guard values > 0 else { return }
    means.withUnsafeMutableBufferPointer { means in
      deviations.withUnsafeMutableBufferPointer { deviations in
        for (index, number) in numbers.enumerated() {
          let unit = index / size % units
          let value = Double(number)
          means[unit] += value
          deviations[unit] += value * value
        }
        for unit in 0..<units {
          means[unit] /= values
          let variance = deviations[unit] / values - means[unit] * means[unit]
          deviations[unit] = max(variance, variance.isFinite ? 0 : .nan).squareRoot()
        }
      }
    }
  }
}
