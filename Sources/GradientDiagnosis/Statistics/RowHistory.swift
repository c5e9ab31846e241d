import GradientTrace

/// What became of a layer's weights that may have started all alike, or all at zero.
struct RowHistory: Sendable {
  /// The layer's index.
  let layer: Int
  private let places: [Int]
  private let rows: Int
  private let startsAtZero: Bool
  /// The most distinct rows of a weight at the first two counts, and those at the last one.
  private var early: Int?
  private var latest: Int?
  private var counts = 0
  /// The step at which rows were counted for the second time.
  private(set) var comparedAtStep: Int?
  private var hasMoved = false
  private var isFrozen: Bool
  /// The steps at which the weights were seen, and those of them at which all were exactly zero.
  private(set) var steps = 0
  private(set) var zeroSteps = 0
  /// The first step seen, and the last one.
  private(set) var firstStep: Int?
  private(set) var lastStep = 0
  /// Whether δ of the layer was ever anything but zero.
  private(set) var hasDelta = false

  init(layer: Int, _ description: LayerDescription) {
    self.layer = layer
    places = description.parameters.indices.filter { description.parameters[$0].isWeight }
    let weights = places.map { description.parameters[$0] }
    rows = weights.map { $0.shape[0] }.min() ?? 0
    startsAtZero = weights.allSatisfy { $0.initialRMS == 0 }
    isFrozen = weights.allSatisfy(\.frozen)
  }

  /// Takes in the next step.
  mutating func observe(_ step: StepRecord) {
    guard layer < step.layers.count, let record = step.layers[layer] else { return }
    if !hasDelta, let rms = record.delta?.rms, rms > 0 || rms.isNaN { hasDelta = true }
    var seen = 0
    var isZero = true
    var counted = 0
    var most = 0
    for place in places where place < record.parameters.count {
      guard let weight = record.parameters[place] else { continue }
      seen += 1
      isFrozen = isFrozen || weight.frozen == true
      hasMoved = hasMoved || (weight.updateRMS ?? 0) > 0
      isZero = isZero && weight.rms == 0
      guard let rows = weight.distinctRows else { continue }
      counted += 1
      most = max(most, rows)
    }
    guard seen == places.count, seen > 0 else { return }
    steps += 1
    firstStep = firstStep ?? step.step
    lastStep = step.step
    zeroSteps += isZero ? 1 : 0
    if counted == places.count { note(most, at: step.step) }
  }

  private mutating func note(_ distinct: Int, at step: Int) {
    counts += 1
    if counts == 2 { comparedAtStep = step }
    if counts <= 2 { early = max(early ?? 0, distinct) }
    latest = distinct
  }

  /// Whether rows were counted at two steps or more.
  var knowsRows: Bool { counts >= 2 }

  /// Whether the weights have been zero from the start on, and are to be trained.
  var isStuckAtZero: Bool { !isFrozen && zeroSteps == steps && steps > 0 }

  /// Whether the weights were all zero before the first step.
  var beganAtZero: Bool { startsAtZero }

  /// Whether updates have moved the weights and all rows were alike nevertheless, and few have parted since.
  ///
  /// What rounding adds to equal rows can grow, so that after many steps some of them part.
  var areRowsAlike: Bool {
    guard let latest, !isFrozen, hasMoved, knowsRows, !isStuckAtZero else { return false }
    return rows > 1 && early == 1 && (latest == 1 || latest <= rows / 2)
  }
}
