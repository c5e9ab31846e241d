import Foundation

/// The median of `values`; the mean of the middle two where their number is even, nil where there are none.
func median(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The median absolute deviation of `values` from their median, or nil where there are none.
func medianAbsoluteDeviation(_ values: [Double]) -> Double? {
  guard let center = median(values) else { return nil }
  return median(values.map { abs($0 - center) })
}

/// The slope of `values` over their positions after Theil and Sen: the median of the slopes of all pairs.
///
/// Missing values (nil) are left out. At most 63 points are taken, evenly spread, so that at most 1,953 pairs count
/// however many values there are. Nil for fewer than two points.
///
/// Source: P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968).
package func theilSenSlope(_ values: [Double?]) -> Double? {
  let known = values.enumerated().compactMap { position, value in
    value.map { (x: Double(position), y: $0) }
  }
  let limit = 63
  let points =
    known.count <= limit
    ? known : (0..<limit).map { known[$0 * (known.count - 1) / (limit - 1)] }
  var slopes: [Double] = []
  slopes.reserveCapacity(points.count * (points.count - 1) / 2)
  for (i, first) in points.enumerated() {
    for second in points[(i + 1)...] {
      slopes.append((second.y - first.y) / (second.x - first.x))
    }
  }
  return median(slopes)
}

/// The natural order of magnitudes: log10 |x|, or nil where `x` is zero, missing or not finite.
func decades(_ x: Double?) -> Double? {
  guard let x, x.isFinite, x != 0 else { return nil }
  return log10(abs(x))
}
