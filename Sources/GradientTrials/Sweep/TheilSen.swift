/// The slope of points after Theil and Sen, the median of the slopes of all pairs: one point far off counts for nothing.
///
/// Pairs of equal abscissa are left out; nil where no other is there.
///
/// Source: P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968).
func theilSenSlope(of points: [(x: Double, y: Double)]) -> Double? {
  var slopes: [Double] = []
  for (index, first) in points.enumerated() {
    for second in points[(index + 1)...] where second.x != first.x {
      slopes.append((second.y - first.y) / (second.x - first.x))
    }
  }
  return slopes.sortedMedian
}

extension [Double] {
  /// The median; nil where there are none.
  var sortedMedian: Double? {
    guard !isEmpty else { return nil }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
