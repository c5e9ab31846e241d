/// Several successive steps of a run whose trace outgrew its budget, merged into one row.
///
/// Merged steps serve charts only: they have no histograms and nothing of single units, and a mean over steps is
/// nothing that an analyzer may judge.
public struct MergedSteps: Sendable, Equatable {
  /// The numbers of the first and the last step that were merged.
  public var steps: ClosedRange<Int>
  /// The mean of each statistic; of a count, rounded.
  public var mean: StepRecord
  /// The smallest value of each statistic; NaN only if it was never anything else.
  public var minimum: StepRecord
  /// The largest value of each statistic; NaN only if it was never anything else.
  public var maximum: StepRecord

  /// Creates the row that stands for `steps`.
  public init(
    steps: ClosedRange<Int>, mean: StepRecord, minimum: StepRecord, maximum: StepRecord
  ) {
    self.steps = steps
    self.mean = mean
    self.minimum = minimum
    self.maximum = maximum
  }
}
