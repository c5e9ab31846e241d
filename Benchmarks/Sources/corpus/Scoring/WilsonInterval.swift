import Foundation

/// The 95 % interval of a share by Wilson's score, which holds for few runs and for shares near 0 and 1 (Wilson, 1927).
struct WilsonInterval: Equatable {
  /// How many of how many.
  let hits: Int, count: Int

  /// The bounds; 0 and 1 where nothing was counted.
  var bounds: ClosedRange<Double> {
    guard count > 0 else { return 0...1 }
    let z = 1.959964, n = Double(count), p = Double(hits) / n
    let middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    let reach = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return max(0, middle - reach)...min(1, middle + reach)
  }

  /// `19/20, 95.0 % (76.4–99.1)`.
  var description: String {
    guard count > 0 else { return "–" }
    let share = String(format: "%.1f", 100 * Double(hits) / Double(count))
    let low = String(format: "%.1f", 100 * bounds.lowerBound)
    let high = String(format: "%.1f", 100 * bounds.upperBound)
    return "\(hits)/\(count), \(share) % (\(low)–\(high))"
  }
}
