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

  /// The counts of the window so far, for a run that is resumed: the steps, then each unit's count, then its last active
  /// step or −1.
  var memory: [Double] {
    get {
      [Double(steps)] + activeCounts.map { Double($0) } + lastActive.map { Double($0 ?? -1) }
    }
    set {
      let units = activeCounts.count
      guard newValue.count == 1 + 2 * units else { return }
      steps = Int(newValue[0])
      activeCounts = newValue[1...units].map { UInt32($0) }
      lastActive = newValue[(1 + units)...].map { $0 < 0 ? nil : Int($0) }
    }
  }

  /// The share of units that were silent since the window began.
  var silentShare: Double {
    Double(activeCounts.count { $0 == 0 }) / Double(max(activeCounts.count, 1))
  }

  /// A window to be written into.
  var blankWindow: UnitWindow {
    let units = activeCounts.count
    return UnitWindow(
      steps: 0, activeCounts: Array(repeating: 0, count: units),
      lastActive: Array(repeating: nil, count: units))
  }

  /// Writes the window that ends here; the next one begins.
  ///
  /// `magnitudes` are the sums of |dE/d(output)| over the positions of the last batch.
  mutating func endWindow(
    _ window: inout UnitWindow, magnitudes: [Double]?, divisor: Double, positions: Int,
    chanceSilent: Double?
  ) {
    window.steps = steps
    window.chanceSilent = chanceSilent
    swap(&window.activeCounts, &activeCounts)
    if magnitudes == nil {
      window.deltaMeans = nil
    } else if window.deltaMeans == nil {
      window.deltaMeans = Array(repeating: 0, count: activeCounts.count)
    }
    for unit in activeCounts.indices {
      activeCounts[unit] = 0
      window.lastActive?[unit] = lastActive[unit]
      if let magnitudes {
        window.deltaMeans?[unit] = Float(magnitudes[unit] * divisor / Double(max(positions, 1)))
      }
    }
    steps = 0
  }
}
