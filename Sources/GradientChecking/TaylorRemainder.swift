import Foundation

/// Judges a claimed derivative by the order of the remainder of Taylor's series: R(h) = |f(h) − f(0) − h·g| goes with h²
/// where g is the derivative, and with h where it isn't.
///
/// The order is the slope of log R over log h at the smallest steps whose remainder stands clear of rounding. No step has to
/// be right, and the derivative itself is never estimated, so it is a second opinion that owes nothing to a difference's
/// error (Farrell et al., SIAM J. Sci. Comput. 35, 2013).
struct TaylorRemainder {
  private let line: Line
  private let analytic: Double
  /// The size of the terms that the derivative is the sum of.
  private let size: Double
  /// Where a whole tensor has no gradient, what rounding leaves of it; else 0.
  private let rest: Double
  /// The steps at which the remainder stands clear of rounding, the largest first.
  private var visible: [Point] = []
  /// The largest step below those, at which rounding hides the remainder; nil if there is none.
  private var hidden: Point?

  /// What one step came to.
  private struct Point {
    var step: Double
    var remainder: Double
    /// The rounding error of that.
    var noise: Double
    /// (f(h) − f(0)) / h.
    var slope: Double
    /// A decision that the step changed.
    var kink: Kink?
  }

  /// The ratio of a step to the next, and how many are taken at most.
  private static let ratio = 4.0, most = 28
  /// How far above its rounding a remainder has to stand.
  private static let clear = 64.0
  /// The steps that an order is taken from.
  private static let steps = 3

  /// Judges a derivative along a line; `size` is that of the terms that it is the sum of.
  static func judge(
    _ analytic: Double, along line: Line, size: Double, rest: Double = 0
  ) -> Judgement {
    guard analytic.isFinite, line.function.isFinite else {
      return Judgement(
        outcome: line.function.isFinite ? .fail : .unverifiable, analytic: analytic,
        numeric: .nan, floor: .infinity, step: 0, excess: .infinity, oracle: .taylor)
    }
    return TaylorRemainder(analytic, along: line, size: size, rest: rest).judgement
  }

  private init(_ analytic: Double, along line: Line, size: Double, rest: Double) {
    self.analytic = analytic
    self.rest = rest
    self.line = line
    self.size = size
    let noise = line.function.rounding + line.roundingOfStep
    let decisions = line.change(at: 0, watched: true).decisions
    var step = line.scale / 4
    for _ in 0..<Self.most where hidden == nil {
      let change = line.change(at: step, watched: decisions != nil)
      let remainder = abs(change.value - change.displacement * analytic)
      let point = Point(
        step: step, remainder: remainder,
        noise: noise + line.spread * (change.magnitude + step * max(abs(analytic), size)) * 0x1p-53,
        slope: change.value / change.displacement,
        kink: Kink(between: decisions, and: change.decisions))
      step /= Self.ratio
      // Where a large step leaves what the function is defined for, a smaller one may not.
      guard remainder.isFinite else { continue }
      if remainder > Self.clear * point.noise { visible.append(point) } else { hidden = point }
    }
  }

  private var judgement: Judgement {
    let points = visible + [hidden].compactMap { $0 }
    let best = points.min { error($0) < error($1) }
    var judgement = Judgement(
      outcome: outcome, analytic: analytic, numeric: best?.slope ?? .nan,
      floor: best.map { $0.noise / $0.step } ?? .infinity, step: best?.step ?? 0,
      excess: max(2 - order, 0), oracle: .taylor)
    if judgement.outcome == .atKink { judgement.slopes = turn?.slopes }
    judgement.kink = (visible.last ?? hidden)?.kink
    return judgement
  }

  /// How far a step's slope may lie from the claimed one.
  private func error(_ point: Point) -> Double { (point.remainder + point.noise) / point.step }

  private var outcome: Judgement.Outcome {
    // Straight as far as can be seen, and with the claimed slope to a millionth.
    if let hidden, isSeen(at: hidden) { return hidden.kink == nil ? .pass : .atKink }
    if analytic == 0, visible.isEmpty, hidden?.remainder == 0 { return .pass }
    if abs(analytic) <= rest, visible.isEmpty, let hidden,
      hidden.noise <= 0x1p16 * rest * hidden.step
    {
      return .pass
    }
    guard last.count == Self.steps else { return .unverifiable }
    if order > 1.6 { return .pass }
    // Between steps that cross a kink and others, the remainder goes with anything.
    let crossing = last.count { $0.kink != nil }
    guard crossing == 0 || crossing == last.count, isSettled, goesOn,
      orders.allSatisfy({ (0.8...1.2).contains($0) })
    else { return .unverifiable }
    guard let turn else { return .fail }
    if crossing == 0, line.function.decisions?.isComplete == true { return .unverifiable }
    let middle = (turn.slopes.lowerBound + turn.slopes.upperBound) / 2
    let width = turn.slopes.upperBound - turn.slopes.lowerBound
    return abs(analytic - middle) <= 2 * width ? .atKink : .fail
  }

  /// Whether a slope that differs from the claimed one by a millionth would show at a step.
  private func isSeen(at point: Point) -> Bool {
    point.step * max(abs(analytic), size) > 1e6 * Self.clear * point.noise
  }

  /// The smallest visible steps, at most three.
  private var last: ArraySlice<Point> { visible.suffix(Self.steps) }

  /// Whether the slopes at these don't grow any more as the steps get smaller.
  ///
  /// Where steps are so large that the function has come to rest behind them, the remainder goes with h whatever the slope.
  private var isSettled: Bool {
    zip(last, last.dropFirst()).allSatisfy { coarse, fine in
      abs(fine.slope) <= 1.5 * abs(coarse.slope) + fine.noise / fine.step
    }
  }

  /// Whether the step behind these, as far as rounding lets it show, goes with them: it doesn't where they lie beyond a
  /// kink and it lies before.
  private var goesOn: Bool {
    guard let hidden, let end = last.last else { return true }
    let expected = end.remainder * hidden.step / end.step
    return hidden.remainder + 8 * hidden.noise > expected / 2
  }

  /// The order from each of these to the next.
  private var orders: [Double] { zip(last, last.dropFirst()).map(order) }

  /// The order over all of these; 2 where there is only one.
  private var order: Double {
    guard let first = last.first, let end = last.last, first.step > end.step else { return 2 }
    return order(first, end)
  }

  private func order(_ coarse: Point, _ fine: Point) -> Double {
    log(coarse.remainder / fine.remainder) / log(coarse.step / fine.step)
  }

  /// The differences to both sides at the smallest visible step, where they part however small it is; else nil.
  private var turn: FiniteDifference.Row? {
    guard let first = last.first, let end = last.last, first.step > end.step,
      let coarse = FiniteDifference.row(line, at: first.step, noise: first.noise),
      let fine = FiniteDifference.row(line, at: end.step, noise: end.noise)
    else { return nil }
    func width(_ row: FiniteDifference.Row) -> Double {
      row.slopes.upperBound - row.slopes.lowerBound
    }
    return width(fine) > width(coarse) / 2 && width(fine) > 64 * fine.rounding ? fine : nil
  }
}
