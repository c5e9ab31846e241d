public import GradientTrace

/// δ of a recurrent layer grows on its way back to the first steps of a sequence.
public struct ExplodingThroughTime: Analyzer {
  private let context: AnalysisContext
  private var profile: TimeProfile
  private var loss: LossProgress
  private var alarm = Hysteresis()
  private var airedAtStep: Int?
  private var largest = 0.0

  public static let explainedBy = [
    CausalLink("unnormalized-input", .notAfter), CausalLink("learning-rate-too-high", .before),
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
    largest = max(
      largest, profile.layers.indices.compactMap { profile.fade($0).map { -$0 } }.max() ?? 0)
    alarm.note(worst.map { _ in .warning }, over: window)
    if alarm.raisedAtStep != nil, hasHadTime { airedAtStep = airedAtStep ?? window.upperBound }
  }

  /// The recurrent layer that grows most, if that is over the threshold.
  private var worst: (place: Int, growth: Double)? {
    profile.layers.indices
      .compactMap { place in profile.fade(place).map { (place: place, growth: -$0) } }
      .filter { $0.growth > context.value(Thresholds.timeGrowth, layer: profile.layers[$0.place]) }
      .max { $0.growth < $1.growth }
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
        "δ grows by at most \(Wording.decades(judged.largest)) decades through time; alarm above "
          + Wording.decades(context.value(Thresholds.timeGrowth)))
    }
    let layer = profile.layers[worst.place]
    let length = profile.lengths[worst.place]
    return .found([
      Finding(
        id: Self.explanation.id, severity: loss.harm(context), layer: context.name(layer),
        layers: [context.name(layer)], firstStep: first, raisedAtStep: judged.airedAtStep ?? raised,
        lastStep: judged.alarm.lastStep ?? raised, statistic: "growth", value: worst.growth,
        threshold: context.value(Thresholds.timeGrowth, layer: layer), healthy: -2...1,
        cause: Cause(
          id: "recurrent-weights",
          text: "Every step back in time multiplies δ by the recurrent weights, here by "
            + "\(Wording.short(Magnitude.power(worst.growth / Double(max(length - 1, 1))))) a step."
        ),
        message: "δ of \(context.name(layer)) grows by \(Wording.decades(worst.growth)) decades "
          + "(\(Wording.factor(worst.growth))) on its way from time step \(length) back to the "
          + "first.",
        remedies: [
          .clipping, .orthogonalInitialization, .gatedRecurrence,
          .lowerLearningRate(than: loss.learningRate),
        ])
    ])
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
      warning where it has by less than half, else a note.
      """,
    causes: ["recurrent-weights: a largest singular value above 1"],
    remedies: [.clipping, .orthogonalInitialization, .gatedRecurrence, .lowerLearningRate()],
    reference: """
      R. Pascanu, T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural networks, \
      ICML 2013.
      """)
}
