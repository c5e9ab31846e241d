import GradientHealth

/// A series as one line of text: eight heights, `·` for exact zeros, `×` for what is not finite, a space for nothing.
enum Sparkline {
  private static let heights = Array("▁▂▃▄▅▆▇█")

  /// At most `width` characters for a series, whose values `place` puts between the ends of `range`.
  ///
  /// Of the bins that share a character the one farthest from their mean is shown, so that a spike remains.
  static func text(
    _ series: Series, width: Int, over range: ClosedRange<Double>,
    place: (Double) -> Double = { $0 }
  ) -> String {
    let bins = series.bins
    let count = min(width, bins.count)
    return String(
      (0..<count).map { index -> Character in
        let shared = bins[index * bins.count / count..<(index + 1) * bins.count / count]
        if shared.contains(where: { $0.nonFinite > 0 }) { return "×" }
        let values = shared.filter { $0.count > 0 }.flatMap { [place($0.low), place($0.high)] }
        guard !values.isEmpty else {
          return shared.contains { $0.zeros > 0 } ? "·" : " "
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let farthest = values.max { abs($0 - mean) < abs($1 - mean) } ?? mean
        return height(farthest, range)
      })
  }

  private static func height(_ value: Double, _ range: ClosedRange<Double>) -> Character {
    let extent = range.upperBound - range.lowerBound
    guard extent > 0 else { return heights[heights.count / 2] }
    let share = (value - range.lowerBound) / extent * Double(heights.count)
    return heights[min(max(Int(share), 0), heights.count - 1)]
  }
}
