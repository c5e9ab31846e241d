import Backpropagation
import GradientTrace

/// Counts for each unit of one rectifier when it was active, over windows of steps.
struct UnitActivity {
  private var activeCounts: [UInt32]
  private var lastActive: [Int?]
  private var steps = 0

  init(units: Int) {
    activeCounts = [UInt32](repeating: 0, count: units)
    lastActive = [Int?](repeating: nil, count: units)
  }

  /// Takes in the counts of one batch.
  mutating func observe(_ counts: [UInt32], step: Int) {
    steps += 1
    for (unit, count) in counts.enumerated() where count > 0 {
      activeCounts[unit] += count
      lastActive[unit] = step
    }
  }

  /// The share of units that were silent since the window began.
  var silentShare: Double {
    Double(activeCounts.count { $0 == 0 }) / Double(max(activeCounts.count, 1))
  }

  /// The window that ends here; the next one begins.
  ///
  /// `magnitudes` are the sums of |dE/d(output)| over the positions of the last batch.
  mutating func endWindow(
    magnitudes: [Double]?, divisor: Double, positions: Int, chanceSilent: Double?
  ) -> UnitWindow {
    let window = UnitWindow(
      steps: steps, activeCounts: activeCounts, lastActive: lastActive,
      deltaMeans: magnitudes?.map { Float($0 * divisor / Double(max(positions, 1))) },
      chanceSilent: chanceSilent)
    steps = 0
    for unit in activeCounts.indices { activeCounts[unit] = 0 }
    return window
  }
}
