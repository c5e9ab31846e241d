/// A symmetric matrix that is zero but on its diagonal and beside it.
struct Tridiagonal {
  /// The diagonal, α.
  private(set) var diagonal: [Double] = []
  /// What stands beside it, β: one fewer.
  private(set) var beside: [Double] = []

  /// Adds a row and a column; `beside` joins them to those before.
  mutating func append(_ value: Double, beside: Double) {
    if !diagonal.isEmpty { self.beside.append(beside) }
    diagonal.append(value)
  }

  /// The largest eigenvalue, by bisection.
  var largest: Double { eigenvalue { $0 == diagonal.count } }

  /// The smallest eigenvalue, by bisection.
  var smallest: Double { eigenvalue { $0 > 0 } }

  /// The smallest number at which `isReached` holds of how many eigenvalues lie below it.
  private func eigenvalue(isReached: (Int) -> Bool) -> Double {
    // Gershgorin: every eigenvalue lies this close to the diagonal.
    let radius = diagonal.indices.reduce(0) { radius, row in
      let neighbors = abs(row > 0 ? beside[row - 1] : 0) + abs(row < beside.count ? beside[row] : 0)
      return max(radius, abs(diagonal[row]) + neighbors)
    }
    var low = -radius, high = radius
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return high }
      if isReached(eigenvalues(below: middle)) { high = middle } else { low = middle }
    }
  }

  /// How many eigenvalues lie below a number: the negative pivots of elimination from above (Sylvester's law of inertia).
  private func eigenvalues(below value: Double) -> Int {
    pivots(of: value).count { $0 < 0 }
  }

  /// The last component of the eigenvector of length 1 of an eigenvalue.
  ///
  /// Elimination from above and from below meet where the vector is largest, and from there its components follow outwards
  /// without loss (the twisted factorization of Fernando, 1997).
  func lastComponent(ofEigenvector value: Double) -> Double {
    let down = pivots(of: value)
    let up = Array(reversed.pivots(of: value).reversed())
    let rests = diagonal.indices.map { abs(down[$0] + up[$0] - diagonal[$0] + value) }
    guard let meeting = rests.indices.min(by: { rests[$0] < rests[$1] }) else { return 0 }
    var vector = diagonal.map { _ in 0.0 }
    vector[meeting] = 1
    for row in (0..<meeting).reversed() {
      vector[row] = -beside[row] / down[row] * vector[row + 1]
    }
    for row in meeting + 1..<vector.count {
      vector[row] = -beside[row - 1] / up[row] * vector[row - 1]
    }
    return (vector.last ?? 0) / vector.rootOfSquares
  }

  /// The pivots of eliminating T − value from the first row on.
  private func pivots(of value: Double) -> [Double] {
    var pivots: [Double] = []
    for (row, entry) in diagonal.enumerated() {
      var pivot = entry - value
      if let last = pivots.last { pivot -= beside[row - 1] * beside[row - 1] / last }
      // What is exactly zero would divide by itself.
      pivots.append(pivot == 0 ? -.leastNormalMagnitude : pivot)
    }
    return pivots
  }

  /// The same matrix, the last row first.
  private var reversed: Tridiagonal {
    Tridiagonal(diagonal: diagonal.reversed(), beside: beside.reversed())
  }
}
