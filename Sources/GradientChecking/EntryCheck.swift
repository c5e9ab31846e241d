/// One entry's analytic gradient beside the numeric one.
public struct EntryCheck: Sendable, Equatable {
  /// The entry's index in its tensor; empty where a direction was checked.
  public var index: [Int]
  /// What the backward pass says.
  public var analytic: Double
  /// What the numeric oracle says.
  public var numeric: Double
  /// |analytic − numeric| / max(|analytic|, |numeric|).
  public var relativeError: Double
  /// The numeric oracle's own error, below which it can't tell.
  public var floor: Double
  /// The step that was used.
  public var step: Double
  /// What the entry's check came to.
  public var verdict: CheckVerdict

  /// Creates a result.
  public init(
    index: [Int], analytic: Double, numeric: Double, relativeError: Double, floor: Double,
    step: Double, verdict: CheckVerdict
  ) {
    self.index = index
    self.analytic = analytic
    self.numeric = numeric
    self.relativeError = relativeError
    self.floor = floor
    self.step = step
    self.verdict = verdict
  }
}
