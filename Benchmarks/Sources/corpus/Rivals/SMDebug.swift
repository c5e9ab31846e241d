import GradientHealth

/// The built-in rules of SageMaker Debugger, with their default thresholds (AWS, Debugger developer guide).
///
/// Left out: SaturatedActivation, which asks for inputs beyond ±9.5, and the rules on the loss.
enum SMDebug: Rival {
  static let name = "smdebug"

  static func alarms(in run: RecordedRun) -> Set<RivalAlarm> {
    var alarms: Set<RivalAlarm> = []
    var ratiosOut = 0
    for step in run.inspected {
      if run.meanGradients(step).contains(where: { $0 < 1e-7 }) { alarms.insert(.vanishing) }
      // ExplodingTensor knows no magnitude.
      if run.holdsNonFinite(step) { alarms.formUnion([.exploding, .nonFinite]) }
      let ratios = run.weightLayers.flatMap {
        run.weights($0, step).compactMap(\.statistics.updateRatio)
      }
      // WeightUpdateRatio wants two steps in a row.
      ratiosOut = ratios.contains { $0 > 10 || $0 < 1e-8 } ? ratiosOut + 1 : 0
      if ratiosOut >= 2 {
        alarms.insert(ratios.contains { $0 > 10 } ? .rateTooHigh : .rateTooLow)
      }
    }
    if run.rarelyActiveShares(atMost: 0.01).contains(where: { $0 > 0.5 }) { alarms.insert(.dead) }
    if let start = run.steps.first, let alarm = poorInitialization(run, start) {
      alarms.insert(alarm)
    }
    return alarms
  }

  /// PoorWeightInitialization: the variances of the rectifiers' inputs differ by more than a factor of 10.
  private static func poorInitialization(_ run: RecordedRun, _ step: StepRecord) -> RivalAlarm? {
    let variances = run.layers(ofKind: "relu").compactMap { layer -> Double? in
      guard layer > 0, let input = step.layers[layer - 1]?.activation, let rms = input.rms,
        let mean = input.mean
      else { return nil }
      return rms * rms - mean * mean
    }
    guard let first = variances.first, let last = variances.last, let least = variances.min(),
      let most = variances.max(), most > 10 * least
    else { return nil }
    return first > last ? .vanishing : .exploding
  }
}
