/// Counts how many rows of a weight differ from each other.
///
/// Two units with equal rows compute the same and, where what they feed treats them alike, learn the same for ever. Rounding
/// lets such rows drift apart by a little, so that they count as equal up to a thousandth of the weight's RMS.
enum DistinctRows {
  /// The most rows that the others are compared with; a row that differs from all of them counts as one more.
  private static let representatives = 64
  /// The difference up to which two elements are equal, in units of the weight's RMS.
  private static let tolerance = 1e-3

  /// How many of the first-axis slices of a weight differ, exact up to 64; nil for what is no weight.
  @specialized(where Scalar == Float)
  static func count<Scalar: TensorScalar>(of weight: TensorView<Scalar>, rms: Double) -> Int? {
    guard weight.shape.rank >= 2, weight.count > 0 else { return nil }
    let rows = weight.shape[0], size = weight.count / rows
    let limit = rms.isFinite ? rms * tolerance : 0
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: representatives) { known in
      var distinct = 0
      for row in 0..<rows {
        let isKnown = known[..<min(distinct, representatives)].contains { other in
          (0..<size).allSatisfy { index in
            abs(Double(weight[row * size + index]) - Double(weight[other * size + index])) <= limit
          }
        }
        guard !isKnown else { continue }
        if distinct < representatives { known.initializeElement(at: distinct, to: row) }
        distinct += 1
      }
      return distinct
    }
  }
}
