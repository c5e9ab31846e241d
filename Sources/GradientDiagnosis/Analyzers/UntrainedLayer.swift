import Foundation
import GradientTrace

/// A layer that leads to the loss, and is not frozen, never moves while others do.
public struct UntrainedLayer: Analyzer {
  private let context: AnalysisContext
  private var layers: [Story]
  private var steps = 0
  private var movingSteps = 0
  private var firstStep = 0
  private var lastStep = 0

  /// A layer to which a gradient comes, or δ was never recorded, rests for no symptom's sake.
  public static let explainedBy: [CausalLink] = []

  /// What was seen of one layer with weights.
  private struct Story: Sendable {
    var layer: Int
    var recorded = 0
    var hasMoved = false
    var isFrozen = false
    var deltaSteps = 0
    var zeroDeltaSteps = 0
    var isAtZero = true
    /// Log10 of the last gradient's norm, and the last ratio of gradient to weights.
    var gradient: Double?
    var gradientSteps = 0
    var gradientToWeight: Double?
    /// The last ratio of update to gradient: how far the optimizer goes for a gradient.
    var reach: Double?

    /// Takes in a step; answers whether the layer's weights moved.
    mutating func observe(_ parameters: [ParameterStatistics?], _ weights: [Weight]) -> Bool {
      var isRecorded = false
      var moved = false
      for weight in weights where weight.place < parameters.count {
        let statistics = parameters[weight.place]
        if weight.isFrozen || statistics?.frozen == true { isFrozen = true }
        guard let statistics, let update = statistics.updateRMS else { continue }
        isRecorded = true
        if update != 0 { moved = true }
        if statistics.rms != 0 { isAtZero = false }
        guard let gradient = statistics.gradientRMS, gradient > 0 else { continue }
        if let rms = statistics.rms, rms > 0 { gradientToWeight = gradient / rms }
        if update > 0 { reach = update / gradient }
      }
      // A layer with several weights, as a recurrent one has, still takes one step at a time.
      recorded += isRecorded ? 1 : 0
      hasMoved = hasMoved || moved
      return moved
    }
  }

  public init(_ context: AnalysisContext) {
    self.context = context
    layers = context.graph.weightLayers.sorted().map { Story(layer: $0) }
  }

  public mutating func observe(_ step: ObservedStep) {
    if steps == 0 { firstStep = step.step }
    steps += 1
    lastStep = step.step
    var hasMovement = false
    for index in layers.indices {
      let layer = layers[index].layer
      guard layer < step.layers.count, let parameters = step.layers[layer]?.parameters else {
        continue
      }
      hasMovement = layers[index].observe(parameters, context.weights[layer]) || hasMovement
      if let delta = step.layers[layer]?.delta?.rms, delta.isFinite {
        layers[index].deltaSteps += 1
        layers[index].zeroDeltaSteps += delta == 0 ? 1 : 0
      }
      guard !layers[index].hasMoved else { continue }
      if let gradient = step.gradientDecades(layer) {
        layers[index].gradient = gradient
        layers[index].gradientSteps += 1
      }
    }
    movingSteps += hasMovement ? 1 : 0
  }

  public func outcome(ended: Bool) -> Outcome {
    guard layers.contains(where: { $0.recorded > 0 }) else {
      return .notChecked("no updates of weights in this trace")
    }
    let needed = ended ? Evaluation.grace : Evaluation.window
    guard movingSteps >= needed else {
      return .clear("nothing moves at all, or too few steps do, which is no single layer's fault")
    }
    let resting = layers.filter { $0.recorded >= needed && !$0.hasMoved && !$0.isFrozen }
    let left = leftOut(among: resting)
    let cutOff = detached(among: resting)
    guard let worst = left.last ?? cutOff.last else {
      return .clear(
        resting.isEmpty
          ? "every layer with weights moves, or is frozen"
          : "\(Wording.list(resting.map { context.name($0.layer) }, contiguous: false)) "
            + "rest, with nothing to learn from")
    }
    return .found([finding(worst, left.isEmpty ? cutOff : left, isLeftOut: !left.isEmpty)])
  }

