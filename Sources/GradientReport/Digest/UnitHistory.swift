import GradientTrace

/// When each unit of a layer was active, over the windows of a run.
package struct UnitHistory: Sendable, Equatable {
  /// The layer's index in the header.
  package let layer: Int
  package let units: Int
  /// The windows, in order.
  package private(set) var windows: [Window] = []
  /// The last share of units that would be silent by chance, where it was measured.
  package private(set) var measuredChance: Double?
  /// For each unit the last step at which it was active.
  private var lastActive: [Int?]
  private let capacity: Int

  /// The activity of every unit over some steps.
  package struct Window: Sendable, Equatable {
    package var firstStep: Int
    package var lastStep: Int
    package var examples: Int
    /// The examples and positions that each count is out of.
    package var observations: Double
    package var active: [Float]
  }

  /// What became of a unit in a window.
  package enum State: Sendable { case alive, rare, dead }

  /// A unit counts as dead in a window only if that is so many examples long.
  private static let leastExamples = 1000
  /// A unit that is active for a smaller share than this is rarely active.
  private static let rareShare = 0.01

  init(layer: Int, units: Int, capacity: Int) {
    self.layer = layer
    self.units = units
    self.capacity = max(2, capacity & ~1)
    lastActive = [Int?](repeating: nil, count: units)
  }

  /// Adds what a window recorded, which ended at `step`.
  mutating func add(
    _ window: UnitWindow, step: Int, examples: Int, observationsPerStep: Double
  ) {
    guard window.activeCounts.count == units else { return }
    let first = step - min(max(window.steps, 1) - 1, step)
    for unit in 0..<units where window.activeCounts[unit] > 0 { lastActive[unit] = step }
    if let recorded = window.lastActive, recorded.count == units { lastActive = recorded }
    if let chance = window.chanceSilent { measuredChance = chance }
    if windows.last.map({ $0.examples >= Self.leastExamples }) ?? true {
      if windows.count == capacity { mergePairs() }
      windows.append(
        Window(
          firstStep: first, lastStep: step, examples: 0, observations: 0,
          active: [Float](repeating: 0, count: units)))
    }
    let last = windows.count - 1
    windows[last].lastStep = step
    windows[last].examples += examples * max(window.steps, 1)
    windows[last].observations += observationsPerStep * Double(max(window.steps, 1))
    for unit in 0..<units { windows[last].active[unit] += Float(window.activeCounts[unit]) }
  }

  private mutating func mergePairs() {
    windows = stride(from: 0, to: windows.count, by: 2).map { index in
      var merged = windows[index]
      let other = windows[index + 1]
      merged.lastStep = other.lastStep
      merged.examples += other.examples
      merged.observations += other.observations
      for unit in 0..<units { merged.active[unit] += other.active[unit] }
      return merged
    }
  }

  /// What became of a unit in a window.
  package func state(of unit: Int, in window: Int) -> State {
    let active = Double(windows[window].active[unit])
    if active == 0 { return .dead }
    return active < Self.rareShare * windows[window].observations ? .rare : .alive
  }

  /// The step since which the unit has been dead, or nil if it was active in the last window.
  package func deathStep(of unit: Int) -> Int? {
    guard let end = windows.indices.last, state(of: unit, in: end) == .dead else { return nil }
    if let last = lastActive[unit] { return last + 1 }
    return windows[0].firstStep
  }

  /// The share of units that are dead in a window.
  package func deadShare(in window: Int) -> Double {
    let dead = (0..<units).count { state(of: $0, in: window) == .dead }
    return Double(dead) / Double(units)
  }

  /// The share of dead units at the end.
  package var finalDeadShare: Double {
    windows.isEmpty ? 0 : deadShare(in: windows.count - 1)
  }

  /// The share that chance explains: measured, or else what was silent in the first window.
  package var baseline: (share: Double, isMeasured: Bool) {
    if let measuredChance { return (measuredChance, true) }
    return (windows.isEmpty ? 0 : deadShare(in: 0), false)
  }
}
