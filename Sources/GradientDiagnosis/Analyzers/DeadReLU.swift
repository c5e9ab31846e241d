import GradientTrace

/// Units of an activation with a zero branch no longer fire for any example.
public struct DeadReLU: Analyzer {
  private let context: AnalysisContext
  private var activities: [UnitActivity]
  private var loss: LossProgress
  private var updates: LargestUpdates
  private var firstStep: Int?
  private var lastStep = 0
  private var raisedAtStep: Int?

  public static let explainedBy = [
    CausalLink("zero-initialization"), CausalLink("unnormalized-input"),
    CausalLink("exploding-gradient", .notAfter), CausalLink("vanishing-gradient", .notAfter),
    CausalLink("non-finite"),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    let run = context.header.run
    activities = context.header.layers.indices
      .filter { ActivationKind.withZeroBranch.contains(context.kind($0)) }
      .map { UnitActivity(layer: $0, run) }
    loss = LossProgress(run)
    updates = LargestUpdates(context)
  }

  public mutating func observe(_ step: ObservedStep) {
    firstStep = firstStep ?? step.step
    lastStep = step.step
    loss.observe(step.record)
    guard !activities.isEmpty else { return }
    updates.observe(step)
    var hasNews = false
    for index in activities.indices { hasNews = activities[index].observe(step.record) || hasNews }
    if hasNews, raisedAtStep == nil,
      worst(among: activities.filter(\.hasFullWindow), ended: false) != nil
    {
      raisedAtStep = step.step
    }
  }

  /// The layer with the largest share of dead units beyond chance, if that is over the threshold; the first of equals.
  private func worst(among candidates: [UnitActivity], ended: Bool) -> UnitActivity? {
    let threshold = threshold(ended: ended)
    return candidates.filter { isOver($0, threshold) }
      .max { ($0.excess, -$0.layer) < ($1.excess, -$1.layer) }
  }

  /// What a layer's excess is held against: more where the loss has fallen all the same, or still may.
  private func threshold(ended: Bool) -> Threshold {
    let isHarmless = loss.harm(context) == .info || !ended && loss.mayMend(context)
    return isHarmless ? Thresholds.deadHarmless : Thresholds.deadExcess
  }

  private func isOver(_ activity: UnitActivity, _ threshold: Threshold) -> Bool {
    let limit = context.value(threshold, layer: activity.layer)
    return activity.excess > max(limit, 3 * activity.chanceDeviation)
  }

  public func outcome(ended: Bool) -> Outcome {
    guard !activities.isEmpty else {
      return .notChecked("no activation with a zero branch in this network")
    }
    let counted = activities.filter(\.hasCounts)
    guard !counted.isEmpty else { return .notChecked("no per-unit counts in this trace") }
    let full = counted.filter(\.hasFullWindow)
    guard let largest = full.max(by: { $0.excess < $1.excess }) else {
      return .notChecked("fewer examples than it takes to call a unit dead")
    }
    guard let worst = worst(among: full, ended: ended) else { return quiet(largest) }
    return .found([finding(worst, among: full, threshold(ended: ended))])
  }

  /// What is said where no layer is over the threshold: a note on a layer that comes near it.
  private func quiet(_ largest: UnitActivity) -> Outcome {
    guard isOver(largest, Thresholds.deadNote) else {
      let share = Wording.percent(max(0, largest.excess))
      return .clear(
        "at most \(share) of a layer's units are dead beyond chance (\(context.cited(largest.layer))); "
          + "alarm above \(Wording.percent(context.value(Thresholds.deadExcess)))")
    }
    var note = finding(largest, among: [largest], Thresholds.deadExcess)
    note.severity = .info
    return .found([note])
  }

