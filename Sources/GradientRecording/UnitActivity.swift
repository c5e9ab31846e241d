import Backpropagation
import GradientTrace

/// Counts for each unit of one rectifier when it was active, over windows of steps.
struct UnitActivity {
  private var activeCounts: [UInt32]
  /// Each unit's last active step, −1 for never.
  private var lastActive: [Int]
  private var deltaMeans: [Float]
  private var steps = 0

  init(units: Int) {
    activeCounts = [UInt32](repeating: 0, count: units)
    lastActive = [Int](repeating: -1, count: units)
    deltaMeans = [Float](repeating: 0, count: units)
  }

  /// Takes in the counts of one batch.
  mutating func observe(_ counts: [UInt32], step: Int) {
    steps += 1
    counts.withUnsafeBufferPointer { counts in
      activeCounts.withUnsafeMutableBufferPointer { sums in
        for unit in counts.indices { sums[unit] &+= counts[unit] }
      }
      lastActive.withUnsafeMutableBufferPointer { last in
        for unit in counts.indices { last[unit] = counts[unit] > 0 ? step : last[unit] }
      }
    }
  }

  /// The counts of the window so far, for a run that is resumed: the steps, then each unit's count, then its last active
  /// step or −1.
  var memory: [Double] {
    get {
      [Double(steps)] + activeCounts.map { Double($0) } + lastActive.map { Double($0) }
    }
    set {
      let units = activeCounts.count
      guard newValue.count == 1 + 2 * units else { return }
      steps = Int(newValue[0])
      activeCounts = newValue[1...units].map { UInt32($0) }
      lastActive = newValue[(1 + units)...].map { Int($0) }
    }
  }

  /// The share of units that were silent since the window began.
  var silentShare: Double {
    Double(activeCounts.count { $0 == 0 }) / Double(max(activeCounts.count, 1))
  }

  /// Adds the window that ends here to a row; the next one begins.
  ///
  /// `magnitudes` are the sums of |dE/d(output)| over the positions of the last batch.
  mutating func endWindow(
    of layer: Int, in row: StepRow, magnitudes: [Double]?, divisor: Double, positions: Int,
    chanceSilent: Double?
  ) {
    if let magnitudes {
      for unit in deltaMeans.indices {
        deltaMeans[unit] = Float(magnitudes[unit] * divisor / Double(max(positions, 1)))
      }
    }
    row.add(
      unitWindowOf: layer, steps: steps, activeCounts: activeCounts, lastActive: lastActive,
      deltaMeans: magnitudes == nil ? nil : deltaMeans, chanceSilent: chanceSilent)
    for unit in activeCounts.indices { activeCounts[unit] = 0 }
    steps = 0
  }
}
