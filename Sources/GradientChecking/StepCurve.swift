import Foundation

/// How far the central difference at each step lies from the analytic derivative of one entry.
///
/// Right derivatives give a V: to the right the curvature of the function shows, to the left its rounding. A wrong one stays
/// as far off as it is wrong, however small the step.
public struct StepCurve: Sendable, Equatable, Codable {
  /// The tensor.
  public var tensor: String
  /// The entry's index in it.
  public var index: [Int]
  /// What the backward pass says.
  public var analytic: Double
  /// What the differences extrapolate to.
  public var numeric: Double
  /// The error of that value.
  public var floor: Double
  /// The step at which it was found.
  public var step: Double
  /// The central differences, from the largest step to the smallest.
  public var points: [Point]

  /// A central difference.
  public struct Point: Sendable, Equatable, Codable {
    /// The step, h.
    public var step: Double
    /// (f(x + h) − f(x − h)) / 2h.
    public var derivative: Double
  }

  /// How far a derivative lies from the analytic one: |analytic − derivative| / max(|analytic|, |derivative|).
  public func relativeError(of derivative: Double) -> Double {
    if derivative == analytic { return 0 }
    let error = abs(analytic - derivative) / max(abs(analytic), abs(derivative))
    return error.isNaN ? 1 : error
  }
}

extension StepCurve {
  /// The largest and the smallest step, as multiples of the size of what is moved, and how many there are of each power
  /// of ten.
  private static let decades = -15...1, perDecade = 3

  /// Measures along one entry of a tensor.
  init(entry place: Int, of variable: Variable) {
    let line = Line(entry: place, of: variable)
    let count = (Self.decades.upperBound - Self.decades.lowerBound) * Self.perDecade
    points = (0...count).compactMap { number in
      let exponent =
        Double(Self.decades.upperBound) - Double(number) / Double(Self.perDecade)
      let step = line.scale * pow(10, exponent)
      let above = line.change(at: step), below = line.change(at: -step)
      let width = above.displacement - below.displacement
      guard above.displacement > 0, below.displacement < 0 else { return nil }
      return Point(step: step, derivative: (above.value - below.value) / width)
    }
    tensor = variable.name
    index = variable.index(of: place)
    analytic = variable.gradient[place]
    let judgement = Judge.entry(gradientRMS: variable.gradientRMS, rest: variable.rest)
      .judge(analytic, along: line)
    numeric = judgement.numeric
    floor = judgement.floor
    step = judgement.step
  }
}
