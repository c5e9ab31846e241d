import Foundation
import GradientTrace

/// δ fades on its way to the input, and the first layers hardly move.
public struct VanishingGradient: Analyzer {
  private let context: AnalysisContext
  private var delta: DepthProfile
  private var updates: DepthProfile
  private var loss: LossProgress
  private var weights: WeightScale
  private var alarm = Hysteresis()
  private var largest: Double?

  public static let explainedBy = [
    CausalLink("zero-initialization"), CausalLink("symmetric-initialization"),
    CausalLink("saturated-activation"), CausalLink("local-bottleneck"),
    CausalLink("learning-rate-too-high", .before),
    CausalLink("dead-relu", .before), CausalLink("blocked-gradient", .before),
    CausalLink("non-finite", .before), CausalLink("exploding-gradient", .before),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    delta = DepthProfile(.delta, context)
    updates = DepthProfile(.update, context)
    loss = LossProgress(context.header.run)
    weights = WeightScale(context)
  }

  public mutating func observe(_ step: ObservedStep) {
    delta.observe(step)
    updates.observe(step)
    loss.observe(step.record)
    weights.observe(step.record)
    if Evaluation.isDue(after: delta.steps) { evaluate() }
  }

  private mutating func evaluate(ended: Bool = false) {
    guard let window = delta.window, let shape else { return }
    largest = max(largest ?? shape.attenuation, shape.attenuation)
    alarm.note(severity(shape, ended: ended), over: dated(window))
  }

  /// The window's shape, or that of the first step where δ was faded then and has been blocked since: small weights leave
  /// activations that the first updates of the biases outweigh, so that units die of it.
  private var shape: DepthShape? {
    let now = delta.shape
    guard let start = delta.first.flatMap({ DepthShape($0.values) }),
      start.bottom < now?.bottom ?? .max, start.fading(context) != nil
    else { return now }
    return start
  }

  /// The window without the first step, if that step did not show the symptom: then an update has brought it about.
  private func dated(_ window: ClosedRange<Int>) -> ClosedRange<Int> {
    guard let first = delta.first, first.step == window.lowerBound, window.count > 1,
      DepthShape(first.values)?.fading(context) == nil
    else { return window }
    return (window.lowerBound + 1)...window.upperBound
  }

  /// An error where the first layers rest while others move, a warning where they don't but nothing is learned.
  private func severity(_ shape: DepthShape, ended: Bool) -> Severity? {
    guard shape.fading(context) != nil else { return nil }
    let learned = (loss.fall ?? 0) > context.value(Thresholds.learningFall)
    let mayLearn = learned || !ended && loss.mayMend(context)
    let starved = isStarved(shape, learned: mayLearn) ?? !mayLearn
    let severity: Severity = starved ? .error : mayLearn ? .info : .warning
    return isBypassed(shape) ? min(severity, .warning) : severity
  }

  /// Whether the first layer hardly moves, and much less than others do; nil where updates were not recorded.
  ///
  /// Where a training that has learned has converged, all layers rest alike, and none is starved.
  private func isStarved(_ shape: DepthShape, learned: Bool) -> Bool? {
    let layer = context.levels[shape.bottom][0]
    guard let update = update(shape) else { return nil }
    guard update < log10(context.value(Thresholds.vanishingUpdateRatio, layer: layer)) else {
      return false
    }
    let lag = context.value(Thresholds.vanishingUpdateLag, layer: layer)
    guard learned, update > Magnitude.zeroUpdate,
      let fastest = updates.medians().compactMap({ $0 }).max()
    else { return true }
    return fastest - update > lag
  }

  /// Whether something bypasses all that is affected; mostly the first depth tells that nothing does.
  private func isBypassed(_ shape: DepthShape) -> Bool {
    !context.levels.indices.contains { depth in
      context.levels[depth].contains { !context.bypassed[$0] } && isAffected(depth, shape)
    }
  }

  /// Log10 of the update:weight ratio at the first depth.
  private func update(_ shape: DepthShape) -> Double? { updates.median(at: shape.bottom) }

  /// The weight layers whose δ lies well below the last layer's.
  private func affected(_ shape: DepthShape) -> [Int] {
    context.levels.indices.filter { isAffected($0, shape) }.flatMap { context.levels[$0] }
  }

  private func isAffected(_ depth: Int, _ shape: DepthShape) -> Bool {
    let limit = shape.topValue - context.value(Thresholds.vanishingAffected)
    return (shape.value(depth) ?? .infinity) < limit
  }

  public func outcome(ended: Bool) -> Outcome {
    var judged = self
    if ended {
      judged.evaluate(ended: true)
      judged.alarm.endRun()
    }
    return judged.conclusion()
  }

  private func conclusion() -> Outcome {
    guard context.levels.count >= 2 else {
      return .notChecked("the network has fewer than two layers with weights in a row")
    }
    guard let shape, let largest else {
      return .notChecked("no δ of two layers with weights in this trace")
    }
    guard let raised = alarm.raisedAtStep, let first = alarm.firstStep, let last = alarm.lastStep
    else {
      let limit = Wording.decades(context.value(Thresholds.vanishingAttenuation))
      return .clear(
        "δ loses at most \(Wording.decades(max(0, largest))) decades over depth; alarm above \(limit)"
      )
    }
    let healed = !alarm.isPresent
    guard let crossed = shape.fading(context) else {
      return .clear(
        "δ lost \(Wording.decades(largest)) decades over depth in steps \(first) to \(last), and recovered"
      )
    }
    let layers = affected(shape)
    let layer = context.levels[shape.bottom][0]
    let severity = healed ? .info : alarm.worst ?? .info
    let cause = cause(shape)
    return .found([
      Finding(
        id: Self.explanation.id, severity: severity, layer: context.name(layer),
        layers: layers.map(context.name), firstStep: first, raisedAtStep: raised, lastStep: last,
        statistic: crossed.statistic, value: crossed.value, threshold: crossed.threshold,
        healthy: -1...1.5, cause: cause, message: message(shape, layer: layer, since: first),
        remedies: remedies(cause.id),
        evidence: delta.evidence(context))
    ])
  }

