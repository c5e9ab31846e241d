import GradientTrace

/// The updates are of the size of the weights themselves, and nothing is learned.
public struct LearningRateTooHigh: Analyzer {
  private let context: AnalysisContext
  private var loss: LossProgress
  private var sizes: StepSizes
  private var alarm = Hysteresis()
  private var airedAtStep: Int?
  /// The lowest median of the loss so far.
  private var lowest: Double?

  public static let explainedBy = [
    CausalLink("unnormalized-input"), CausalLink("exploding-gradient", .notAfter),
    CausalLink("exploding-through-time", .notAfter), CausalLink("zero-initialization"),
    CausalLink("symmetric-initialization"),
  ]

  /// The symptoms that tell of a learning rate themselves, so that it need not be told twice.
  private static let tellingOfIt: Set<String> = ["dead-relu", "exploding-gradient", "non-finite"]

  public init(_ context: AnalysisContext) {
    self.context = context
    loss = LossProgress(context.header.run)
    sizes = StepSizes(context)
  }

  public mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    sizes.observe(step, leapsOver: context.value(Thresholds.highRateLeap))
    if Evaluation.isDue(after: loss.count) { evaluate() }
  }

  private mutating func evaluate() {
    if let current = loss.current { lowest = min(lowest ?? current, current) }
    let isHarmful = hasHadTime && harm > .info && crossing != nil
    alarm.note(
      isHarmful ? .warning : nil, over: loss.firstStep...max(loss.firstStep, loss.lastStep))
    if alarm.raisedAtStep != nil, !loss.mayMend(context) {
      airedAtStep = airedAtStep ?? loss.lastStep
    }
  }

  /// As bad as the loss says; a warning at least where it has lost what it had gained.
  private var harm: Severity {
    let harm = loss.harm(context)
    guard let lowest, let current = loss.current, let baseline = loss.baseline else { return harm }
    let relapse = context.value(Thresholds.highRateRelapse) * abs(baseline)
    return current - lowest > relapse ? max(harm, .warning) : harm
  }

  /// Whether the loss could have fallen by now, or has diverged instead.
  private var hasHadTime: Bool {
    loss.count >= Evaluation.patience
      || (loss.excess ?? 0) > context.value(Thresholds.lossRatio)
  }

  /// What says that the updates are too large: the usual one, or several that leapt.
  private var crossing: DepthShape.Crossing? {
    let leaps = context.value(Thresholds.highRateLeaps)
    if Double(sizes.leaps) >= leaps { return ("leaps", Double(sizes.leaps), leaps) }
    guard let typical = sizes.typical else { return nil }
    let limit = context.value(Thresholds.highRateUpdate)
    if typical > limit { return ("update-ratio", typical, limit) }
    // A loss above where it started needs smaller steps to be explained by them.
    let rising = context.value(Thresholds.highRateRising)
    guard let excess = loss.excess, excess > context.value(Thresholds.highRateExcess),
      typical > rising
    else { return nil }
    return ("update-ratio", typical, rising)
  }

  public func outcome(ended: Bool) -> Outcome {
    var judged = self
    if ended {
      judged.evaluate()
      judged.alarm.endRun()
    }
    if !ended, loss.mayMend(context) { return .clear(judged.quiet) }
    return judged.conclusion()
  }

  /// What is said where nothing is wrong.
  private var quiet: String {
    guard let typical = sizes.typical, let largest = sizes.largest else { return "" }
    return "the fastest layer usually moves by \(Wording.short(typical)) of its weights a step, at "
      + "most by \(Wording.movement(largest.ratio))"
  }

  private func conclusion() -> Outcome {
    guard loss.count > 0 else {
      return .notChecked(
        loss.nonFiniteStep == nil ? "no loss in this trace" : "the loss was never finite")
    }
    guard let typical = sizes.typical, let largest = sizes.largest else {
      return .notChecked("no updates of weights in this trace")
    }
    guard alarm.isPresent, let raised = alarm.raisedAtStep, let crossing else {
      return .clear(quiet)
    }
    let leap = sizes.firstLeap ?? largest
    let layer = context.name(leap.layer)
    let rate = leap.learningRate ?? loss.learningRate
    return .found([
      Finding(
        id: Self.explanation.id, severity: harm, layer: layer, layers: [layer],
        firstStep: sizes.firstLeap?.step ?? loss.firstStep, raisedAtStep: airedAtStep ?? raised,
        lastStep: loss.lastStep, statistic: crossing.statistic, value: crossing.value,
        threshold: crossing.threshold, healthy: StepSizes.healthy,
        cause: Cause(
          id: "learning-rate",
          text: "Steps of this length overshoot every minimum"
            + (rate.map { "; the learning rate is \(Wording.short($0))." } ?? ".")
        ), message: message(typical, largest),
        remedies: [.lowerLearningRate(than: rate), .clipping, .batchNormalization, .warmup])
    ])
  }

  private func message(_ typical: Double, _ largest: StepSizes.Leap) -> String {
    let now = loss.current.map { Wording.loss($0) } ?? "not known"
    let first = loss.first.map { ", \(Wording.loss($0)) at the start" } ?? ""
    let hasFallen =
      (loss.current ?? .infinity)
      < (1 - context.value(Thresholds.learningFall)) * (loss.first ?? -.infinity)
    return
      "The fastest layer usually moves by \(Wording.short(typical)) of its weights a step; the update "
      + "of step \(largest.step) moved \(context.cited(largest.layer)) by "
      + "\(Wording.movement(largest.ratio)). The loss \(hasFallen ? "falls too little" : "is thrown about"): "
      + "\(now) now\(first)."
  }

  /// Whether another finding already blames the learning rate, so that `finding` says nothing new.
  static func isTold(_ finding: Finding, by others: [Finding]) -> Bool {
    finding.id == explanation.id && others.contains(where: isBlamed)
  }

  /// Whether a finding of another symptom is an alarm that blames the learning rate.
  static func isBlamed(by finding: Finding) -> Bool {
    tellingOfIt.contains(finding.id) && finding.severity > .info
      && finding.cause.id == "learning-rate"
  }
}

