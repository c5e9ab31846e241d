import GradientHealth

/// The rules of torchdiag, as its source has them: a parameter's largest gradient below 1e-7 or above 100.
enum TorchDiag: Rival {
  static let name = "torchdiag"

  static func alarms(in run: RecordedRun) -> Set<RivalAlarm> {
    var alarms: Set<RivalAlarm> = []
    for step in run.inspected {
      let largest = run.weightLayers.flatMap {
        run.weights($0, step).compactMap(\.statistics.gradientMax)
      }
      if largest.contains(where: { $0 < 1e-7 }) { alarms.insert(.vanishing) }
      if largest.contains(where: { $0 > 100 }) { alarms.insert(.exploding) }
      if run.holdsNonFinite(step) { alarms.insert(.nonFinite) }
    }
    return alarms
  }
}
