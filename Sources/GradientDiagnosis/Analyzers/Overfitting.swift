import GradientTrace

/// The validation loss has turned and climbs, while the training loss goes on falling.
public struct Overfitting: Analyzer {
  private let context: AnalysisContext
  private var training: LossProgress
  private var first: Double?
  /// The lowest validation loss, its step, and the training loss then.
  private var best: (loss: Double, step: Int, training: Double)?
  private var sinceBest = RollingWindow<Double>(capacity: 5)
  private var count = 0
  private var sinceBestCount = 0
  private var lastTaken: Int?
  private var lastStep = 0
  private var worstShare = 0.0
  private var raised: (share: Double, step: Int)?

  public static let explainedBy = [
    CausalLink("learning-rate-too-high", .ever), CausalLink("oscillation", .ever),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    training = LossProgress(context.header.run)
  }

  public mutating func observe(_ step: ObservedStep) {
    training.observe(step.record)
    guard let loss = step.record.validationLoss, loss.isFinite, let now = training.current else {
      return
    }
    lastStep = step.step
    count += 1
    first = first ?? loss
    if loss < best?.loss ?? .infinity {
      best = (loss, step.step, now)
      sinceBest = RollingWindow(capacity: sinceBest.capacity)
      sinceBestCount = 0
      lastTaken = nil
      raised = nil
      return
    }
    // Measurements a few steps apart say the same.
    guard step.step - (lastTaken ?? best?.step ?? 0) >= Evaluation.grace else { return }
    lastTaken = step.step
    sinceBest.append(loss)
    sinceBestCount += 1
    if raised == nil, let share, share > context.value(Thresholds.overfittingLoss) {
      raised = (share, step.step)
    }
  }

  /// The share of what validation had gained by its best that it has lost since, while training went on to gain; what was
  /// never better than a constant answer is held against that.
  private var share: Double? {
    guard let best, let first, let now = median(sinceBest.unordered),
      sinceBestCount >= Self.leastMeasurements, let current = training.current,
      (training.fall ?? 0) > context.value(Thresholds.learningFall),
      current < best.training
    else { return nil }
    // A loss that began far above a constant answer's has gained nothing by coming down to it.
    let start = training.baselineIsMeasured ? training.baseline ?? first : first
    let least = context.value(Thresholds.learningFall) * abs(start)
    let gain = max(start - best.loss, least)
    return gain > 0 ? (now - min(best.loss, start)) / gain : nil
  }

  /// The measurements after the best one that it takes to say that it was the best.
  private static let leastMeasurements = 3

  public func outcome(ended: Bool) -> Outcome {
    guard count > 0, let best else { return .notChecked("no validation loss in this trace") }
    guard count > Self.leastMeasurements else {
      return .notChecked(
        "the validation loss was measured \(count) times; it takes \(Self.leastMeasurements + 1)")
    }
    let share = share ?? 0
    guard share > context.value(Thresholds.overfittingNote) else {
      return .clear(
        "the validation loss lies \(Wording.percent(max(0, share))) of its gain above its lowest, "
          + "that of step \(best.step)")
    }
    let limit = context.value(Thresholds.overfittingLoss)
    let now = median(sinceBest.unordered) ?? best.loss
    return .found([
      Finding(
        id: Self.explanation.id, severity: share > limit ? .warning : .info, layer: nil,
        firstStep: best.step, raisedAtStep: raised?.step ?? lastStep, lastStep: lastStep,
        statistic: "lost-gain", value: share, threshold: limit, healthy: 0...0.25,
        cause: Cause(
          id: "data",
          text: "What is still learned after step \(best.step) holds for the training examples "
            + "alone: the network is large for so few of them, or trained for too long."),
        message: "The validation loss was lowest at step \(best.step), where it was "
          + "\(Wording.loss(best.loss)); it has climbed to \(Wording.loss(now)) since (median of its last "
          + "\(sinceBest.elements.count) measurements), while the training loss went on falling.",
        remedies: [.stopEarly(at: best.step), .weightDecay, .dropout, .moreData])
    ])
  }
}

extension Overfitting {
  public static let explanation = Explanation(
    id: "overfitting",
    summary: "The validation loss has turned and climbs, while the training loss still falls.",
    measures: """
      The share of what the validation loss had gained at its lowest, against the best constant \
      prediction or, where a trace doesn't tell that, its own first value, that it has lost since: \
      (now − lowest)/(start − lowest), now being the median of the last 5 measurements at least 10 \
      steps apart. A gain of less than a tenth of the start counts as one of a tenth; a loss that \
      never came below the start is held against the start.
      """,
    matters: """
      From the lowest point on the network learns what holds for its training examples alone. \
      Longer training makes it worse on everything else.
      """,
    fires: """
      After 3 measurements past the lowest, a warning where more than all of the gain is lost \
      (overfitting.loss), a note above a quarter (overfitting.note), if the training loss has fallen \
      and goes on falling. It names the step to stop at.
      """,
    causes: ["data: too few examples for so many weights, or too many passes over them"],
    remedies: [.stopEarly(), .weightDecay, .dropout, .moreData],
    reference:
      "L. Prechelt, Early stopping – but when?, Neural Networks: Tricks of the Trade (1998).")
}
