/// x ↦ (x − offset) · factor for each feature, or x ↦ x / ‖x‖₂ for each example.
package struct InputScale: Sendable {
  private var offsets: [Double]
  private var factors: [Double]
  private var isPerExample = false

  /// Fits a normalization to examples of so many features each, or of several positions with as many.
  ///
  /// `forEach` hands the numbers of each example to what it is given. It is called once or twice and must go through the
  /// same examples in the same order: the examples need not lie in memory.
  package init<Failure: Error>(
    fitting normalization: Normalization, features: Int,
    forEach: ((UnsafeBufferPointer<Double>) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    offsets = [Double](repeating: 0, count: features)
    factors = [Double](repeating: 1, count: features)
    switch normalization {
    case .none: break
    case .unitNorm: isPerExample = true
    case .standard: try fitMoments(forEach)
    case .minMax: try fitRange(forEach)
    }
  }

  private mutating func fitMoments<Failure: Error>(
    _ forEach: ((UnsafeBufferPointer<Double>) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    let features = offsets.count
    var count = 0.0
    var means = offsets
    try forEach { values in
      for start in stride(from: 0, to: values.count, by: features) {
        for feature in 0..<features { means[feature] += values[start + feature] }
        count += 1
      }
    }
    guard count > 0 else { return }
    for feature in 0..<features { means[feature] /= count }
    var squares = [Double](repeating: 0, count: features)
    try forEach { values in
      for start in stride(from: 0, to: values.count, by: features) {
        for feature in 0..<features {
          let distance = values[start + feature] - means[feature]
          squares[feature] += distance * distance
        }
      }
    }
    offsets = means
    for feature in 0..<features {
      let variance = squares[feature] / count
      // Rounding leaves a constant feature with a variance of about (mean · ε)², not of zero.
      let noise = means[feature] * means[feature] * 1e-28
      factors[feature] = variance > noise ? 1 / variance.squareRoot() : 1
    }
  }

  private mutating func fitRange<Failure: Error>(
    _ forEach: ((UnsafeBufferPointer<Double>) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    let features = offsets.count
    var low = [Double](repeating: .infinity, count: features)
    var high = [Double](repeating: -.infinity, count: features)
    try forEach { values in
      for start in stride(from: 0, to: values.count, by: features) {
        for feature in 0..<features {
          low[feature] = min(low[feature], values[start + feature])
          high[feature] = max(high[feature], values[start + feature])
        }
      }
    }
    for feature in 0..<features where low[feature] <= high[feature] {
      offsets[feature] = low[feature]
      factors[feature] = high[feature] > low[feature] ? 1 / (high[feature] - low[feature]) : 1
    }
  }

  /// Brings the numbers of some examples to scale, where padding stays as it is.
  package func apply(to values: inout [Double], examples: Int, lengths: [Int]?) {
    let size = values.count / max(examples, 1), features = offsets.count
    values.withUnsafeMutableBufferPointer { values in
      for example in 0..<examples {
        let valid = lengths.map { min($0[example] * features, size) } ?? size
        let range = example * size..<example * size + valid
        if isPerExample {
          let norm = values[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
          if norm > 0 { for index in range { values[index] /= norm } }
        } else {
          for start in stride(from: range.lowerBound, to: range.upperBound, by: features) {
            for feature in 0..<features {
              values[start + feature] =
                (values[start + feature] - offsets[feature]) * factors[feature]
            }
          }
        }
      }
    }
  }
}
