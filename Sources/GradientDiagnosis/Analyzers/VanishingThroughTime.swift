public import GradientTrace

/// δ of a recurrent layer fades on its way back to the first steps of a sequence.
public struct VanishingThroughTime: Analyzer {
  private let context: AnalysisContext
  private var profile: TimeProfile
  private var loss: LossProgress
  private var alarm = Hysteresis()
  private var airedAtStep: Int?
  private var largest = 0.0

  public static let explainedBy = [
    CausalLink("unnormalized-input", .notAfter), CausalLink("learning-rate-too-high", .notAfter),
    CausalLink("exploding-gradient", .before), CausalLink("zero-initialization"),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    profile = TimeProfile(context)
    loss = LossProgress(context.header.run)
  }

  public mutating func observe(_ step: StepRecord) {
    loss.observe(step)
    let before = profile.count
    profile.observe(step)
    if profile.count > before, Evaluation.isDue(after: profile.count) { evaluate() }
  }

  private mutating func evaluate() {
    guard let window = profile.steps else { return }
    largest = max(largest, profile.layers.indices.compactMap(profile.fade).max() ?? 0)
    alarm.note(worst.map { _ in .warning }, over: window)
    if alarm.raisedAtStep != nil, hasHadTime { airedAtStep = airedAtStep ?? window.upperBound }
  }

  /// The recurrent layer that loses most, if that is over the threshold.
  private var worst: (place: Int, fade: Double)? {
    profile.layers.indices
      .compactMap { place in profile.fade(place).map { (place: place, fade: $0) } }
      .filter {
        $0.fade > context.value(Thresholds.timeAttenuation, layer: profile.layers[$0.place])
      }
      .max { $0.fade < $1.fade }
  }

  /// Whether a run that goes on has had a window to mend itself, as gates do that open first.
  private var hasHadTime: Bool {
    profile.count >= Evaluation.window || loss.nonFiniteStep != nil
  }

  public func outcome(ended: Bool) -> Outcome {
    guard profile.count > 0 else { return .notChecked("no δ by time step in this trace") }
    var judged = self
    if ended {
      judged.evaluate()
      judged.alarm.endRun()
    }
    guard ended || hasHadTime, judged.alarm.isPresent, let raised = judged.alarm.raisedAtStep,
      let first = judged.alarm.firstStep, let worst
    else {
      return .clear(
        "δ loses at most \(Wording.decades(judged.largest)) decades through time; alarm above "
          + Wording.decades(context.value(Thresholds.timeAttenuation)))
    }
    let layer = profile.layers[worst.place]
    let length = profile.lengths[worst.place]
    return .found([
      Finding(
        id: Self.explanation.id, severity: loss.harm(context), layer: context.name(layer),
        layers: [context.name(layer)], firstStep: first, raisedAtStep: judged.airedAtStep ?? raised,
        lastStep: judged.alarm.lastStep ?? raised, statistic: "attenuation", value: worst.fade,
        threshold: context.value(Thresholds.timeAttenuation, layer: layer), healthy: -1...2,
        cause: Cause(
          id: "recurrent-weights",
          text: "Every step back in time multiplies δ by the recurrent weights and the slope of "
            + "the activation, here by \(Wording.short(Magnitude.power(-worst.fade / Double(max(length - 1, 1))))) a step."
        ),
        message: "δ of \(context.name(layer)) loses \(Wording.decades(worst.fade)) decades "
          + "(\(Wording.factor(worst.fade))) on its way from time step \(length) back to the "
          + "first: what a sequence begins with is not learned.",
        remedies: [.gatedRecurrence, .orthogonalInitialization, .shorterSequences])
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
      Above 3 decades (vanishing-through-time.attenuation): an error where the loss has not \
      fallen, a warning where it has by less than half, else a note, since many tasks are decided by the last steps.
      """,
    causes: [
      "recurrent-weights: an initial scale below 1, or a saturated tanh",
      "architecture: a plain recurrent layer over a long sequence",
    ],
    remedies: [.gatedRecurrence, .orthogonalInitialization, .shorterSequences],
    reference: """
      Y. Bengio, P. Simard, P. Frasconi, Learning long-term dependencies with gradient descent is \
      difficult, IEEE Transactions on Neural Networks 5 (1994).
      """)
}