  private func finding(
    _ worst: UnitActivity, among judged: [UnitActivity], _ threshold: Threshold
  ) -> Finding {
    let layers = judged.filter { isOver($0, threshold) || $0.layer == worst.layer }
    let learned = (loss.fall ?? 1) > context.value(Thresholds.learningFall)
    let isError =
      worst.excess > context.value(Thresholds.deadError, layer: worst.layer) || !learned
    let severity: Severity = isError && !context.bypassed[worst.layer] ? .error : .warning
    let life = LifeStory(worst, updates, context, start: firstStep ?? 0)
    return Finding(
      id: Self.explanation.id, severity: severity, layer: context.name(worst.layer),
      layers: layers.map { context.name($0.layer) }, firstStep: life.step,
      raisedAtStep: raisedAtStep ?? lastStep, lastStep: lastStep,
      statistic: "excess-dead-share", value: worst.excess,
      threshold: context.value(threshold, layer: worst.layer), healthy: 0...0.2,
      cause: life.cause, message: message(worst, life), remedies: remedies(life),
      evidence: Evidence(
        title: "dead units, share of each layer", isLogarithmic: false,
        values: judged.map {
          Evidence.LayerValue(layer: context.name($0.layer), value: $0.deadShare)
        }))
  }

  private func message(_ worst: UnitActivity, _ life: LifeStory) -> String {
    let feeders = context.weightLayersFeeding(worst.layer).map(context.name)
    let fed = feeders.isEmpty ? "" : ", fed by \(Wording.list(feeders, contiguous: false)),"
    let baseline =
      worst.chanceIsMeasured
      ? "chance would explain \(worst.expectedDead == 0 ? "none" : Wording.count(worst.expectedDead))"
      : "\(Wording.count(worst.expectedDead)) of them may have been so at the start"
    let back = worst.revived > 0 ? " Of the others \(worst.revived) died and came back." : ""
    let since =
      life.haveFired
      ? "no longer fire for any example (half of them fired last by step \(life.step))"
      : "have fired for no example since step \(life.step)"
    return "\(worst.deadCount) of \(worst.units) units of \(context.cited(worst.layer))\(fed) "
      + "\(since); \(baseline).\(back)"
      + (life.update.map { " \($0)" } ?? "")
  }

  private func remedies(_ life: LifeStory) -> [Remedy] {
    let rate = life.learningRate ?? loss.learningRate
    return switch life.cause.id {
    case "learning-rate":
      [.lowerLearningRate(than: rate), .leakyReLU, .batchNormalization, .clipping]
    case "initial-scale": [.zeroBias, .leakyReLU, .batchNormalization, .heInitialization]
    default: [.normalizeInput, .leakyReLU, .batchNormalization, .heInitialization]
    }
  }
}

extension DeadReLU {
  public static let explanation = Explanation(
    id: "dead-relu",
    summary: "Units of a ReLU fire for no example any more, and so never learn again.",
    measures: """
      A unit is dead that was zero for every example of a window of 1,000 examples, or of an epoch \
      where that is longer, but of no more than a quarter of the planned run. A layer's excess is \
      its share of dead units minus the share that would be silent by chance: that of random \
      directions through zero on the same inputs, or where it was not measured the share that was \
      silent at the start, at most 30 %.
      """,
    matters: """
      Where a ReLU is zero its slope is zero, so the δ of the layer that feeds it is zero as well: \
      a dead unit gets no gradient and cannot come back. A dead layer blocks all that lies before.
      """,
    fires: """
      An excess above 0.25 (dead-relu.excess) and above 3 standard deviations of chance; where the \
      loss has fallen by more than half, above 0.4 (dead-relu.harmless). An error \
      above 0.75 (dead-relu.error), or where the loss has not fallen. From 0.1 on (dead-relu.note) \
      it is a note: deep healthy networks have such layers.
      """,
    causes: [
      "learning-rate: one large update pushes the biases below anything the inputs can make up for",
      "initial-scale: biases that start far below zero",
      "data: inputs that never reach some units, as when they were not normalized",
    ],
    remedies: [
      .lowerLearningRate(), .leakyReLU, .batchNormalization, .zeroBias, .heInitialization,
      .normalizeInput,
    ],
    reference: """
      L. Lu, Y. Shin, Y. Su, G. Karniadakis, Dying ReLU and initialization: theory and numerical \
      examples, Communications in Computational Physics 28 (2020).
      """)
}
