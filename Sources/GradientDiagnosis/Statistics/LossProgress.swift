package import GradientTrace

/// Where a run's loss started, where it stands, and what a model that ignores its inputs would reach.
package struct LossProgress: Sendable {
  private let constantLoss: Double?
  private let plannedSteps: Int?
  private var beginning: [Double] = []
  private var recent = RollingWindow<Double>(capacity: Evaluation.window)
  /// The steps at which a finite loss was recorded.
  private(set) var count = 0
  /// The first step whose loss was not finite.
  private(set) var nonFiniteStep: Int?
  /// The first step seen, and the last one.
  private(set) var firstStep = 0
  private(set) var lastStep = 0
  /// The learning rate of the last step that told it.
  private(set) var learningRate: Double?
  private var isEmpty = true

  /// Creates a progress that has seen nothing yet.
  package init(_ run: RunDescription) {
    constantLoss = run.constantLoss.flatMap { $0.isFinite ? $0 : nil }
    plannedSteps = run.plannedSteps
  }

  /// Takes in the next step.
  package mutating func observe(_ step: StepRecord) {
    if isEmpty { firstStep = step.step }
    isEmpty = false
    lastStep = step.step
    learningRate = step.learningRate ?? learningRate
    guard let loss = step.loss else { return }
    guard loss.isFinite else {
      nonFiniteStep = nonFiniteStep ?? step.step
      return
    }
    count += 1
    if beginning.count < 5 { beginning.append(loss) }
    recent.append(loss)
  }

  /// The loss at the start, as texts and charts tell it: that of the first step.
  package var first: Double? { beginning.first }

  /// The median loss of the first 5 steps, by which is judged.
  var start: Double? { median(beginning) }

  /// The median loss of the last 50 steps, of the later half of a shorter run.
  package var current: Double? {
    guard count < 2 * Evaluation.window else { return median(recent.unordered) }
    return median(recent.elements.suffix((count + 1) / 2))
  }

  /// The loss of the best constant prediction, or the start that stands for it.
  var baseline: Double? { constantLoss ?? start }

  /// Whether the baseline is the measured loss of the best constant prediction.
  var baselineIsMeasured: Bool { constantLoss != nil }

  /// The share of the baseline by which the current loss lies below it; nil where either is unknown.
  var fall: Double? {
    guard let baseline, let current else { return nil }
    guard baseline != 0 else { return current < 0 ? 1 : 0 }
    return (baseline - current) / abs(baseline)
  }

  /// How much a symptom beside this loss matters: an error where the loss has not fallen, a warning where it has by little,
  /// a note where it has fallen all the same.
  func harm(_ context: AnalysisContext) -> Severity {
    guard nonFiniteStep == nil, let fall, fall > context.value(Thresholds.learningFall) else {
      return .error
    }
    return fall > context.value(Thresholds.littleFall) ? .info : .warning
  }

  /// Whether a run that goes on may still mend itself, so that its loss accuses nothing yet: a first window is given to
  /// every loss that stays near its start, and to a loss that falls a second one, or a quarter of the planned run.
  func mayMend(_ context: AnalysisContext) -> Bool {
    guard nonFiniteStep == nil, count > 0,
      count < max(2 * Evaluation.window, (plannedSteps ?? 0) / 4),
      (excess ?? 0) <= context.value(Thresholds.lossRatio)
    else { return false }
    return count < Evaluation.window || isFalling(context)
  }

  /// Whether the later half of the last window lies clearly below the earlier one.
  private func isFalling(_ context: AnalysisContext) -> Bool {
    let losses = recent.elements
    guard let earlier = median(losses.prefix(losses.count / 2)),
      let later = median(losses.suffix(losses.count / 2))
    else { return false }
    return earlier - later > context.value(Thresholds.learningFall) * abs(earlier)
  }

  /// The level that a loss above zero should not exceed: its start, or the best constant prediction's if that is higher.
  var reference: Double? {
    guard let start else { return nil }
    let level = max(start, constantLoss ?? start)
    return level > 0 && start > 0 ? level : nil
  }

  /// What the reference is, in a sentence: the first steps, or what a constant answer costs where that is more.
  var referenceName: String {
    reference == start ? "that of its first 5 steps" : "that of the best constant prediction"
  }

  /// How many times the reference the current loss is; nil for losses that are not above zero.
  var excess: Double? {
    guard let current, let reference else { return nil }
    return current / reference
  }
}
