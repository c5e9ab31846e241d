import GradientTrace

/// Every layer moves so little that the run ends where it began.
public struct LearningRateTooLow: Analyzer {
  private let context: AnalysisContext
  private var loss: LossProgress
  private var sizes: StepSizes
  private var rates = RollingWindow<Double>(capacity: Evaluation.window)
  private var alarm = Hysteresis()
  /// Whether gradients of weights were told, and one of them was not zero, as long as nothing had moved.
  private var knowsGradients = false
  private var hasGradient = false

  public static let explainedBy = [
    CausalLink("clipping-always-on"), CausalLink("vanishing-gradient"),
    CausalLink("vanishing-through-time"), CausalLink("blocked-gradient"),
    CausalLink("dead-relu"), CausalLink("saturated-activation"),
    CausalLink("zero-initialization"), CausalLink("untrained-layer"),
    CausalLink("non-finite"), CausalLink("exploding-gradient"),
    CausalLink("unnormalized-input"), CausalLink("subnormal-gradient"),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    loss = LossProgress(context.header.run)
    sizes = StepSizes(context)
  }

  public mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    sizes.observe(step, leapsOver: .infinity)
    if let rate = step.learningRate { rates.append(rate) }
    if sizes.largest?.ratio ?? 0 == 0, !hasGradient { lookForGradients(step.record) }
    if loss.count >= Evaluation.window, Evaluation.isDue(after: loss.count) { evaluate() }
  }

  private mutating func lookForGradients(_ step: StepRecord) {
    for layer in context.graph.weightLayers where layer < step.layers.count {
      for weight in context.weights[layer] {
        guard let parameters = step.layers[layer]?.parameters, weight.place < parameters.count,
          let gradient = parameters[weight.place]?.gradientRMS
        else { continue }
        knowsGradients = true
        hasGradient = hasGradient || gradient != 0
      }
    }
  }

  /// Whether nothing moves since there is nothing to follow: every gradient is exactly zero.
  private var lacksGradients: Bool {
    sizes.largest?.ratio == 0 && knowsGradients && !hasGradient
  }

  private mutating func evaluate(ended: Bool = false) {
    let limit = limit(ended: ended)
    let isLow =
      sizes.coversMost && (sizes.mean ?? 1) < limit && !hasMovedFast && !isWarmingUp
      && !willLearn
    alarm.note(isLow ? .warning : nil, over: loss.firstStep...max(loss.firstStep, loss.lastStep))
  }

  /// The usual update below which a rate is too low: more in a short run, which ends after few of them.
  private func limit(ended: Bool) -> Double {
    let least = context.value(Thresholds.lowRateUpdate)
    let taken = loss.lastStep - loss.firstStep + 1
    guard let steps = context.header.run.plannedSteps ?? (ended ? taken : nil) else { return least }
    return max(least, context.value(Thresholds.lowRatePath) / Double(max(steps, taken, 1)))
  }

  /// Whether the weights moved well at some time, so that it is not the rate that stopped them.
  private var hasMovedFast: Bool {
    (sizes.largest?.ratio ?? 0) > 100 * context.value(Thresholds.lowRateUpdate)
  }

  /// Whether the learning rate still rises, so that nothing is said of where it will end.
  private var isWarmingUp: Bool {
    guard let first = rates.first, let last = rates.last else { return false }
    return last > 1.05 * first
  }

  /// Whether the loss has fallen, or will have by the end of the planned run if it goes on like this.
  private var willLearn: Bool {
    guard let fall = loss.fall, let start = loss.start, let current = loss.current,
      let baseline = loss.baseline
    else { return true }
    let needed = context.value(Thresholds.learningFall)
    if fall > context.value(Thresholds.littleFall)
      || (loss.excess ?? 1) > context.value(Thresholds.lossRatio)
    {
      return true
    }
    let planned = Double(max(context.header.run.plannedSteps ?? 0, loss.count))
    let expected = start - (start - current) * planned / Double(max(loss.count, 1))
    // A start that happens to lie below the constant's loss has learned nothing yet.
    let yardstick = min(baseline, start)
    return yardstick != 0 && (yardstick - expected) / abs(yardstick) > needed
  }

  public func outcome(ended: Bool) -> Outcome {
    guard loss.count > 0 else {
      return .notChecked(
        loss.nonFiniteStep == nil ? "no loss in this trace" : "the loss was never finite")
    }
    guard let usual = sizes.mean else {
      return .notChecked("no updates of weights in this trace")
    }
    guard sizes.coversMost else {
      return .notChecked("updates of fewer than half the layers in this trace")
    }
    guard !lacksGradients else {
      return .notChecked("every gradient is exactly zero, which no learning rate makes up for")
    }
    guard loss.count >= Evaluation.window else {
      return .notChecked(
        "only \(Wording.steps(loss.count)); it takes \(Evaluation.window) to call them too small")
    }
    var judged = self
    if ended { judged.evaluate(ended: true) }
    let limit = limit(ended: ended)
    guard judged.alarm.isPresent, let raised = judged.alarm.raisedAtStep,
      let start = loss.start, let current = loss.current
    else {
      return .clear(
        "the fastest layer moves by \(Wording.short(usual)) of its weights a step on average; alarm below "
          + "\(Wording.short(limit)), if the loss does not fall")
    }
    let rate = loss.learningRate
    let hardlyFell = start - current < Self.progress * abs(start)
    return .found([
      Finding(
        id: Self.explanation.id, severity: hardlyFell ? .error : .warning, layer: nil,
        firstStep: loss.firstStep, raisedAtStep: raised, lastStep: loss.lastStep,
        statistic: "update-ratio", value: usual, threshold: limit, healthy: StepSizes.healthy,
        cause: cause(usual),
        message: "No layer moves"
          + (usual > 0
            ? " by more than \(Wording.short(usual)) of its weights a step on average" : " at all")
          + ", and the loss has gone from \(Wording.loss(loss.first ?? start)) to \(Wording.loss(current)) in "
          + "\(Wording.count(loss.count)) steps.",
        remedies: [.higherLearningRate(than: rate)]
          + (usual > 0 ? [.adaptiveOptimizer] : [.scaleLoss, .adaptiveOptimizer]))
    ])
  }

  private func cause(_ usual: Double) -> Cause {
    let rate = loss.learningRate.map { "; the learning rate is \(Wording.short($0))." } ?? "."
    return Cause(
      id: "learning-rate",
      text: usual > 0
        ? "At \(Wording.short(usual)) of its weights a step, even the fastest layer takes "
          + "\(Wording.short(1 / usual)) steps to move by the size of its own weights" + rate
        : "Every update is lost to rounding: learning rate times gradient lies below the last digit "
          + "of every weight" + rate)
  }

  /// The share of its start by which a loss must have fallen for the run to be called slow, not stuck.
  private static let progress = 0.02
}

