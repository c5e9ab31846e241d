import GradientTrace

/// δ of a recurrent layer grows on its way back to the first steps of a sequence.
public struct ExplodingThroughTime: Analyzer {
  private let context: AnalysisContext
  private var drift: TimeDrift

  public static let explainedBy = [
    CausalLink("unnormalized-input", .notAfter), CausalLink("learning-rate-too-high", .before),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    drift = TimeDrift(context, growing: true, above: Thresholds.timeGrowth)
  }

  public mutating func observe(_ step: ObservedStep) { drift.observe(step) }

  public func outcome(ended: Bool) -> Outcome {
    guard drift.isRecorded else { return .notChecked("no δ by time step in this trace") }
    let judged = ended ? drift.atEnd : drift
    guard let alarm = judged.alarm(ended: ended) else {
      return .clear(
        "δ grows by at most \(Wording.decades(judged.largest)) decades through time; alarm above "
          + Wording.decades(context.value(Thresholds.timeGrowth)))
    }
    let layer = alarm.layer
    return .found([
      Finding(
        id: Self.explanation.id, severity: judged.loss.harm(context), layer: context.name(layer),
        layers: [context.name(layer)], firstStep: alarm.firstStep, raisedAtStep: alarm.raisedAtStep,
        lastStep: alarm.lastStep, statistic: "growth", value: alarm.decades,
        threshold: context.value(Thresholds.timeGrowth, layer: layer), healthy: -2...1,
        cause: Cause(
          id: "recurrent-weights",
          text: "Every step back in time multiplies δ by the recurrent weights, here by "
            + "\(Wording.short(Magnitude.power(alarm.decadesPerTimeStep))), which adds "
            + "\(Wording.short(alarm.decadesPerTimeStep)) decades a step."
        ),
        message: "δ of \(context.cited(layer)) \(alarm.stands ? "grows" : "grew") by "
          + "\(Wording.decades(alarm.decades)) decades (\(Wording.factor(alarm.decades))) on its way "
          + "from time step \(alarm.timeSteps) back to the first\(alarm.until).",
        remedies: Self.remedies(
          fromTheStart: alarm.firstStep <= judged.loss.firstStep,
          .lowerLearningRate(than: judged.loss.learningRate)))
    ])
  }

  /// What grew from the first step on, started so; what came to grow was driven there by the updates.
  private static func remedies(fromTheStart: Bool, _ lowerRate: Remedy) -> [Remedy] {
    fromTheStart
      ? [.gatedRecurrence, .orthogonalInitialization, .clipping, lowerRate]
      : [.clipping, .gatedRecurrence, .orthogonalInitialization, lowerRate]
  }
}

extension ExplodingThroughTime {
  public static let explanation = Explanation(
    id: "exploding-through-time",
    summary: "δ of a recurrent layer grows on its way back to the first steps of a sequence.",
    measures: """
      For each recurrent layer, log10 of the RMS of δ at the first time step minus that at the \
      last, as the median of the last 50 steps of training.
      """,
    matters: """
      The gradient of the recurrent weights is then that of the first time steps alone, too large \
      by orders of magnitude, and one update destroys what was learned.
      """,
    fires: """
      Above 2 decades (exploding-through-time.growth): an error where the loss has not fallen, a \
      warning where it has by less than half, else a note. It stays where δ has calmed down after \
      most of a run that has learned little.
      """,
    causes: ["recurrent-weights: a largest singular value above 1"],
    remedies: [.gatedRecurrence, .orthogonalInitialization, .clipping, .lowerLearningRate()],
    reference: """
      R. Pascanu, T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural networks, \
      ICML 2013.
      """)
}
