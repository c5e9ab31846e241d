import GradientHealth

/// The rules of AutoTrainer (Zhang et al., ICSE 2021; utils/monitor.py, `gradient_issue`).
///
/// They hold only while a network's accuracy is below Θ = 0.6; for a loss without classes the share by which it fell stands
/// for the accuracy.
enum AutoTrainer: Rival {
  static let name = "AutoTrainer"

  static func alarms(in run: RecordedRun) -> Set<RivalAlarm> {
    var alarms: Set<RivalAlarm> = []
    if run.inspected.contains(where: { run.holdsNonFinite($0) || ($0.loss ?? 0) >= 1e3 }) {
      alarms.formUnion([.exploding, .nonFinite])
    }
    let accuracy = run.result?.part("training")?.accuracy ?? run.fall
    guard accuracy < 0.6, let bottom = run.weightLayers.first, let top = run.weightLayers.last
    else {
      return alarms
    }
    for step in run.inspected {
      if let first = run.gradientNorm(bottom, step), let last = run.gradientNorm(top, step),
        last > 0
      {
        if first / last < 1e-3, first < 1e-4 { alarms.insert(.vanishing) }
        if first / last > 70 { alarms.insert(.exploding) }
      }
      if zeroShare(run, step) >= 0.7 { alarms.insert(.dead) }
    }
    return alarms
  }

  /// The share of exact zeros among the gradients of the whole model.
  private static func zeroShare(_ run: RecordedRun, _ step: StepRecord) -> Double {
    let weights = run.weightLayers.flatMap { run.weights($0, step) }
    let zeros = weights.reduce(0) { $0 + ($1.statistics.gradientZeros ?? 0) }
    return Double(zeros) / Double(max(weights.reduce(0) { $0 + $1.count }, 1))
  }
}
