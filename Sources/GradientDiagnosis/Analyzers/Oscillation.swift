import GradientTrace

/// The loss swings to and fro instead of settling.
public struct Oscillation: Analyzer {
  private let context: AnalysisContext
  private var loss: LossProgress
  private var rhythm: LossRhythm
  private var alarm = Hysteresis()
  /// The last swing that was over the thresholds: where it comes and goes, the alarm stands for 5 judgments.
  private var latest: LossRhythm.Swing?
  private var strongest = 0.0
  /// The examples of the last step.
  private var batch: Int?

  public static let explainedBy = [
    CausalLink("unnormalized-input"), CausalLink("learning-rate-too-high"),
    CausalLink("exploding-gradient"),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    loss = LossProgress(context.header.run)
    rhythm = LossRhythm(context.header.run)
  }

  public mutating func observe(_ step: ObservedStep) {
    let before = rhythm.count
    batch = step.examples ?? batch
    loss.observe(step.record)
    rhythm.observe(step.record)
    if rhythm.count > before, rhythm.count >= Evaluation.window,
      Evaluation.isDue(after: rhythm.count)
    {
      evaluate()
    }
  }

  private mutating func evaluate() {
    guard let swing = rhythm.swing else { return }
    strongest = min(strongest, swing.correlation)
    let first = min(rhythm.firstStep ?? loss.lastStep, loss.lastStep)
    let isOver = isOver(swing)
    if isOver { latest = swing }
    alarm.note(isOver ? .warning : nil, over: first...loss.lastStep)
  }

  /// Whether the swing is regular, high next to the loss and to what there is to learn, and higher than what is gained.
  private func isOver(_ swing: LossRhythm.Swing) -> Bool {
    guard let current = loss.current, let baseline = loss.baseline else { return false }
    return swing.correlation < -context.value(Thresholds.oscillationCorrelation)
      && swing.height > context.value(Thresholds.oscillationHeight) * abs(current)
      && swing.height > context.value(Thresholds.oscillationShare) * abs(baseline)
      && swing.height > swing.progress
  }

  /// Whether a batch is a whole epoch, so that there is none larger.
  private var takesAllExamples: Bool {
    guard let all = context.header.run.examplesPerEpoch, let batch else { return false }
    return batch >= all
  }

  public func outcome(ended: Bool) -> Outcome {
    guard loss.count > 0 else { return .notChecked("no loss in this trace") }
    guard rhythm.count >= Evaluation.window else {
      return .notChecked(
        "\(rhythm.count) losses (of steps, or of short epochs); it takes \(Evaluation.window)")
    }
    var judged = self
    if ended { judged.evaluate() }
    guard judged.alarm.worst != nil, let raised = judged.alarm.raisedAtStep,
      let first = judged.alarm.firstStep, let swing = judged.latest, let current = loss.current
    else {
      return .clear(
        "the loss has no steady beat: its autocorrelation is at least "
          + "\(Wording.short(strongest)); alarm below "
          + Wording.short(-context.value(Thresholds.oscillationCorrelation)))
    }
    let beat =
      swing.halfPeriod == 1 ? "from one step to the next" : "every \(swing.halfPeriod) steps"
    let rate = loss.learningRate
    return .found([
      Finding(
        id: Self.explanation.id, severity: .warning, layer: nil, firstStep: first,
        raisedAtStep: raised, lastStep: loss.lastStep, statistic: "autocorrelation",
        value: swing.correlation, threshold: -context.value(Thresholds.oscillationCorrelation),
        healthy: -0.4...1,
        cause: Cause(
          id: "learning-rate",
          text: "The steps overshoot the minimum and come back"
            + (swing.halfPeriod == 1 ? "" : "; with momentum it takes several of them to turn")
            + (rate.map { ". The learning rate is \(Wording.short($0))." } ?? ".")),
        message: "The loss turns \(beat), by \(Wording.loss(swing.height)) around "
          + "\(Wording.loss(current)), since step \(first), and does not settle.",
        remedies: [.lowerLearningRate(than: rate)]
          + (swing.halfPeriod == 1 ? [] : [.lowerMomentum])
          + (takesAllExamples ? [] : [.largerBatch]))
    ])
  }
}

extension Oscillation {
  public static let explanation = Explanation(
    id: "oscillation",
    summary: "The loss swings to and fro at a steady beat instead of settling.",
    measures: """
      The losses of the last 50 steps around their trend (of 50 epochs, where an epoch has 2 to 25 \
      steps): the lowest autocorrelation at a distance of 1 to 12 steps, which is −1 for a pure \
      swing and near 0 for the noise of batches, and the height from the 10th to the 90th percentile.
      """,
    matters: """
      A step longer than the valley is wide lands on its other side. The loss then turns about a \
      value that it could be far below.
      """,
    fires: """
      A warning where the autocorrelation is below −0.6 (oscillation.correlation) and the swing is \
      higher than half the loss (oscillation.height), than a twentieth of the best constant \
      prediction's (oscillation.share), and than what the trend gains over the window.
      """,
    causes: ["learning-rate: too high for the curvature, or too much momentum"],
    remedies: [.lowerLearningRate(), .lowerMomentum, .largerBatch],
    reference: """
      J. Cohen et al., Gradient descent on neural networks typically occurs at the edge of \
      stability, ICLR 2021.
      """)
}
