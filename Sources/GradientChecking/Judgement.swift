/// What was found about one claimed derivative.
struct Judgement {
  enum Outcome { case pass, fail, unverifiable, atKink }

  var outcome: Outcome
  var analytic: Double
  var numeric: Double
  var floor: Double
  var step: Double
  /// The difference, as a multiple of what is allowed.
  var excess: Double

  var isFinite: Bool { analytic.isFinite && numeric.isFinite }
  /// |analytic − numeric| / max(|analytic|, |numeric|); 1 where one isn't a number.
  var relativeError: Double {
    if analytic == numeric { return 0 }
    guard isFinite else { return 1 }
    return abs(analytic - numeric) / max(abs(analytic), abs(numeric))
  }
}