  private func message(_ shape: DepthShape, layer: Int, since step: Int) -> String {
    let last = context.cited(context.levels[shape.top][0])
    let first = context.cited(layer)
    let lost = Wording.decades(shape.attenuation)
    let moves = update(shape).map { update in
      update <= Magnitude.zeroUpdate
        ? " \(first) does not move at all."
        : " \(first) moves by \(Wording.short(Magnitude.power(update))) of its weights a step and keeps its random start."
    }
    return "δ loses \(lost) decades (\(Wording.factor(shape.attenuation))) on its way from "
      + "\(last) to \(first), since step \(step); "
      + "healthy networks lose less than 1.5." + (moves ?? "")
  }

  private func cause(_ shape: DepthShape) -> Cause {
    let above = context.levels[(shape.bottom + 1)...shape.top].flatMap { $0 }
    let scales = above.compactMap { layer in weights.gain(layer).map { (layer: layer, gain: $0) } }
    let gains = scales.map(\.gain)
    let lostByWeights = -gains.reduce(0, +) * Double(above.count) / Double(max(1, gains.count))
    let between = Set(
      context.levels[shape.bottom..<shape.top].joined()
        .flatMap(context.layersFollowing).map(context.kind))
    let saturating = between.intersection(ActivationKind.saturating).sorted()
    if lostByWeights > shape.attenuation / 2, let gain = median(gains),
      let smallest = scales.min(by: { $0.gain < $1.gain })
    {
      let shrinksEverywhere = -gain * Double(above.count) > lostByWeights / 2
      let factor = Wording.short(Magnitude.power(shrinksEverywhere ? gain : smallest.gain))
      return Cause(
        id: "initial-scale",
        text: shrinksEverywhere
          ? "The weights start at \(factor) times the scale that keeps δ, and every layer shrinks it "
            + "once more."
          : "The weights of \(context.cited(smallest.layer)) start at \(factor) times the scale that "
            + "keeps δ.")
    }
    if let activation = saturating.first {
      let bound =
        activation == "sigmoid"
        ? "Every sigmoid multiplies δ by at most 0.25."
        : "Where a \(activation) is flat it passes next to nothing of δ."
      return Cause(id: "saturating-activation", text: bound)
    }
    return Cause(
      id: "depth",
      text: "No saturating activation and no small initial scale explains it: each of the "
        + "\(above.count + 1) layers takes its part.")
  }

  /// The most layers that ReLUs alone cure: deeper stacks train with normalization or shortcuts, as `Scripts/corpus --cure`
  /// measures.
  private static let depthOfPlainReLUs = 16

  private func remedies(_ cause: String) -> [Remedy] {
    let saturating = context.header.layers.contains {
      ActivationKind.saturating.contains($0.kind)
    }
    return switch cause {
    case "initial-scale":
      [saturating ? .xavierInitialization : .heInitialization, .batchNormalization, .residuals]
    case "saturating-activation":
      context.levels.count > Self.depthOfPlainReLUs
        ? [.batchNormalization, .residuals, .useReLU] : [.useReLU, .batchNormalization, .residuals]
    default: [.batchNormalization, .residuals, .fewerLayers]
    }
  }
}

extension VanishingGradient {
  public static let explanation = Explanation(
    id: "vanishing-gradient",
    summary: "δ fades on its way from the loss to the input, so the first layers hardly learn.",
    measures: """
      For each layer with weights, d = log10 of the L2 norm of δ per example, the median over a \
      window of 10 to 50 steps; layers of equal depth count as one, with their median. The \
      attenuation is d of the last layer minus d of the first; the slope is the Theil–Sen slope \
      of d over depth. Differences of logarithms do not see the scale of the loss, the batch size \
      or how far training has come. Beside them stands the first layer's real update:weight \
      ratio, ‖ΔW‖/‖W‖.
      """,
    matters: """
      A layer's weight gradient is its δ times its input. Where δ has lost four decades, the \
      layer keeps its random start, and all that follow must make do with random features.
      """,
    fires: """
      Attenuation above 3 decades (vanishing-gradient.attenuation), or a slope above 0.25 decades \
      a layer (vanishing-gradient.slope) with more than 2 decades lost in all. An error where the \
      first layer moves by less than 1e-4 of its weights a step \
      (vanishing-gradient.update-ratio), and lags 1.5 decades behind the fastest where something was \
      learned (vanishing-gradient.update-lag); a warning where it moves but the loss has not fallen; a \
      note where both are well, as an optimizer like Adam can make up for a small δ. At most a \
      warning for layers that something bypasses.
      """,
    causes: [
      "saturating-activation: a sigmoid multiplies δ by at most 0.25, a flat tanh by next to nothing",
      "initial-scale: weights that start too small shrink δ at every layer",
      "depth: many layers, each of which takes a little, and nothing that bypasses them",
    ],
    remedies: [
      .batchNormalization, .residuals, .useReLU, .heInitialization, .xavierInitialization,
    ],
    reference: """
      S. Hochreiter, Untersuchungen zu dynamischen neuronalen Netzen (1991); X. Glorot and \
      Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, \
      AISTATS 2010.
      """)
}
