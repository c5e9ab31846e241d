import GradientHealth

/// The rules of DeepDiagnosis (Wardat et al., ICSE 2022; callbacks.py).
///
/// Saturation is its rule for inputs beyond ±5; for a sigmoid that is nearly our count of saturated outputs, for a tanh ours
/// begins at ±2.6.
enum DeepDiagnosis: Rival {
  static let name = "DeepDiagnosis"

  static func alarms(in run: RecordedRun) -> Set<RivalAlarm> {
    var alarms: Set<RivalAlarm> = []
    for step in run.inspected {
      let gradients = run.meanGradients(step)
      if gradients.contains(where: { $0 < 1e-7 }) { alarms.insert(.vanishing) }
      // identifyNumerical: a mean that is exactly zero counts like one that is no number.
      if run.holdsNonFinite(step) || gradients.contains(0) {
        alarms.formUnion([.exploding, .nonFinite])
      }
    }
    if let last = run.steps.last, isDead(run, last) { alarms.insert(.dead) }
    if run.saturatedShares.contains(where: { $0 > 0.5 }) { alarms.insert(.saturated) }
    return alarms
  }

  /// identifyDead: at least 70 % of some rectifier's outputs are zero, in the last epoch.
  private static func isDead(_ run: RecordedRun, _ step: StepRecord) -> Bool {
    run.layers(ofKind: "relu").contains { layer in
      guard let output = step.layers[layer]?.activation, let zeros = output.zeros,
        let count = output.count, count > 0
      else { return false }
      return Double(zeros) >= 0.7 * Double(count)
    }
  }
}
