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
  /// The share of the derivative itself by which rounding may move it.
  var tolerance = 1e-9
  /// The share of the terms that it is a sum of by which rounding may move it.
  var roundingOfTerms = 0x1p-40

  /// Of a direction through all entries of a layer's tensor: one that is wrong by a millionth of the others' size, among a
  /// million, moves the sum by 1e-9 of its terms' root of the sum of squares.
  static func direction(size: Double, rest: Double) -> TangentJudge {
    TangentJudge(size: size, rest: rest, tolerance: 1e-11, roundingOfTerms: 0x1p-34)
  }

  func judge(_ analytic: Double, against numeric: Double) -> Judgement {
    let larger = max(abs(analytic), abs(numeric))
    let floor = roundingOfTerms * size
    let allowed = tolerance * larger + floor
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
