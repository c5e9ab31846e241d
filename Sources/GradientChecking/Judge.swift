import Foundation

/// Decides whether a claimed derivative is right.
///
/// In this order, F being the floor of the numeric one: both exactly zero, pass; further apart than the tolerance and F
/// allow, fail, however small both are; too small against F, unverifiable, unless the terms of the sum cancel to their
/// last digits; else pass. No absolute tolerance certifies. Before the last two, a whole tensor without a gradient: the
/// analytic one is the rounding of the gradients beside it, and the numeric one is zero to 8 digits of these.
struct Judge {
  /// The relative difference that is allowed beside the floor.
  var tolerance: Double
  /// What is known of the size of a sum beside its value: the root of the sum of its squared terms.
  var size = 0.0
  /// The rounding error of the analytic derivative.
  var analyticRounding = 0.0
  /// Where a whole tensor has no gradient, what rounding leaves of it; else 0.
  var rest = 0.0
  /// Whether each output has one kink at most at the point itself, so that a right derivative is between the slopes on both
  /// sides.
  var hasSingleKink = false
  /// Whether steps beyond a fraction of the tensor's size may be taken where rounding hides the derivative.
  var takesLargeSteps = true

  /// Of a single entry, in a tensor whose gradient has a root mean square of `gradientRMS`.
  static func entry(gradientRMS: Double, rest: Double = 0) -> Judge {
    Judge(
      tolerance: 1e-6, analyticRounding: gradientRMS * 0x1p-51, rest: rest, hasSingleKink: true)
  }

  /// Of a direction: a single wrong entry hides in the sum of all, so little more than the floor is allowed.
  static func direction(size: Double, rest: Double = 0) -> Judge {
    Judge(tolerance: 1e-9, size: size, rest: rest)
  }

  /// Measures along `line` and judges, at other steps too where the first don't decide.
  func judge(_ analytic: Double, along line: Line) -> Judgement {
    guard analytic.isFinite else {
      let numeric = FiniteDifference.sweep(line, from: line.scale / 64, rows: 3).last
      return Judgement(
        outcome: line.function.isFinite ? .fail : .unverifiable, analytic: analytic,
        numeric: numeric?.value ?? .nan, floor: numeric?.floor ?? .infinity,
        step: numeric?.step ?? 0, excess: .infinity)
    }
    let quick = FiniteDifference.sweep(line, from: line.scale / 64, rows: 14) { estimate in
      (estimate.isExactlyZero && analytic == 0)
        || (estimate.isLocal && estimate.floor <= tolerance / 10 * magnitude(analytic, estimate))
    }
    if let judgement = judgement(of: analytic, quick), judgement.outcome == .pass {
      return judgement
    }
    // Before anything but a pass is said, every step is asked: smaller ones against kinks and curvature, larger ones
    // against rounding.
    let start = max(1, line.scale) * 0x1p24
    let rows = min(Int((log2(start) - log2(line.scale)) / 2) + 3, 100)
    var thorough = FiniteDifference.sweep(
      line, from: line.scale / 64, rows: 20, thoroughly: true)
    if takesLargeSteps {
      thorough += FiniteDifference.sweep(
        line, from: start, rows: rows, beyond: true, thoroughly: true)
    }
    return judgement(
      of: analytic, thorough, tellsKinks: line.function.decisions?.isComplete ?? false)
      ?? Judgement(
        outcome: .unverifiable, analytic: analytic, numeric: .nan, floor: .infinity, step: 0,
        excess: 0)
  }

