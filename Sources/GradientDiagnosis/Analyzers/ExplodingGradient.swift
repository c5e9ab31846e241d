import Foundation
import GradientTrace

/// The gradient grows without bound: from layer to layer at the start, or from step to step.
public struct ExplodingGradient: Analyzer {
  private let context: AnalysisContext
  private var delta: DepthProfile
  private var weights: WeightScale
  private var loss: LossProgress
  private var surge: GradientSurge
  private var later = Hysteresis()
  private var steepest: Double?
  private var nonFiniteStep: Int?
  private var steps = 0
  private var lastStep = 0
  private var firstWindow: Evidence?

  public static let explainedBy = [
    CausalLink("unnormalized-input"), CausalLink("exploding-through-time", .notAfter),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    delta = DepthProfile(.delta, context)
    weights = WeightScale(context)
    loss = LossProgress(context.header.run)
    surge = GradientSurge(context)
  }

  public mutating func observe(_ step: ObservedStep) {
    steps += 1
    lastStep = step.step
    loss.observe(step.record)
    guard nonFiniteStep == nil else { return }
    surge.observe(step)
    guard step.isFinite else {
      nonFiniteStep = step.step
      return
    }
    weights.observe(step.record)
    delta.observe(step)
    if firstWindow == nil { firstWindow = delta.evidence(context) }
    if Evaluation.isDue(after: delta.steps) { evaluate() }
  }

  private mutating func evaluate() {
    guard let window = delta.window else { return }
    guard let shape = delta.shape else {
      later.note(nil, over: window)
      return
    }
    steepest = max(steepest ?? -shape.attenuation, -shape.attenuation)
    let layer = context.levels[shape.bottom][0]
    let limit = context.value(Thresholds.explodingLaterGrowth, layer: layer)
    later.note(-shape.attenuation > limit ? harm(ended: false) : nil, over: window)
  }

  /// How bad it is: an error where the numbers overflow or nothing is learned, a note where the loss falls all the same.
  private func harm(ended: Bool) -> Severity {
    if nonFiniteStep != nil { return .error }
    guard let fall = loss.fall, let current = loss.current, let start = loss.start else {
      return .warning
    }
    if fall > context.value(Thresholds.learningFall) { return .info }
    return !ended && current < 0.9 * start ? .warning : .error
  }

  public func outcome(ended: Bool) -> Outcome {
    guard steps > 0 else { return .notChecked("no steps in this trace") }
    var judged = self
    if ended {
      judged.evaluate()
      judged.later.endRun()
    }
    let mayRaise = ended || steps >= Evaluation.grace || nonFiniteStep != nil
    if mayRaise, let finding = judged.initialGrowth(ended) ?? judged.growthOverTime(ended) {
      return .found([finding])
    }
    if let finding = judged.laterGrowth() { return .found([finding]) }
    guard delta.first != nil || surge.largestJump != nil else {
      return .notChecked("neither δ of two layers with weights nor a gradient in this trace")
    }
    let shape = judged.steepest.map {
      "δ grows by at most \(Wording.decades(max(0, $0))) decades over depth"
    }
    let norm = surge.largestJump.map {
      "the gradient's norm leaps by at most \(Wording.decades(max(0, $0))) decades over time"
    }
    return .clear([shape, norm].compactMap { $0 }.joined(separator: "; "))
  }
}

// MARK: - Over depth

extension ExplodingGradient {
  /// δ grew towards the input at the very first step: the weights start too large.
  private func initialGrowth(_ ended: Bool) -> Finding? {
    guard let first = delta.first, let shape = DepthShape(first.values),
      let crossed = shape.growing(context)
    else { return nil }
    let last = context.cited(context.levels[shape.top][0])
    let layer = context.cited(context.levels[shape.bottom][0])
    let cause = scaleCause(shape)
    return finding(
      shape, severity: severity(harm(ended: ended), shape), since: first.step,
      raised: min(max(first.step, nonFiniteStep ?? .max), first.step + Evaluation.grace - 1),
      last: lastStep, statistic: crossed, cause: cause,
      message:
        "δ grows by \(Wording.decades(-shape.attenuation)) decades "
        + "(\(Wording.factor(-shape.attenuation))) on its way from \(last) to \(layer), from "
        + "step \(first.step) on; healthy networks keep it within 1.",
      evidence: firstWindow)
  }

  /// δ came to grow towards the input later on.
  private func laterGrowth() -> Finding? {
    guard later.isPresent, let raised = later.raisedAtStep, let since = later.firstStep,
      let last = later.lastStep, let shape = delta.shape
    else { return nil }
    let top = context.cited(context.levels[shape.top][0])
    let layer = context.cited(context.levels[shape.bottom][0])
    let limit = context.value(Thresholds.explodingLaterGrowth)
    return finding(
      shape, severity: severity(later.worst ?? .info, shape), since: since, raised: raised,
      last: last, statistic: ("growth", -shape.attenuation, limit), cause: surge.cause,
      message:
        "δ grows by \(Wording.decades(-shape.attenuation)) decades "
        + "(\(Wording.factor(-shape.attenuation))) on its way from \(top) to \(layer), since "
        + "step \(since); healthy networks keep it within 1.",
      evidence: delta.evidence(context))
  }