extension LearningRateTooHigh {
  public static let explanation = Explanation(
    id: "learning-rate-too-high",
    summary:
      "The updates are of the size of the weights, so the loss is thrown about, not lowered.",
    measures: """
      At each step the largest real update:weight ratio, ‖ΔW‖/‖W‖, of any layer with weights: its \
      median over the last 50 steps, and the number of steps at which it leapt. Beside it the loss, \
      against that of the best constant prediction.
      """,
    matters: """
      The gradient tells the slope where the weights are. A step as long as the weights ends \
      somewhere else, where that slope says nothing, and often where units are saturated or dead.
      """,
    fires: """
      While the loss has fallen by less than half (not-learning.little), or has climbed back by a \
      fifth of the best constant prediction's (learning-rate-too-high.relapse): where the median is \
      above 0.1 (learning-rate-too-high.update-ratio), where 2 steps (learning-rate-too-high.leaps) \
      were larger than 0.3 (learning-rate-too-high.leap), or where the loss stands at 1.2 times its \
      start (learning-rate-too-high.excess) and the median is above 0.01 \
      (learning-rate-too-high.rising-update-ratio). An error where the loss has not fallen, else a \
      warning. The first 10 updates of weights that start at zero do not count. It is not told \
      again where dead-relu, exploding-gradient or non-finite already blame the learning rate.
      """,
    causes: [
      "learning-rate: too high for this network and batch size, or without a warm-up",
      "input-scale: inputs that were not normalized make gradients too large",
    ],
    remedies: [.lowerLearningRate(), .clipping, .batchNormalization, .warmup],
    reference: """
      Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, Efficient BackProp (1998), section 4.7; \
      A. Karpathy's rule that ‖ΔW‖/‖W‖ be about 1e-3.
      """)
}
