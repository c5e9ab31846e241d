extension Judgement {
  /// What one oracle said about a derivative.
  struct Opinion {
    var oracle: NumericOracle
    var outcome: Outcome
    var analytic: Double
    var numeric: Double
    var floor: Double

    /// Whether a derivative of zero was found to be zero up to rounding, which has no relative error.
    var isNoise: Bool {
      outcome == .pass && max(abs(analytic), abs(numeric)) < 10 * floor
    }
  }

  /// What the oracle said that decided.
  var opinion: Opinion {
    Opinion(oracle: oracle, outcome: outcome, analytic: analytic, numeric: numeric, floor: floor)
  }

  /// What an oracle said, if it was asked.
  func opinion(of oracle: NumericOracle) -> Opinion? {
    if oracle == self.oracle { return opinion }
    guard oracle == .finiteDifference, let second = secondOpinion else { return nil }
    return Opinion(
      oracle: oracle, outcome: second.outcome, analytic: analytic, numeric: second.numeric,
      floor: second.floor)
  }
}
