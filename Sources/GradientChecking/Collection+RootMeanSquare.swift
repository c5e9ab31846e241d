extension Collection<Double> {
  /// √(Σx²/n), 0 of none.
  var rms: Double {
    let (sum, unit) = squares
    return isEmpty ? 0 : unit * (sum / Double(count)).squareRoot()
  }

  /// √(Σx²).
  var rootOfSquares: Double {
    let (sum, unit) = squares
    return unit * sum.squareRoot()
  }

  /// Σ(x/unit)², with a unit other than 1 where the squares are too small or too large for a number.
  private var squares: (sum: Double, unit: Double) {
    let sum = reduce(0) { $0 + $1 * $1 }
    guard sum < 0x1p-900 || !sum.isFinite else { return (sum, 1) }
    let largest = reduce(0) { Swift.max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return (sum, 1) }
    return (reduce(0) { $0 + ($1 / largest) * ($1 / largest) }, largest)
  }
}
