import Foundation

/// A quantity over the steps of a run, in bins that keep what a mean would hide: extremes, zeros, non-finite values.
package struct Series: Sendable, Equatable {
  /// One bin a column of the run's ``StepColumns``.
  package private(set) var bins: [Bin] = []

  /// What a quantity was over a few consecutive steps.
  package struct Bin: Sendable, Equatable {
    package var low = Double.infinity
    package var high = -Double.infinity
    package var sum = 0.0
    /// The finite values that are in `low`, `high` and `sum`.
    package var count = 0
    /// The exact zeros of a quantity whose logarithm is kept.
    package var zeros = 0
    package var nonFinite = 0

    /// The mean of the finite values, or nil if there was none.
    package var mean: Double? { count > 0 ? sum / Double(count) : nil }

    /// The mean, or the extreme that lies more than `distance` away from it: so a spike outlives the binning.
    package func representative(distance: Double) -> Double? {
      guard let mean else { return nil }
      let extreme = high - mean > mean - low ? high : low
      return abs(extreme - mean) > distance ? extreme : mean
    }

    fileprivate mutating func merge(_ other: Bin) {
      low = min(low, other.low)
      high = max(high, other.high)
      sum += other.sum
      count += other.count
      zeros += other.zeros
      nonFinite += other.nonFinite
    }
  }

  /// Starts the next bin.
  mutating func startBin() { bins.append(Bin()) }

  /// Does what the run's columns did, before it takes the values of the step that they just added.
  mutating func prepare(_ change: StepColumns.Change) {
    if change.mergesPairs { mergePairs() }
    if change.startsBin { startBin() }
  }

  /// Makes one bin of each two.
  mutating func mergePairs() {
    bins = stride(from: 0, to: bins.count, by: 2).map { index in
      var bin = bins[index]
      if index + 1 < bins.count { bin.merge(bins[index + 1]) }
      return bin
    }
  }

  /// Adds a value to the bin that is being filled.
  mutating func add(_ value: Double) {
    let last = bins.count - 1
    guard last >= 0 else { return }
    if value.isFinite {
      bins[last].low = min(bins[last].low, value)
      bins[last].high = max(bins[last].high, value)
      bins[last].sum += value
      bins[last].count += 1
    } else {
      bins[last].nonFinite += 1
    }
  }

  /// Adds the decimal logarithm of a magnitude; an exact zero is counted as one.
  mutating func add(logarithmOf magnitude: Double) {
    add(decades: magnitude == 0 ? -.infinity : log10(abs(magnitude)))
  }

  /// Adds a decimal logarithm; that of an exact zero, −∞, is counted as one.
  mutating func add(decades: Double) {
    let last = bins.count - 1
    guard last >= 0 else { return }
    if decades == -.infinity { bins[last].zeros += 1 } else { add(decades) }
  }

  /// The column from which on every value is an exact zero; nil where the last one isn't.
  package var startOfZeros: Int? {
    guard let last = bins.last(where: { $0.count + $0.zeros > 0 }), last.count == 0 else {
      return nil
    }
    return bins.lastIndex { $0.count > 0 }.map { $0 + 1 } ?? 0
  }

  /// Whether anything was recorded.
  package var isEmpty: Bool {
    bins.allSatisfy { $0.count == 0 && $0.zeros == 0 && $0.nonFinite == 0 }
  }
}

/// The steps that each column of a chart covers: as many records each, ever more as the run goes on.
package struct StepColumns: Sendable, Equatable {
  /// The first and last step of each column.
  package private(set) var ranges: [ClosedRange<Int>] = []
  private let capacity: Int
  private var recordsPerColumn = 1
  private var recordsInLast = 0

  /// Creates columns, at most `capacity` of them, an even number.
  init(capacity: Int) { self.capacity = capacity }

  /// What the series have to do before they take the values of the step just added.
  struct Change: Equatable {
    var mergesPairs = false
    var startsBin = false
  }

  /// Adds a record of some steps, of one as a rule.
  mutating func add(_ steps: ClosedRange<Int>) -> Change {
    if let last = ranges.last, recordsInLast < recordsPerColumn {
      recordsInLast += 1
      ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, steps.upperBound)
      return Change()
    }
    var change = Change(startsBin: true)
    if ranges.count == capacity {
      change.mergesPairs = true
      ranges = stride(from: 0, to: capacity, by: 2).map {
        ranges[$0].lowerBound...ranges[$0 + 1].upperBound
      }
      recordsPerColumn *= 2
    }
    // A trace from outside may count backwards; a chart's axis doesn't.
    let least = ranges.last?.upperBound ?? steps.lowerBound
    ranges.append(max(least, steps.lowerBound)...max(least, steps.upperBound))
    recordsInLast = 1
    return change
  }

  /// The step in the middle of a column.
  package func middle(_ column: Int) -> Double {
    Double(ranges[column].lowerBound) / 2 + Double(ranges[column].upperBound) / 2
  }

  /// The column that covers `step`, or the last before it.
  package func column(of step: Double) -> Int? {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if Double(ranges[middle].lowerBound) <= step { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }
}
