import GradientTrace

/// A single layer takes most of what δ loses over depth.
public struct LocalBottleneck: Analyzer {
  private let context: AnalysisContext
  private var delta: DepthProfile
  private var updates: DepthProfile
  private var loss: LossProgress
  private var weights: WeightScale
  private var alarm = Hysteresis()
  private var largest = 0.0

  public static let explainedBy = [
    CausalLink("zero-initialization"), CausalLink("saturated-activation"),
    CausalLink("dead-relu", .before), CausalLink("unnormalized-input"),
    CausalLink("learning-rate-too-high"), CausalLink("exploding-gradient", .before),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    delta = DepthProfile(.delta, context)
    updates = DepthProfile(.update, context)
    loss = LossProgress(context.header.run)
    weights = WeightScale(context)
  }

  public mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    guard context.levels.count > Self.leastDrops else { return }
    delta.observe(step)
    updates.observe(step)
    weights.observe(step.record)
    if Evaluation.isDue(after: delta.steps) { evaluate() }
  }

  private mutating func evaluate() {
    guard let window = delta.window else { return }
    let worst = worst
    largest = max(largest, worst?.drop ?? 0)
    alarm.note(worst.flatMap { $0.isOver ? .warning : nil }, over: window)
  }

  /// The fewest drops from layer to layer among which one can stand out.
  private static let leastDrops = 4

  private struct Drop {
    /// The depth below it, the depth above it and the decades between them.
    var below: Int
    var above: Int
    var drop: Double
    var isOver: Bool
  }

  /// The largest drop of δ from one depth to the one below it, and whether it stands out among the others.
  private var worst: Drop? {
    let known = delta.medians().enumerated().compactMap { depth, value in
      value.map { (depth: depth, value: $0) }
    }
    guard known.count > Self.leastDrops else { return nil }
    let drops = zip(known, known.dropFirst()).map { ($0.depth, $1.depth, $1.value - $0.value) }
    guard let (below, above, drop) = drops.max(by: { $0.2 < $1.2 }),
      let usual = median(drops.map(\.2)),
      let deviation = medianAbsoluteDeviation(drops.map(\.2), from: usual)
    else { return nil }
    let layer = context.levels[below][0]
    let score = (drop - usual) / (1.4826 * deviation + 0.05)
    return Drop(
      below: below, above: above, drop: drop,
      isOver: drop > context.value(Thresholds.bottleneckDrop, layer: layer)
        && score > context.value(Thresholds.bottleneckScore, layer: layer))
  }

  public func outcome(ended: Bool) -> Outcome {
    guard context.levels.count > Self.leastDrops else {
      return .notChecked(
        "the network has fewer than \(Self.leastDrops + 1) layers with weights in a row")
    }
    var judged = self
    if ended {
      judged.evaluate()
      judged.alarm.endRun()
    }
    return judged.conclusion(ended: ended)
  }

  private func conclusion(ended: Bool) -> Outcome {
    guard let worst else {
      return .notChecked("no δ of \(Self.leastDrops + 1) layers with weights in this trace")
    }
    guard alarm.isPresent, worst.isOver, let raised = alarm.raisedAtStep,
      let first = alarm.firstStep, let last = alarm.lastStep
    else {
      return .clear(
        "δ loses at most \(Wording.decades(max(0, largest))) decades from one layer to the next; "
          + "alarm above \(Wording.decades(context.value(Thresholds.bottleneckDrop)))")
    }
    let layer = context.levels[worst.above][0]
    let starved = context.levels[worst.below][0]
    let between = context.levels[worst.below].flatMap(context.layersFollowing)
    let shrinking = shrinking(worst)
    let isBypassed = context.levels[worst.below].allSatisfy { context.bypassed[$0] }
    return .found([
      Finding(
        id: Self.explanation.id,
        severity: isBypassed
          ? min(severity(worst, ended: ended), .warning) : severity(worst, ended: ended),
        layer: context.name(starved),
        layers: [context.name(starved)] + between.map(context.name) + [context.name(layer)],
        firstStep: first, raisedAtStep: raised, lastStep: last, statistic: "drop",
        value: worst.drop,
        threshold: context.value(Thresholds.bottleneckDrop, layer: starved), healthy: -0.5...1,
        cause: shrinking?.cause
          ?? Cause(
            id: "architecture",
            text: "What stands between the two passes a "
              + "\(Wording.short(Magnitude.power(worst.drop)))th of δ, while the other layers keep "
              + "it: a factor, a flat activation, or weights of another scale."),
        message: "δ loses \(Wording.decades(worst.drop)) decades "
          + "(\(Wording.factor(worst.drop))) between \(context.cited(layer)) and "
          + "\(context.cited(starved)) alone, since step \(first).",
        remedies: shrinking.map { [$0.remedy, .batchNormalization, .residuals] }
          ?? [.batchNormalization, .residuals, .checkGraph],
        evidence: delta.evidence(context))
    ])
  }

  /// The cause and the remedy where the weights that δ passes through are much smaller, next to the scale that keeps it, than
  /// other layers', and that makes up half of the drop at least.
  private func shrinking(_ drop: Drop) -> (cause: Cause, remedy: Remedy)? {
    let gains = context.graph.weightLayers.compactMap { weights.gain($0) }
    let small = context.levels[drop.above].filter { layer in
      guard let usual = median(gains), let own = weights.gain(layer) else { return false }
      return usual - own > drop.drop / 2
    }
    guard small.count == context.levels[drop.above].count, let layer = small.first,
      let own = weights.gain(layer), let size = weights.rms(layer), let usual = median(gains)
    else { return nil }
    let name = context.name(layer)
    return (
      Cause(
        id: "initial-scale",
        text: "The weights of \(name) start \(Wording.short(Magnitude.power(usual - own))) times "
          + "smaller than the other layers', next to what keeps δ at its size, and δ passes "
          + "through them."),
      .rescaling(
        of: name, from: size, to: size / Magnitude.power(own), he: weights.followsReLU(layer))
    )
  }

  /// As bad as the loss says, but no alarm where the layer below moves all the same and something is learned.
  private func severity(_ worst: Drop, ended: Bool) -> Severity {
    let limit = context.value(
      Thresholds.vanishingUpdateRatio, layer: context.levels[worst.below][0])
    let harm = !ended && loss.mayMend(context) ? .info : loss.harm(context)
    guard let update = updates.median(at: worst.below) else { return min(harm, .warning) }
    return Magnitude.power(update) < limit ? max(harm, .warning) : min(harm, .warning)
  }
}

extension LocalBottleneck {
  public static let explanation = Explanation(
    id: "local-bottleneck",
    summary: "A single layer takes most of what δ loses on its way to the input.",
    measures: """
      For each depth, d = log10 of the L2 norm of δ per example, the median over a window of 10 to \
      50 steps; the largest drop of d from one depth to the one below, and its robust z-score \
      among all drops, (drop − median)/(1.4826·MAD + 0.05).
      """,
    matters: """
      One saturated layer, one factor or one badly scaled weight starves everything before it, \
      while each other layer is as it should be: it is one place to mend.
      """,
    fires: """
      A drop above 1.5 decades (local-bottleneck.drop) with a score above 5 \
      (local-bottleneck.score). A warning where the layer below moves by less than 1e-4 of its \
      weights a step or the loss has fallen by less than half, an error where both hold and it has \
      not fallen at all, else a note.
      """,
    causes: [
      "architecture: a factor, a pooling over very much, an activation that is flat there",
      "initial-scale: a layer whose weights start much smaller than the others'",
    ],
    remedies: [
      .heInitialization, .xavierInitialization, .batchNormalization, .residuals, .checkGraph,
    ],
    reference: """
      X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural \
      networks, AISTATS 2010: δ layer by layer.
      """)
}
