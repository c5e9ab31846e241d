import Foundation
import GradientHealth

/// The rules of TheDeepChecker (Ben Braiek and Khomh, TOSEM 2023; config/settings.yaml, hooks.py).
///
/// Left out: its saturation index, and its checks of the data and of the loss.
enum TheDeepChecker: Rival {
  static let name = "TheDeepChecker"

  static func alarms(in run: RecordedRun) -> Set<RivalAlarm> {
    var alarms: Set<RivalAlarm> = []
    for layer in run.weightLayers {
      let series = run.steps.map { run.weights(layer, $0) }
      let gradients = series.map { $0.first?.statistics.gradientRMS ?? .nan }
        .map(RecordedRun.meanMagnitude)
      alarms.formUnion(trends(of: gradients))
      alarms.formUnion(
        steps(series.map { $0.first?.statistics.updateRatio ?? .nan }))
    }
    if run.inspected.contains(where: run.holdsNonFinite) { alarms.insert(.nonFinite) }
    // Dead: the 95th percentile of a unit's outputs is zero.
    if run.rarelyActiveShares(atMost: 0.05).contains(where: { $0 > 0.5 }) { alarms.insert(.dead) }
    return alarms
  }

  /// Gradients below 1e-6 or above 1e6, or that halve or double four times in a row.
  private static func trends(of gradients: [Double]) -> Set<RivalAlarm> {
    var alarms: Set<RivalAlarm> = []
    for index in stride(from: 10, to: gradients.count, by: 10) {
      if gradients[index] < 1e-6 { alarms.insert(.vanishing) }
      if gradients[index] > 1e6 { alarms.insert(.exploding) }
      let ratios = (index - 3...index).map { gradients[$0] / gradients[$0 - 1] }
      if ratios.allSatisfy({ $0 <= 0.5 }) { alarms.insert(.vanishing) }
      if ratios.allSatisfy({ $0 >= 2 }) { alarms.insert(.exploding) }
    }
    return alarms
  }

  /// Updates whose decimal logarithm next to the weights, averaged over 10 steps, is outside of −4 to −1.
  private static func steps(_ ratios: [Double]) -> Set<RivalAlarm> {
    var alarms: Set<RivalAlarm> = []
    for end in stride(from: 10, through: ratios.count, by: 10) {
      let window = ratios[end - 10..<end].filter { !$0.isNaN }
      guard !window.isEmpty else { continue }
      if window.allSatisfy({ $0 == 0 }) {
        alarms.insert(.untrained)
        continue
      }
      let mean = window.reduce(0) { $0 + log10(max($1, 1e-12)) } / Double(window.count)
      if mean < -4 { alarms.insert(.rateTooLow) }
      if mean > -1 { alarms.insert(.rateTooHigh) }
    }
    return alarms
  }
}