  /// The layers that get a gradient like others and no update: they were not handed to the optimizer.
  private func leftOut(among resting: [Story]) -> [Story] {
    let reach = median(layers.compactMap(\.reach))
    let reference = layers.compactMap(\.gradient).max()
    return resting.filter { story in
      guard let own = story.gradient, 2 * story.gradientSteps > story.recorded,
        let ratio = story.gradientToWeight, let reach, ratio * reach > Self.leastRatio
      else { return false }
      return (reference ?? own) - own
        < context.value(Thresholds.untrainedGradient, layer: story.layer)
    }
  }

  /// The layers that get no δ, though what they feed does, and before which nothing learns either.
  private func detached(among resting: [Story]) -> [Story] {
    let lacking = resting.filter {
      $0.gradientSteps == 0 && $0.deltaSteps == 0 && !$0.isAtZero
    }
    guard !lacking.isEmpty else { return [] }
    let reached = Set(layers.filter { $0.deltaSteps > $0.zeroDeltaSteps }.map(\.layer))
    let feedsReached = context.feeding(where: reached.contains)
    // Where δ comes to a layer before it, it goes around it: a branch or a head that nothing uses.
    let followsReached = context.fed(where: reached.contains)
    return lacking.filter { feedsReached[$0.layer] && !followsReached[$0.layer] }
  }

  /// The update:weight ratio, as other layers' updates let expect it, below which an update can be lost in rounding: that
  /// of single precision.
  private static let leastRatio = 1e-7

  private func finding(_ worst: Story, _ all: [Story], isLeftOut: Bool) -> Finding {
    let names = all.map { context.name($0.layer) }
    let list = Wording.list(names, contiguous: false)
    let does = names.count == 1 ? "does" : "do"
    return Finding(
      id: Self.explanation.id, severity: .error, layer: context.name(worst.layer), layers: names,
      firstStep: firstStep, raisedAtStep: min(lastStep, firstStep + Evaluation.window - 1),
      lastStep: lastStep, statistic: "resting-steps", value: Double(worst.recorded), threshold: 0,
      healthy: 0...0,
      cause: isLeftOut
        ? Cause(
          id: "optimizer",
          text: "The gradient is there, the update is not: the optimizer was not given these "
            + "parameters, or a rate of zero.")
        : Cause(
          id: "architecture",
          text: "δ reaches what \(context.cited(worst.layer)) feeds, but not the layer itself: its "
            + "output is detached on the way."),
      message: "\(list) \(does) not move in any of \(Wording.count(worst.recorded)) steps, while "
        + "other layers learn\(isLeftOut ? ", though a gradient arrives" : " and no gradient arrives").",
      remedies: isLeftOut ? [.trainLayer] : [.checkGraph, .trainLayer])
  }
}

extension UntrainedLayer {
  public static let explanation = Explanation(
    id: "untrained-layer",
    summary: "A layer that leads to the loss never moves, while others learn.",
    measures: """
      For each layer with weights that is not marked as frozen, the steps at which its real update \
      was exactly zero from the start on, beside its gradient and its δ, and whether δ reaches the \
      layers that it feeds.
      """,
    matters: """
      A layer that was forgotten when the optimizer was made, or whose output is detached, keeps \
      its random start, and all that follow must make do with random features.
      """,
    fires: """
      After 50 steps without any movement (10 where the run has ended), an error: where a gradient \
      arrives within 3 decades of the largest (untrained-layer.gradient), or where none arrives \
      though δ reaches what the layer feeds. Frozen layers, heads that nothing uses, and layers \
      that have moved at another time, as the other player of two, are healthy.
      """,
    causes: [
      "optimizer: parameters that the optimizer was not given",
      "architecture: an output that is detached, copied or rounded",
    ],
    remedies: [.trainLayer, .checkGraph],
    reference: """
      H. Ben Braiek and F. Khomh, TheDeepChecker, TOSEM 2023: untrained parameters.
      """)
}
