import GradientTrace

/// δ is so small that its numbers lose digits, and the processor its speed.
public struct SubnormalGradient: Analyzer {
  private let context: AnalysisContext
  private let layers: [Int]
  private var shares: LayerWindow
  private var loss: LossProgress
  private var alarm = Hysteresis()
  private var isCounted = false
  /// The steps since any δ was subnormal.
  private var quiet = 0

  public static let explainedBy = [
    CausalLink("vanishing-gradient"), CausalLink("vanishing-through-time"),
    CausalLink("saturated-activation"), CausalLink("learning-rate-too-high"),
    CausalLink("unnormalized-input"),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    layers = context.graph.weightLayers
    shares = LayerWindow(layers: layers.count)
    loss = LossProgress(context.header.run)
  }

  public mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    let layers = layers
    shares.append({ step.record.subnormalShare(layers[$0]) ?? .nan }, at: step.step)
    let counts = layers.lazy.compactMap { step.record.subnormalShare($0) }
    isCounted = isCounted || !counts.isEmpty
    quiet = counts.contains { $0 > 0 } ? 0 : quiet + 1
    if Evaluation.isDue(after: shares.count) { evaluate() }
  }

  private mutating func evaluate() {
    guard let window = shares.steps else { return }
    alarm.note(quiet < Evaluation.window ? worst.map { _ in .warning } : nil, over: window)
  }

  /// The layer with the largest share, if that is over the threshold.
  private var worst: (layer: Int, share: Double)? {
    layers.indices
      .compactMap { place in shares.median(of: place).map { (layer: layers[place], share: $0) } }
      .filter { $0.share > context.value(Thresholds.subnormalShare, layer: $0.layer) }
      .max { $0.share < $1.share }
  }

  /// Whether δ is as small as that already in the layers nearest the loss: then it started so.
  private var startsSmall: Bool {
    let nearest = context.levels.last ?? []
    return layers.indices.contains { place in
      nearest.contains(layers[place]) && isOver(place)
    }
  }

  private func isOver(_ place: Int) -> Bool {
    shares.median(of: place)
      .map { $0 > context.value(Thresholds.subnormalShare, layer: layers[place]) } ?? false
  }

  /// Whether the loss has fallen: by half, or by a little that it didn't start with by luck.
  private var hasLearned: Bool {
    guard let fall = loss.fall, let start = loss.start, let current = loss.current else {
      return false
    }
    let little = context.value(Thresholds.learningFall)
    return fall > context.value(Thresholds.littleFall)
      || fall > little && start - current > little * abs(start)
  }

  public func outcome(ended: Bool) -> Outcome {
    guard isCounted else { return .notChecked("no counts of subnormal values in this trace") }
    var judged = self
    if ended {
      judged.evaluate()
      judged.alarm.endRun()
    }
    guard judged.alarm.isPresent, let raised = judged.alarm.raisedAtStep,
      let first = judged.alarm.firstStep, let worst
    else {
      return .clear(
        "no layer's δ is subnormal by more than "
          + Wording.percent(context.value(Thresholds.subnormalShare)))
    }
    let mayLearn = hasLearned || !ended && loss.mayMend(context)
    let name = context.name(worst.layer)
    return .found([
      Finding(
        id: Self.explanation.id, severity: mayLearn ? .info : .warning, layer: name,
        layers: layers.indices.filter(isOver).map { layers[$0] }.sorted().map(context.name),
        firstStep: first, raisedAtStep: raised, lastStep: loss.lastStep,
        statistic: "subnormal-share", value: worst.share,
        threshold: context.value(Thresholds.subnormalShare, layer: worst.layer), healthy: 0...0.01,
        cause: cause,
        message:
          "\(Wording.percent(worst.share)) of δ at \(Wording.name(name)) is subnormal since step \(first): "
          + "next comes zero.",
        remedies: startsSmall ? [.scaleLoss] : [.scaleLoss, .useReLU, .residuals])
    ])
  }

  private var cause: Cause {
    let digits =
      "Below 1e-38 a single-precision number has fewer digits the smaller it is, down to none at "
      + "1e-45."
    guard startsSmall else {
      return Cause(
        id: "depth",
        text: "δ fades on its way from the loss, where it still has all its digits. \(digits)")
    }
    let size = loss.current.map { ": it stands at \(Wording.loss($0))" } ?? ""
    return Cause(
      id: "loss-scale",
      text:
        "δ is that small at the loss already\(size). The loss has a tiny weight, or is divided by "
        + "something huge. \(digits)")
  }
}

extension SubnormalGradient {
  public static let explanation = Explanation(
    id: "subnormal-gradient",
    summary: "δ is so small that its numbers lose digits and slow the processor down.",
    measures: """
      For each layer with weights, the share of the elements of δ that are subnormal (below 1e-38 \
      in single precision, and not zero), as the median of the last 50 steps.
      """,
    matters: """
      Subnormal numbers lose precision and are the last stop before zero: what is learned from \
      them is noise. Arithmetic on them is slower by up to two orders of magnitude.
      """,
    fires: """
      Above 10 % of a layer's δ (subnormal-gradient.share): a warning where the loss has not \
      fallen, else a note.
      """,
    causes: [
      "depth: δ that vanishes over depth or time",
      "loss-scale: a loss that was multiplied by something tiny",
    ],
    remedies: [.scaleLoss, .useReLU, .residuals],
    reference: "IEEE 754-2019, section 2.1.51; D. Goldberg, What every computer scientist should "
      + "know about floating-point arithmetic (1991).")
}
