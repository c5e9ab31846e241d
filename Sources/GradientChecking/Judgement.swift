/// What was found about one claimed derivative.
struct Judgement {
  enum Outcome { case pass, fail, unverifiable, atKink }

  /// What finite differences say where another oracle decided.
  struct SecondOpinion {
    var outcome: Outcome
    var numeric: Double
    var floor: Double
    var step: Double
  }

  var outcome: Outcome
  var analytic: Double
  var numeric: Double
  var floor: Double
  var step: Double
  /// The difference, as a multiple of what is allowed.
  var excess: Double
  /// Who gave the numeric value.
  var oracle = NumericOracle.finiteDifference
  /// What finite differences say beside it, where they were asked too.
  var secondOpinion: SecondOpinion?
  /// The slopes to both sides, where they were measured.
  var slopes: ClosedRange<Double>?
  /// A decision that changes at the step of the difference, where decisions are told.
  var kink: Kink?

  var isFinite: Bool { analytic.isFinite && numeric.isFinite }
  /// |analytic − numeric| / max(|analytic|, |numeric|); 1 where one isn't a number.
  var relativeError: Double {
    if analytic == numeric { return 0 }
    guard isFinite else { return 1 }
    return abs(analytic - numeric) / max(abs(analytic), abs(numeric))
  }

  /// This judgement with that of finite differences beside it.
  func beside(_ other: Judgement) -> Judgement {
    var result = self
    result.secondOpinion = SecondOpinion(
      outcome: other.outcome, numeric: other.numeric, floor: other.floor, step: other.step)
    result.kink = other.kink
    result.slopes = other.slopes
    return result
  }
}
