import GradientTrace

/// The loss grows far beyond its start and stays there.
public struct LossDivergence: Analyzer {
  private let context: AnalysisContext
  private var loss: LossProgress
  private var sizes: StepSizes
  private var alarm = Hysteresis()
  private var highSince: Int?

  public static let explainedBy = [
    CausalLink("unnormalized-input", .ever), CausalLink("exploding-gradient", .ever),
    CausalLink("exploding-through-time", .ever), CausalLink("learning-rate-too-high", .ever),
    CausalLink("dead-relu", .before), CausalLink("non-finite", .ever, blaming: "learning-rate"),
    CausalLink("adversarial-imbalance", .ever),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    loss = LossProgress(context.header.run)
    sizes = StepSizes(context)
  }

  public mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    sizes.observe(step, leapsOver: .infinity)
    if let value = step.loss, value.isFinite, let reference = loss.reference {
      highSince = value > reference * ratio ? highSince ?? step.step : nil
    }
    if Evaluation.isDue(after: loss.count) { evaluate() }
  }

  private var ratio: Double { context.value(Thresholds.lossRatio) }

  private mutating func evaluate() {
    guard let excess = loss.excess else { return }
    guard excess > ratio, let since = highSince else {
      return alarm.note(nil, over: loss.firstStep...max(loss.firstStep, loss.lastStep))
    }
    // The losses of tiny batches leap about; a stretch without a single low one does not come of that.
    let hasLasted = loss.lastStep - since >= Evaluation.grace
    alarm.note(hasLasted ? .error : .warning, over: min(since, loss.lastStep)...loss.lastStep)
  }

  public func outcome(ended: Bool) -> Outcome {
    var judged = self
    if ended {
      judged.evaluate()
      judged.alarm.endRun()
    }
    return judged.conclusion()
  }

  private func conclusion() -> Outcome {
    guard let first = loss.first, let current = loss.current else {
      return .notChecked("no loss in this trace")
    }
    guard let excess = loss.excess, let reference = loss.reference else {
      return .notChecked("the loss is not above zero, so that a ratio of losses says nothing")
    }
    guard alarm.isPresent, let raised = alarm.raisedAtStep, let since = highSince else {
      return .clear(
        "the loss stands at \(Wording.short(excess)) times \(loss.referenceName); alarm above "
          + Wording.short(ratio)
      )
    }
    return .found([
      Finding(
        id: Self.explanation.id, severity: .error, layer: nil, firstStep: since,
        raisedAtStep: raised, lastStep: loss.lastStep, statistic: "loss-ratio", value: excess,
        threshold: ratio, healthy: 0...1,
        cause: cause,
        message: "The loss has diverged: from \(Wording.loss(first)) at the start to "
          + "\(Wording.loss(current)), above \(Wording.loss(reference * ratio)) ever since step "
          + "\(since).",
        remedies: remedies)
    ])
  }

  /// The largest update of the run, if even that is too small to leap over a minimum.
  private var smallSteps: Double? {
    guard sizes.coversMost, let largest = sizes.largest?.ratio,
      largest < context.value(Thresholds.highRateRising)
    else { return nil }
    return largest
  }

  /// A step at a rate below zero goes uphill, however small it is; others that are small are not to be made smaller still.
  private var remedies: [Remedy] {
    let lower = Remedy.lowerLearningRate(than: loss.learningRate)
    if isUphill { return [lower, .checkSign] }
    return smallSteps == nil ? [lower, .clipping, .warmup] : [.checkSign, .checkTargets]
  }

  private var isUphill: Bool { loss.learningRate.map { $0 < 0 } ?? false }

  private var cause: Cause {
    if isUphill, let rate = loss.learningRate {
      return Cause(
        id: "learning-rate",
        text: "The learning rate is \(Wording.short(rate)), below zero: every step climbs the loss."
      )
    }
    if let smallSteps {
      return Cause(
        id: "unknown",
        text: "No step moves a layer by more than \(Wording.short(smallSteps)) of its weights, too "
          + "little to leap over a minimum: the steps lead uphill, as with a wrong sign, or what is "
          + "asked of the network has changed.")
    }
    return Cause(
      id: "learning-rate",
      text: "Steps that are too large leap over the minimum and climb"
        + (loss.learningRate.map { "; the learning rate is \(Wording.short($0))." } ?? "."))
  }
}

extension LossDivergence {
  public static let explanation = Explanation(
    id: "loss-divergence",
    summary: "The loss grows far beyond where it started, and stays there.",
    measures: """
      The median loss of the last 50 steps (of the later half of a shorter run), divided by the \
      larger of the median of the first 5 and the loss of the best constant prediction.
      """,
    matters: """
      A loss above its start means that the updates make the model worse: longer training does \
      not help.
      """,
    fires: """
      Above 3 times (loss-divergence.ratio), if the loss has not come back below for 10 steps, or \
      3 of 5 times that it was looked at. Losses \
      that can be negative are not judged. A loss that is no longer finite belongs to non-finite.
      """,
    causes: [
      "learning-rate: steps that leap over the minimum, or a rate below zero, as a schedule can make it",
      "exploding gradients, or units that died and left the last layer alone",
      "unknown: a wrong sign in the update or the loss, where the steps are of ordinary size",
    ],
    remedies: [
      .constantRate, .checkSign, .checkTargets, .lowerLearningRate(), .clipping, .warmup,
    ],
    reference: "Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, Efficient BackProp (1998), section 4.7.")
}