  /// What estimates at several steps say of a claim; nil where there are none.
  ///
  /// Those that changed no decision say it where they can. Where `tellsKinks`, a jump of the slope is a kink only if some
  /// decision changes there; else the jump itself has to tell.
  func judgement(
    of analytic: Double, _ all: [FiniteDifference.Estimate], tellsKinks: Bool = false
  ) -> Judgement? {
    let smooth = all.filter { $0.kink == nil }
    if smooth.count < all.count, let judgement = verdict(on: analytic, smooth, tellsKinks),
      judgement.outcome == .pass || judgement.outcome == .fail
    {
      return judgement
    }
    guard var judgement = verdict(on: analytic, all, tellsKinks) else { return nil }
    judgement.kink = judgement.kink ?? all.last { $0.kink != nil }?.kink
    guard smooth.isEmpty else { return judgement }
    // However small the step, a decision changes: where several outputs turn, their slopes may cancel in the sum.
    if judgement.outcome == .unverifiable { judgement.outcome = .atKink }
    if judgement.outcome == .fail, hasSingleKink,
      let turn = all.filter({ $0.jumpFloor > 4 * $0.roundingFloor }).min(by: { $0.step < $1.step }),
      isBetween(analytic, turn)
    {
      judgement.outcome = .atKink
      (judgement.kink, judgement.slopes) = (turn.kink, turn.slopes)
    }
    return judgement
  }

  /// Whether a claim lies between the slopes to both sides.
  private func isBetween(_ analytic: Double, _ estimate: FiniteDifference.Estimate) -> Bool {
    let (low, high) = (estimate.slopes.lowerBound, estimate.slopes.upperBound)
    let margin = 0.1 * (high - low) + estimate.roundingFloor + analyticRounding
    return analytic > low - margin && analytic < high + margin
  }

  private func verdict(
    on analytic: Double, _ all: [FiniteDifference.Estimate], _ tellsKinks: Bool
  ) -> Judgement? {
    let local = all.filter(\.isLocal)
    let estimates = local.isEmpty ? all : local
    guard let sharpest = estimates.min(by: { $0.floor < $1.floor }) else { return nil }
    func allowed(_ estimate: FiniteDifference.Estimate) -> Double {
      tolerance * magnitude(analytic, estimate) + estimate.floor + analyticRounding
        + 4 * estimate.resolution
    }
    // An error estimate can be too small by chance, hardly several at once: a failure shows at every step that measures
    // about as well as the sharpest, and of these the one that comes nearest speaks for all.
    let comparable = estimates.filter { $0.floor <= 10 * sharpest.floor }
    func excess(_ estimate: FiniteDifference.Estimate) -> Double {
      abs(analytic - estimate.value) / allowed(estimate)
    }
    let best =
      excess(sharpest) <= 1
      ? sharpest : comparable.min(by: { excess($0) < excess($1) }) ?? sharpest
    func judgement(_ outcome: Judgement.Outcome) -> Judgement {
      let difference = abs(analytic - best.value)
      var result = Judgement(
        outcome: outcome, analytic: analytic, numeric: best.value,
        floor: best.floor + analyticRounding, step: best.step,
        excess: difference == 0 ? 0 : difference / allowed(best))
      result.kink = best.kink
      result.slopes = best.slopes
      return result
    }
    if analytic == 0, best.isExactlyZero { return judgement(.pass) }
    if abs(analytic) <= rest, abs(best.value) <= best.floor, best.floor <= 0x1p16 * rest {
      return judgement(.pass)
    }
    if comparable.allSatisfy({ abs(analytic - $0.value) > allowed($0) }) {
      return judgement(.fail)
    }
    if magnitude(analytic, best) >= 10 * (best.floor + analyticRounding) {
      return judgement(.pass)
    }
    // What is left of the floor when a kink lies at the point itself is the jump of the slope.
    let isJump =
      best.jumpFloor > 4 * best.roundingFloor && best.jumpFloor > 0.5 * best.floor
      && (best.kink != nil || !tellsKinks)
    // Terms that cancel to their last digits add up to zero, as far as numbers go: in a network whose weights are all
    // alike, such sums are what the deltas are.
    let isCanceled = magnitude(analytic, best) <= 16 * best.resolution
    if isCanceled, !isJump || best.kink == nil { return judgement(.pass) }
    guard isJump else { return judgement(.unverifiable) }
    return judgement(hasSingleKink && !isBetween(analytic, best) ? .fail : .atKink)
  }

  private func magnitude(_ analytic: Double, _ estimate: FiniteDifference.Estimate) -> Double {
    max(abs(analytic), abs(estimate.value), size)
  }
}
