import GradientTrace

/// The loss does not fall below what a model reaches that ignores its inputs.
public struct NotLearning: Analyzer {
  private let context: AnalysisContext
  private var loss: LossProgress

  public static let explainedBy = [
    "zero-initialization", "symmetric-initialization", "unnormalized-input", "exploding-gradient",
    "exploding-through-time", "dead-relu", "non-finite", "blocked-gradient",
    "learning-rate-too-high", "saturated-activation", "vanishing-gradient",
    "vanishing-through-time", "untrained-layer", "loss-divergence", "clipping-always-on",
    "learning-rate-too-low", "oscillation", "subnormal-gradient", "dormant-units",
    "collapsed-output",
  ].map { CausalLink($0) }

  public init(_ context: AnalysisContext) {
    self.context = context
    loss = LossProgress(context.header.run)
  }

  public mutating func observe(_ step: ObservedStep) { loss.observe(step.record) }

  public func outcome(ended: Bool) -> Outcome {
    if let step = loss.nonFiniteStep {
      return .notChecked("the loss is not finite since step \(step)")
    }
    guard let fall = loss.fall, let start = loss.start, let current = loss.current,
      let first = loss.first
    else {
      return .notChecked("no loss in this trace")
    }
    let threshold = context.value(Thresholds.learningFall)
    let now = "the loss is \(Wording.loss(current)) now, \(Wording.loss(first)) at the start"
    if fall > threshold {
      return .clear(
        first > current
          ? "the loss fell from \(Wording.loss(first)) to \(Wording.loss(current)); \(yardstick)"
          : "\(now); \(yardstick)")
    }
    if let excess = loss.excess, excess > context.value(Thresholds.lossRatio) {
      return .notChecked("the loss has diverged: \(now)")
    }
    guard ended else { return .notChecked("the run goes on: \(now)") }
    guard loss.count >= Evaluation.patience else {
      return .notChecked(
        "only \(Wording.steps(loss.count)): \(now); it takes \(Evaluation.patience) to say that it "
          + "does not fall"
      )
    }
    if fall < -threshold, current < start - threshold * abs(start) {
      return .notChecked("the loss still falls: \(now); \(yardstick)")
    }
    let gain = first == 0 ? 0 : (first - current) / abs(first)
    let verdict =
      gain < Self.leastGain
      ? "The loss has not fallen" : "The loss has fallen by \(Wording.percent(gain)) only"
    return .found([
      Finding(
        id: Self.explanation.id, severity: .warning, layer: nil, firstStep: loss.firstStep,
        raisedAtStep: loss.lastStep, lastStep: loss.lastStep, statistic: "fall", value: fall,
        threshold: threshold,
        cause: cause,
        message: "\(verdict): \(now.dropFirst("the loss is ".count)); \(yardstick).",
        remedies: unlearnable?.remedies ?? remedies)
    ])
  }

  /// The share of its start by which a loss must have fallen for that to be told.
  private static let leastGain = 0.005

  private var remedies: [Remedy] {
    let recurrent = context.header.layers.lazy.map(\.kind).first {
      ["rnn", "lstm", "gru"].contains($0)
    }
    return [.checkTargets, .higherLearningRate(than: loss.learningRate), .adaptiveOptimizer]
      + (recurrent.map(Remedy.memory) ?? []) + [.batchNormalization]
  }

  /// What the preflight says where not even a handful of examples could be learned.
  private var unlearnable: Preflight.Warning? {
    context.preflight?.warnings.first { $0.check == .overfit }
  }

  /// What holds the loss up, as far as learning a handful of examples by heart tells.
  private var cause: Cause {
    if let unlearnable { return unlearnable.cause }
    guard let overfit = context.preflight?.overfit, let steps = overfit.steps else {
      return Cause(id: "unknown", text: "The loss alone does not tell what holds it up.")
    }
    return Cause(
      id: "unknown",
      text: "Before the run \(overfit.examples) examples were learned by heart in "
        + "\(Wording.steps(steps)) of adam, so gradients arrive and there are units enough. What "
        + "remains is the learning rate, the optimizer, the length of the run, or the data.")
  }

  /// What the loss is held against.
  private var yardstick: String {
    guard loss.baselineIsMeasured, let baseline = loss.baseline else {
      return "its start stands for the best constant prediction, which this trace does not tell"
    }
    return "the best constant prediction costs \(Wording.loss(baseline))"
  }
}

extension NotLearning {
  public static let explanation = Explanation(
    id: "not-learning",
    summary: "The loss does not fall below that of the best constant prediction.",
    measures: """
      The median loss of the last 50 steps (of the later half of a shorter run), against the loss \
      of the best constant prediction: for classes, always answering with their frequencies; for \
      numbers, with their mean. Where a trace does not tell it, the median of the first 5 steps \
      stands for it.
      """,
    matters: """
      Gradients that look well prove nothing while nothing is learned. This is the guard that \
      keeps a run from being called healthy because nothing alarming was seen.
      """,
    fires: """
      When a run of at least 20 steps ends with a loss less than 10 % below that of the best \
      constant prediction (not-learning.fall). With another finding to explain it, it is a \
      warning; alone it is a note, and the verdict is inconclusive.
      """,
    causes: [
      "another symptom: vanished or exploded gradients, dead units",
      "architecture: not even a handful of examples could be learned before the run (preflight)",
      "learning-rate: too low to show within the run, or too high to settle",
      "data: targets that do not belong to their inputs",
    ],
    remedies: [.checkTargets, .higherLearningRate(), .adaptiveOptimizer, .batchNormalization],
    reference: """
      A. Karpathy, A recipe for training neural networks (2019): compare with an input-independent \
      baseline.
      """)
}
