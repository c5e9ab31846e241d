import GradientTrace

/// δ of a recurrent layer fades on its way back to the first steps of a sequence.
public struct VanishingThroughTime: Analyzer {
  private let context: AnalysisContext
  private var drift: TimeDrift

  public static let explainedBy = [
    CausalLink("unnormalized-input", .notAfter), CausalLink("learning-rate-too-high", .notAfter),
    CausalLink("exploding-gradient", .before), CausalLink("zero-initialization"),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    drift = TimeDrift(
      context, above: Thresholds.timeAttenuation, whereNothingIsLearned: Thresholds.timeHeldUp)
  }

  public mutating func observe(_ step: ObservedStep) { drift.observe(step) }

  public func outcome(ended: Bool) -> Outcome {
    guard drift.isRecorded else { return .notChecked("no δ by time step in this trace") }
    let judged = ended ? drift.atEnd : drift
    guard let alarm = judged.alarm(ended: ended) else {
      return .clear(
        "δ loses at most \(Wording.decades(judged.largest)) decades through time; alarm above "
          + Wording.decades(context.value(Thresholds.timeAttenuation)))
    }
    let layer = alarm.layer
    return .found([
      Finding(
        id: Self.explanation.id, severity: judged.loss.harm(context), layer: context.name(layer),
        layers: [context.name(layer)], firstStep: alarm.firstStep, raisedAtStep: alarm.raisedAtStep,
        lastStep: alarm.lastStep, statistic: "attenuation", value: alarm.decades,
        threshold: context.value(alarm.threshold, layer: layer), healthy: -1...2,
        cause: Cause(
          id: "recurrent-weights",
          text: "Every step back in time multiplies δ by the recurrent weights and the slope of "
            + "the activation, here by \(Wording.short(Magnitude.power(-alarm.decadesPerTimeStep))), which takes "
            + "\(Wording.short(alarm.decadesPerTimeStep)) decades a step."
        ),
        message: "δ of \(context.cited(layer)) \(alarm.stands ? "loses" : "lost") "
          + "\(Wording.decades(alarm.decades)) decades (\(Wording.factor(alarm.decades))) on its way "
          + "from time step \(alarm.timeSteps) back to the first\(alarm.until): what a sequence begins "
          + "with \(alarm.stands ? "is" : "was") not learned.",
        remedies: Remedy.memory(of: context.kind(layer))
          + [.orthogonalInitialization, .adaptiveOptimizer, .shorterSequences])
    ])
  }
}

extension VanishingThroughTime {
  public static let explanation = Explanation(
    id: "vanishing-through-time",
    summary: "δ of a recurrent layer fades on its way back to the first steps of a sequence.",
    measures: """
      For each recurrent layer, log10 of the RMS of δ at the last time step minus that at the \
      first, as the median of the last 50 steps of training.
      """,
    matters: """
      A recurrent weight's gradient is the sum over all time steps. Where δ has faded, the early \
      ones take no part in it, and nothing is learned from what lies that far back.
      """,
    fires: """
      Above 3 decades (vanishing-through-time.attenuation), above 2 \
      (vanishing-through-time.held-up) where the layer's weights move and the loss has not fallen \
      in 50 steps: an error where the loss has not fallen, a warning where it has by less than \
      half, else a note, since many tasks are decided by the last steps. It stays where δ has come \
      back after most of a run that has learned little.
      """,
    causes: [
      "recurrent-weights: an initial scale below 1, or a saturated tanh",
      "architecture: a plain recurrent layer over a long sequence",
    ],
    remedies: [
      .gatedRecurrence, .longerMemory, .orthogonalInitialization, .adaptiveOptimizer,
      .shorterSequences,
    ],
    reference: """
      Y. Bengio, P. Simard, P. Frasconi, Learning long-term dependencies with gradient descent is \
      difficult, IEEE Transactions on Neural Networks 5 (1994); C. Tallec, Y. Ollivier, Can \
      recurrent neural networks warp time?, ICLR 2018.
      """)
}