extension LearningRateTooLow {
  public static let explanation = Explanation(
    id: "learning-rate-too-low",
    summary: "All layers move so little at each step that the run ends where it began.",
    measures: """
      At each step the largest real update:weight ratio, ‖ΔW‖/‖W‖, of any layer with weights, its \
      mean over the run, which a rate that has decayed does not hide; and the loss, drawn out to the end of the planned run.
      """,
    matters: """
      A network learns by moving away from its random start. Where even its fastest layer moves by \
      a hundred-thousandth a step, it takes a hundred thousand steps to get anywhere.
      """,
    fires: """
      After 50 steps with a mean below 1e-4 (learning-rate-too-low.update-ratio), or below what \
      adds up to 3 % of the weights in the whole run (learning-rate-too-low.path), if the loss \
      neither has fallen nor will by the end of the planned run, no update was ever a hundred times \
      as large, and the learning rate no longer rises. An error where the loss has fallen by less than 2 %, else a warning.
      """,
    causes: [
      "learning-rate: too low, or decayed too early",
      "a loss scaled down, with an optimizer whose steps follow the gradient's size",
      "clipping: a limit far below the gradient's norm",
    ],
    remedies: [.higherLearningRate(), .adaptiveOptimizer],
    reference: """
      L. Smith, Cyclical learning rates for training neural networks, WACV 2017: the range test.
      """)
}
