/// ‖analytic − numeric‖₂ / (‖analytic‖₂ + ‖numeric‖₂) over what is added, kinks and noise left out.
struct RelativeError {
  private var difference = 0.0
  private var analytic = 0.0
  private var numeric = 0.0
  private var isFinite = true

  mutating func add(_ opinion: Judgement.Opinion) {
    guard opinion.outcome != .atKink, !opinion.isNoise else { return }
    isFinite = isFinite && opinion.analytic.isFinite && opinion.numeric.isFinite
    difference += (opinion.analytic - opinion.numeric) * (opinion.analytic - opinion.numeric)
    analytic += opinion.analytic * opinion.analytic
    numeric += opinion.numeric * opinion.numeric
  }

  /// 1 where something isn't a number.
  var value: Double {
    let norms = analytic.squareRoot() + numeric.squareRoot()
    guard isFinite else { return 1 }
    return norms > 0 ? difference.squareRoot() / norms : 0
  }
}
