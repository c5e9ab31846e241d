/// A derivative along a line by central differences, with an estimate of its own error.
///
/// The steps fall by a ratio c, and each window of three central differences D is extrapolated twice (Richardson, 1911;
/// the tableau is Neville's, as in Ridders, 1982). Since polluted rows, at steps that crossed a kink, must not spoil the
/// ones that follow, a window forgets what lies before it. Its error is taken from how much its last two columns
/// disagree, from the jump of the slope that the one-sided differences extrapolate to (a smooth function has none; where
/// the kink lies exactly at the point, central differences agree with each other on a wrong value), and from rounding.
struct FiniteDifference {
  /// A derivative measured with steps down to `step`.
  struct Estimate {
    var value: Double
    /// Four times the estimated error: the floor below which nothing can be told.
    var floor: Double
    /// The part of the floor that is due to a jump of the slope.
    var jumpFloor: Double
    /// The part of the floor that is due to rounding.
    var roundingFloor: Double
    var step: Double
    /// The slopes to both sides; where several outputs turn, all that lies between those of each.
    var slopes: ClosedRange<Double>
    /// The last digit of the terms that the derivative is the sum of, where they visibly change: what is smaller than a
    /// few of these is zero.
    var resolution: Double
    /// Whether the terms change at one speed at all steps of the window.
    ///
    /// Beyond the reach of the linear, where units saturate or kinks lie, terms may cancel to a small sum that says
    /// nothing of the derivative.
    var isLocal = true
    /// Whether the function didn't change at all at any step of the window.
    var isExactlyZero: Bool
    /// A decision that some step of the window changed, where decisions are told.
    var kink: Kink?
  }

  /// The ratio of a step to the next.
  static let ratio = 4.0

  /// What two steps of equal length, one each way, did to the function.
  struct Row {
    var step: Double
    var central: Double
    var right: Double
    var left: Double
    var rounding: Double
    /// Σ|v_o Δy_o| per step: how fast the terms change that the function is the sum of.
    var speed: Double
    /// Σ|v_o (right_o − left_o)|, the gap of the slopes output by output; 0 where it isn't asked for.
    var bend: Double
    var isExactlyZero: Bool
    /// A decision that one of the steps changed.
    var kink: Kink?

    var gap: Double { right - left }

    /// All that lies between the slopes to both sides, output by output.
    var slopes: ClosedRange<Double> {
      let middle = left / 2 + right / 2, reach = max(abs(gap), bend) / 2
      return middle - reach...middle + reach
    }
  }

  /// Measures with steps that fall from `start`, until `isEnough` says so, smaller steps can't help, or `rows` are taken.
  ///
  /// Of steps `beyond` the size of what they move, only those count whose terms visibly change at one speed. What is asked
  /// `thoroughly` is also where decisions change, and how far the outputs turn one by one.
  static func sweep(
    _ line: Line, from start: Double, rows: Int, beyond: Bool = false, thoroughly: Bool = false,
    until isEnough: (Estimate) -> Bool = { _ in false }
  ) -> [Estimate] {
    let noise = line.function.rounding + line.roundingOfStep
    let decisions = thoroughly ? line.change(at: 0, watched: true).decisions : nil
    var estimates: [Estimate] = []
    var window: [Row] = []
    var step = start
    for _ in 0..<rows {
      // A step below the last digit of what it moves moves nothing.
      guard
        let row = row(
          line, at: step, noise: noise, turning: thoroughly || line.isDirection, since: decisions)
      else { break }
      if window.count == 3 { window.removeFirst() }
      window.append(row)
      step /= ratio
      guard var estimate = estimate(from: window, spread: line.spread) else { continue }
      estimate.isLocal = isLocal(window, visibly: beyond)
      estimates.append(estimate)
      if isEnough(estimate) { break }
      let best = estimates.reduce(.infinity) { min($0, $1.floor) }
      if estimate.roundingFloor * ratio > best { break }
    }
    return estimates
  }

  /// Measures with one step each way; nil where one of them moves nothing.
  ///
  /// Where it is to see the outputs `turning`, one by one, that takes a pass more over them; `decisions` are those at the
  /// point, where it is to see them change.
  static func row(
    _ line: Line, at step: Double, noise: Double, turning: Bool = true,
    since decisions: [Decisions]? = nil
  ) -> Row? {
    let above = line.change(at: step, watched: decisions != nil)
    if turning { line.function.keepOutputs() }
    let below = line.change(at: -step, watched: decisions != nil)
    let bend = turning ? line.function.bend() : 0
    let width = above.displacement - below.displacement
    guard above.displacement > 0, below.displacement < 0 else { return nil }
    let speed = (above.magnitude + below.magnitude) / width
    return Row(
      step: step, central: (above.value - below.value) / width,
      right: above.value / above.displacement, left: below.value / below.displacement,
      rounding: 2 * noise / width + line.spread * speed * 0x1p-53, speed: speed,
      bend: 2 * bend / width, isExactlyZero: above.value == 0 && below.value == 0,
      kink: Kink(between: decisions, and: above.decisions)
        ?? Kink(between: decisions, and: below.decisions))
  }

  /// Whether the speeds of the terms agree within the window, as far as rounding lets that be seen.
  static func isLocal(_ window: [Row], visibly: Bool) -> Bool {
    zip(window, window.dropFirst()).allSatisfy { coarse, fine in
      let difference = abs(coarse.speed - fine.speed)
      return visibly
        ? difference < 0.02 * fine.speed : difference <= 0.02 * fine.speed + 8 * fine.rounding
    }
  }

  /// The estimate that two or three rows give, their steps falling by the ratio.
  static func estimate(from window: [Row], spread: Double) -> Estimate? {
    guard window.count >= 2, let last = window.last,
      window.allSatisfy({ $0.right.isFinite && $0.left.isFinite })
    else { return nil }
    // First column from each pair of rows (the error of D goes with h²), second from all three (h⁴).
    let first = zip(window, window.dropFirst()).map {
      $1.central + ($1.central - $0.central) / (ratio * ratio - 1)
    }
    var value = first[first.count - 1]
    var error = max(abs(value - last.central), abs(value - window[window.count - 2].central))
    if first.count == 2 {
      let extrapolated = value + (value - first[0]) / (ratio * ratio * ratio * ratio - 1)
      error = max(abs(extrapolated - value), abs(extrapolated - first[0]))
      value = extrapolated
    }
    let jump = (ratio * last.gap - window[window.count - 2].gap) / (ratio - 1)
    // Jumps at several outputs may cancel in their sum, which then hides them: what smaller steps don't straighten is bent
    // at the point itself.
    let isBent =
      last.bend > window[window.count - 2].bend / 2 && last.bend > 64 * last.rounding
    let jumpFloor = 2 * max(abs(jump), isBent ? last.bend : 0)
    let roundingFloor = 4 * last.rounding
    return Estimate(
      value: value, floor: max(4 * error, jumpFloor) + roundingFloor, jumpFloor: jumpFloor,
      roundingFloor: roundingFloor, step: last.step,
      slopes: last.slopes,
      resolution: last.speed > 8 * last.rounding ? spread * last.speed * 0x1p-53 : 0,
      isExactlyZero: window.allSatisfy(\.isExactlyZero),
      kink: window.last { $0.kink != nil }?.kink)
  }
}
