import GradientTrace

/// Which units of one layer are dead: silent for so many examples that it is no accident.
struct UnitActivity: Sendable {
  /// The layer's index.
  let layer: Int
  private let neededExamples: Int
  private let mostSteps: Int?

  private var steps = 0
  private var examples = 0.0
  private var lastWindow: Int?
  private var firstStep: Int?
  private var lastActive: [Int?] = []
  private var everDead: [Bool] = []
  private var startShare: Double?
  private var silentAtStart: Int?
  private var chance: Double?
  /// The units that have been silent long enough, up to the last window.
  private(set) var dead: [Int] = []
  /// The steps of silence by which ``dead`` was judged.
  private var deadAfter: Int?

  /// The examples that must leave a unit silent before it is called dead, where an epoch is no longer.
  private static let leastExamples = 1_000
  /// The most of its units that the start of a run may excuse where chance was not measured.
  private static let startLimit = 0.3

  init(layer: Int, _ run: RunDescription) {
    self.layer = layer
    neededExamples = max(Self.leastExamples, run.examplesPerEpoch ?? 0)
    mostSteps = run.plannedSteps.map { $0 / 4 }
  }

  /// Takes in the next step.
  ///
  /// - Returns: Whether it can have changed which units are dead: by a window, or by how long a unit must be silent.
  mutating func observe(_ step: StepRecord) -> Bool {
    steps += 1
    examples += Double(step.examples ?? 0)
    firstStep = firstStep ?? step.step
    let hasWindow = noteWindow(step)
    guard hasWindow || deadAfter != neededSteps else { return false }
    dead = silentUnits
    deadAfter = neededSteps
    if hasWindow {
      for unit in dead { everDead[unit] = true }
    }
    return true
  }

  private mutating func noteWindow(_ step: StepRecord) -> Bool {
    guard layer < step.layers.count else { return false }
    silentAtStart = silentAtStart ?? step.layers[layer]?.silentUnits
    guard let window = step.layers[layer]?.unitWindow, !window.activeCounts.isEmpty else {
      return false
    }
    let units = window.activeCounts.count
    if lastActive.count != units {
      lastActive = [Int?](repeating: nil, count: units)
      everDead = [Bool](repeating: false, count: units)
      let silent = silentAtStart ?? window.activeCounts.count { $0 == 0 }
      startShare = Double(min(max(silent, 0), units)) / Double(units)
    }
    lastWindow = step.step
    if let share = window.chanceSilent, (0...1).contains(share) { chance = share }
    for unit in 0..<units {
      if let recorded = window.lastActive, unit < recorded.count {
        // A step beyond this one cannot have been, whatever a trace says.
        lastActive[unit] = recorded[unit].map { min(max($0, 0), step.step) } ?? lastActive[unit]
      } else if window.activeCounts[unit] > 0 {
        lastActive[unit] = step.step
      }
    }
    return true
  }

  /// The steps of silence after which a unit is dead: 1,000 examples or an epoch, a quarter of the planned run at most.
  private var neededSteps: Int {
    let perStep = max(1, examples / Double(max(1, steps)))
    let byExamples =
      examples > 0 ? (Double(neededExamples) / perStep).rounded(.up) : Double(Evaluation.window)
    return max(Evaluation.grace, Int(min(byExamples, Double(mostSteps ?? 1 << 53), 0x1p53)))
  }

  /// Whether per-unit counts were recorded at all.
  var hasCounts: Bool { !lastActive.isEmpty }

  /// Whether the counts cover enough examples to call a unit dead.
  var hasFullWindow: Bool {
    guard let firstStep, let lastWindow else { return false }
    return lastWindow - firstStep + 1 >= neededSteps
  }

  /// The number of units.
  var units: Int { lastActive.count }

  private var silentUnits: [Int] {
    guard let firstStep, let lastWindow else { return [] }
    let needed = neededSteps
    return lastActive.indices.filter { unit in
      lastWindow - (lastActive[unit] ?? firstStep - 1) >= needed
    }
  }

  /// The number of dead units, and their share.
  var deadCount: Int { dead.count }
  var deadShare: Double { units > 0 ? Double(deadCount) / Double(units) : 0 }

  /// The number of units that were dead and fire again.
  var revived: Int {
    let dead = Set(dead)
    return everDead.indices.count { everDead[$0] && !dead.contains($0) }
  }

  /// The share that is silent without anything being wrong.
  var baseline: Double { chance ?? min(startShare ?? 0, Self.startLimit) }
  var chanceIsMeasured: Bool { chance != nil }
  var expectedDead: Int { Int((baseline * Double(units)).rounded()) }

  /// The share of dead units beyond the baseline.
  var excess: Double { deadShare - baseline }

  /// The standard deviation of the share of units silent by chance; not zero even where chance explains none.
  var chanceDeviation: Double {
    guard units > 0 else { return 0 }
    let n = Double(units)
    let share = (baseline * n + 1) / (n + 2)
    return (share * (1 - share) / n).squareRoot()
  }

  /// The last active steps of the dead units that once fired, in order, and the number of those that never did.
  var deaths: (steps: [Int], neverActive: Int) {
    let last = dead.map { lastActive[$0] }
    return (last.compactMap { $0 }.sorted(), last.count { $0 == nil })
  }
}
