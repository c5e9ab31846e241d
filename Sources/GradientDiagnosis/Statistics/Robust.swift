import Foundation

/// The median of `values`; the mean of the middle two where their number is even, nil where there are none.
package func median(_ values: some Sequence<Double>) -> Double? {
  var values = Array(values)
  return median(reordering: &values)
}

/// The median of `values`, which are left in another order: found by selection, in time linear in their number.
func median(reordering values: inout [Double]) -> Double? {
  values.withUnsafeMutableBufferPointer { median(reordering: $0) }
}

private func median(reordering values: UnsafeMutableBufferPointer<Double>) -> Double? {
  let count = values.count
  guard count > 0 else { return nil }
  let middle = count / 2
  select(middle, of: values)
  guard count % 2 == 0, let below = values[..<middle].max() else { return values[middle] }
  return (below + values[middle]) / 2
}

/// The median of the values that are known, NaN being none; nil where less than half are.
func medianOfKnown(_ values: [Double]) -> Double? {
  withUnsafeTemporaryAllocation(of: Double.self, capacity: values.count) { known in
    var count = 0
    for value in values where !value.isNaN {
      known.initializeElement(at: count, to: value)
      count += 1
    }
    guard count * 2 >= values.count else { return nil }
    return median(reordering: UnsafeMutableBufferPointer(rebasing: known[..<count]))
  }
}

/// Brings the value of rank `rank` to its place, with none larger before it and none smaller after it (Hoare 1961).
private func select(_ rank: Int, of values: UnsafeMutableBufferPointer<Double>) {
  var low = 0
  var high = values.count - 1
  while low < high {
    let pivot = values[(low + high) / 2]
    var i = low
    var j = high
    while i <= j {
      while values[i] < pivot { i += 1 }
      while pivot < values[j] { j -= 1 }
      if i <= j {
        values.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    if rank <= j { high = j } else if rank >= i { low = i } else { return }
  }
}

/// The median absolute deviation of `values` from `center`, or nil where there are none.
func medianAbsoluteDeviation(_ values: [Double], from center: Double) -> Double? {
  median(values.map { abs($0 - center) })
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
  return theilSenSlope(
    of: known.count <= limit
      ? known : (0..<limit).map { known[$0 * (known.count - 1) / (limit - 1)] })
}

/// The slope of points after Theil and Sen, the median of the slopes of all pairs: one point far off counts for nothing.
///
/// Pairs of equal abscissa are left out; nil where no other is there.
package func theilSenSlope(of points: [(x: Double, y: Double)]) -> Double? {
  var slopes: [Double] = []
  slopes.reserveCapacity(points.count * max(0, points.count - 1) / 2)
  for (i, first) in points.enumerated() {
    for second in points[(i + 1)...] where second.x != first.x {
      slopes.append((second.y - first.y) / (second.x - first.x))
    }
  }
  return median(reordering: &slopes)
}

/// The natural order of magnitudes: log10 |x|, or nil where `x` is zero, missing or not finite.
func decades(_ x: Double?) -> Double? {
  guard let x, x.isFinite, x != 0 else { return nil }
  return log10(abs(x))
}