  private func severity(_ severity: Severity, _ shape: DepthShape) -> Severity {
    let bypassed = context.levels[shape.bottom].allSatisfy { context.bypassed[$0] }
    return bypassed ? min(severity, .warning) : severity
  }

  private func finding(
    _ shape: DepthShape, severity: Severity, since: Int, raised: Int, last: Int,
    statistic: DepthShape.Crossing, cause: Cause, message: String,
    evidence: Evidence?
  ) -> Finding {
    // Those whose δ is larger than a healthy network's would be, against the last layer's.
    let values = shape.values
    let layers = (shape.bottom...shape.top)
      .filter { (values[$0] ?? 0) > shape.topValue + Self.healthyGrowth }
      .flatMap { context.levels[$0] }.map(context.name)
    return Finding(
      id: Self.explanation.id, severity: severity,
      layer: context.name(context.levels[shape.bottom][0]), layers: layers, firstStep: since,
      raisedAtStep: min(raised, lastStep), lastStep: last, statistic: statistic.statistic,
      value: statistic.value, threshold: statistic.threshold, healthy: -1.5...Self.healthyGrowth,
      cause: cause, message: message, remedies: remedies(cause.id), evidence: evidence)
  }

  /// The decades that δ grows by in healthy networks at most.
  private static let healthyGrowth = 1.0

  private func scaleCause(_ shape: DepthShape) -> Cause {
    let above = context.levels[(shape.bottom + 1)...shape.top].flatMap { $0 }
    let gains = above.compactMap(weights.gain)
    let byWeights = gains.reduce(0, +) * Double(above.count) / Double(max(1, gains.count))
    guard byWeights > -shape.attenuation / 2, let gain = median(gains) else {
      return Cause(
        id: "architecture",
        text: "The weights start at an ordinary scale: sums or branches make δ grow.")
    }
    let times = Wording.short(Magnitude.power(gain))
    return Cause(
      id: "initial-scale",
      text: "The weights start at \(times) times the scale that keeps δ; over \(above.count) "
        + "layers that multiplies it by \(Wording.short(Magnitude.power(byWeights))).")
  }

  private func remedies(_ cause: String) -> [Remedy] {
    let rate = loss.learningRate
    let usesReLU = context.header.layers.contains { ActivationKind.reluFamily.contains($0.kind) }
    return switch cause {
    case "initial-scale":
      // A normalization heals more often, but leaves the weights as they are, which are at fault.
      [
        usesReLU ? .heInitialization : .xavierInitialization, .batchNormalization,
        .clipping, .lowerLearningRate(than: rate),
      ]
    case "architecture": [.batchNormalization, .clipping, .lowerLearningRate(than: rate)]
    default: [.lowerLearningRate(than: rate), .clipping, .warmup, .batchNormalization]
    }
  }
}

// MARK: - Over time

extension ExplodingGradient {
  /// The gradient's norm left its past behind, again and again.
  private func growthOverTime(_ ended: Bool) -> Finding? {
    guard let raised = surge.raisedAtStep, let largest = surge.largestJump else { return nil }
    let first = surge.firstHit
    let layer = surge.layer.map(context.name)
    let cause = surge.cause
    let rest = nonFiniteStep.map { " At step \($0) numbers overflow." } ?? ""
    return Finding(
      id: Self.explanation.id, severity: surge.persists ? harm(ended: ended) : .info, layer: layer,
      layers: layer.map { [$0] } ?? [], firstStep: first, raisedAtStep: raised,
      lastStep: surge.lastHit, statistic: "z-score", value: surge.largestScore,
      threshold: context.value(Thresholds.explodingZScore), healthy: -6...6, cause: cause,
      message: "The gradient's norm leaps by up to \(Wording.decades(largest)) decades over its "
        + "own past, since step \(first)\(layer.map { ", most in \(Wording.name($0))" } ?? "").\(rest)",
      remedies: remedies(cause.id))
  }
}

extension ExplodingGradient {
  public static let explanation = Explanation(
    id: "exploding-gradient",
    summary: "The gradient grows without bound, over the layers or over the steps.",
    measures: """
      Over depth: the decades by which log10 of the L2 norm of δ per example grows from the last \
      layer with weights to the first, at the first step and as the median of each window. Over \
      time: the robust z-score of the logarithm of the global gradient norm, \
      (g − median)/(1.4826·MAD + 0.05), against the 50 steps before.
      """,
    matters: """
      Updates follow the gradient: where it is a million times too large, one step destroys what \
      was learned, and soon numbers overflow.
      """,
    fires: """
      Over depth: at the first step above 1.5 decades (exploding-gradient.growth), or 1.2 with a \
      slope above 0.15 a layer; in a later window above 2. Over time: a z-score above 6 and a leap \
      of at least 1 decade, 3 times in 100 steps, or once before a number overflows. An error \
      where numbers overflow or the loss does not fall, a note where it falls all the same or \
      the norm comes back.
      """,
    causes: [
      "initial-scale: weights that start too large multiply δ at every layer",
      "learning-rate: updates of the size of the weights, each of which makes the next one larger",
      "architecture: sums and branches that add up without a normalization",
    ],
    remedies: [.batchNormalization, .heInitialization, .clipping, .lowerLearningRate(), .warmup],
    reference: """
      R. Pascanu, T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural networks, \
      ICML 2013; K. He et al., Delving deep into rectifiers, ICCV 2015.
      """)
}
