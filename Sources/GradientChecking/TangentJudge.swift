/// Decides whether a claimed derivative is the exact one that dual numbers give.
///
/// Both are right to their rounding, which is in proportion to the numbers that they are sums of: to a tensor's root mean
/// square for an entry, to √Σ(g_i d_i)² along a direction. What differs by more is wrong, however small both are; nothing
/// is too small to say.
struct TangentJudge {
  /// The size of the terms that the derivative is a sum of.
  var size: Double
  /// Where a whole tensor has no gradient, what rounding leaves of it; else 0.
  var rest: Double

  /// The share of a derivative itself, and of the terms that it is a sum of, by which rounding may move it.
  private static let tolerance = 1e-9, roundingOfTerms = 0x1p-40

  func judge(_ analytic: Double, against numeric: Double) -> Judgement {
    let larger = max(abs(analytic), abs(numeric))
    let floor = Self.roundingOfTerms * size
    let allowed = Self.tolerance * larger + floor
    let difference = abs(analytic - numeric)
    let isRest = larger <= rest
    let agrees = difference <= allowed || isRest || analytic == numeric
    return Judgement(
      outcome: agrees ? .pass : numeric.isFinite ? .fail : .unverifiable, analytic: analytic,
      numeric: numeric, floor: max(floor, isRest ? rest : 0), step: 0,
      excess: difference == 0 ? 0 : difference.isFinite ? difference / allowed : .infinity,
      oracle: .dual)
  }
}
