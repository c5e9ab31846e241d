import Foundation

/// Judges a claimed derivative by the order of the remainder of Taylor's series: R(h) = |f(h) − f(0) − h·g| goes with h²
/// where g is the derivative, and with h where it isn't.
///
/// The order is the slope of log R over log h at the smallest steps whose remainder stands clear of rounding. No step has to
/// be right, and the derivative itself is never estimated, so it is a second opinion that owes nothing to a difference's
/// error (Farrell et al., SIAM J. Sci. Comput. 35, 2013).
struct TaylorRemainder {
  /// The ratio of a step to the next, and how many are taken at most.
  private static let ratio = 4.0, most = 24
  /// How far above its rounding a remainder has to stand.
  private static let clear = 64.0

  /// Judges a derivative along a line; `size` is that of the terms that it is the sum of.
  static func judge(_ analytic: Double, along line: Line, size: Double) -> Judgement {
    var judgement = Judgement(
      outcome: .unverifiable, analytic: analytic, numeric: .nan, floor: .infinity, step: 0,
      excess: 0, oracle: .taylor)
    guard analytic.isFinite, line.function.isFinite else {
      judgement.outcome = line.function.isFinite ? .fail : .unverifiable
      return judgement
    }
    let noise = line.function.rounding + line.roundingOfStep
    var remainders: [(step: Double, size: Double)] = []
    var step = line.scale / 4
    for _ in 0..<most {
      let change = line.change(at: step)
      let remainder = abs(change.value - change.displacement * analytic)
      judgement.numeric = change.value / change.displacement
      judgement.floor = noise / change.displacement
      judgement.step = step
      guard remainder.isFinite, remainder > clear * noise else { break }
      remainders.append((step, remainder))
      step /= ratio
    }
    guard let last = remainders.last, remainders.count >= 4 else {
      // Straight as far as can be seen: right if what is seen is the claimed slope.
      let isSeen = step * max(abs(analytic), size) > 1e6 * clear * noise
      judgement.outcome = isSeen || (analytic == 0 && remainders.isEmpty) ? .pass : .unverifiable
      return judgement
    }
    let earlier = remainders[remainders.count - 3]
    let order = log(earlier.size / last.size) / log(earlier.step / last.step)
    judgement.outcome = order > 1.6 ? .pass : order < 1.4 ? .fail : .unverifiable
    judgement.excess = max(2 - order, 0)
    return judgement
  }
}
