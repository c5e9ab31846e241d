import Foundation
import GradientTrace

/// Sigmoids or tanhs stand at their flat ends and pass next to nothing of δ.
public struct SaturatedActivation: Analyzer {
  private let context: AnalysisContext
  /// The activations with two flat ends that feed further weights, and the layer that feeds each.
  private let layers: [(layer: Int, feeding: Int)]
  private var shares: LayerWindow
  private var drops: LayerWindow
  private var alarms: [Hysteresis]
  /// For each layer the steps since its share last lay over the threshold, and the step since when it has.
  private var quiet: [Int]
  private var onsets: [Int?]
  /// For each layer the one with weights that feeds it, and log10 of that one's update:weight ratio.
  private let feeders: [Int?]
  private var feederUpdates: LayerWindow
  private var airedAtStep: [Int?]
  private var loss: LossProgress
  private var weights: WeightScale
  private var updates: LargestUpdates
  private var firstStep: Int?
  private var inputScales: [Double?]

  public static let explainedBy = [
    CausalLink("unnormalized-input", .notAfter), CausalLink("learning-rate-too-high", .notAfter),
    CausalLink("exploding-gradient", .before), CausalLink("loss-divergence", .notAfter),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    layers = context.header.layers.indices.compactMap { layer in
      guard ActivationKind.withFlatEnds.contains(context.kind(layer)),
        let feeding = context.graph.inputs[layer].first, context.graph.inputs[layer].count == 1,
        context.feedsWeights[layer]
      else { return nil }
      return (layer, feeding)
    }
    shares = LayerWindow(layers: layers.count)
    drops = LayerWindow(layers: layers.count)
    alarms = layers.map { _ in Hysteresis() }
    quiet = layers.map { _ in 0 }
    onsets = layers.map { _ in nil }
    feeders = layers.map { context.weightLayersFeeding($0.layer).last }
    feederUpdates = LayerWindow(layers: layers.count)
    airedAtStep = layers.map { _ in nil }
    loss = LossProgress(context.header.run)
    weights = WeightScale(context)
    updates = LargestUpdates(context)
    inputScales = layers.map { _ in nil }
  }

  public mutating func observe(_ step: ObservedStep) {
    guard !layers.isEmpty else { return }
    firstStep = firstStep ?? step.step
    loss.observe(step.record)
    weights.observe(step.record)
    updates.observe(step)
    let layers = layers
    for place in layers.indices {
      let isOver =
        step.record.saturatedShare(layers[place].layer).map { $0 > limit(place) } ?? false
      if isOver, onsets[place] == nil || quiet[place] > Evaluation.grace {
        onsets[place] = step.step
      }
      quiet[place] = isOver ? 0 : quiet[place] + 1
    }
    let feeders = feeders
    feederUpdates.append(
      { place in
        feeders[place].flatMap { step.updateDecades($0) } ?? .nan
      }, at: step.step)
    shares.append({ step.record.saturatedShare(layers[$0].layer) ?? .nan }, at: step.step)
    drops.append(
      { place in
        guard let above = step.deltaDecades(layers[place].layer),
          let below = step.deltaDecades(layers[place].feeding), above > -.infinity
        else { return .nan }
        // A flat end may leave nothing at all of δ.
        return below > -.infinity ? above - below : -Magnitude.underflow
      }, at: step.step)
    for place in layers.indices where inputScales[place] == nil {
      inputScales[place] = inputScale(place, step.record)
    }
    if Evaluation.isDue(after: shares.count) { evaluate() }
  }

  /// The RMS of what enters the weights that feed the activation.
  private func inputScale(_ place: Int, _ step: StepRecord) -> Double? {
    guard let weights = feeders[place], let below = context.graph.inputs[weights].first,
      below < step.layers.count
    else { return nil }
    return step.layers[below]?.activation?.rms
  }

  private mutating func evaluate() {
    guard let window = shares.steps else { return }
    for place in layers.indices {
      alarms[place].note(severity(place), over: window)
      if alarms[place].raisedAtStep != nil, isTold(place, ended: false) {
        airedAtStep[place] = airedAtStep[place] ?? window.upperBound
      }
    }
  }

  /// Whether it is time to say so: a run that goes on may outgrow it while the weights below still move.
  private func isTold(_ place: Int, ended: Bool) -> Bool {
    guard !ended, loss.mayMend(context), let update = feederUpdates.median(of: place) else {
      return true
    }
    let limit = context.value(Thresholds.vanishingUpdateRatio, layer: layers[place].feeding)
    return Magnitude.power(update) < limit
  }

  /// A warning where most of the layer is flat and that costs δ; what it does to the run is seen at the end.
  private func severity(_ place: Int) -> Severity? {
    guard quiet[place] < Evaluation.window, let share = shares.median(of: place),
      share > limit(place)
    else { return nil }
    guard let drop = drops.median(of: place) else {
      // Without δ the effect on the loss has to do.
      return loss.harm(context) > .info ? .warning : nil
    }
    return drop - usualDrop(place) > context.value(Thresholds.saturatedDrop) ? .warning : nil
  }

  private func limit(_ place: Int) -> Double {
    context.value(Thresholds.saturatedShare, layer: layers[place].layer)
  }

  /// What the activation takes of δ at its steepest: a sigmoid passes a quarter.
  private func usualDrop(_ place: Int) -> Double {
    context.kind(layers[place].layer).hasSuffix("sigmoid") ? log10(4) : 0
  }

  public func outcome(ended: Bool) -> Outcome {
    guard !layers.isEmpty else {
      return .notChecked("no sigmoid or tanh between layers with weights")
    }
    var judged = self
    if ended {
      judged.evaluate()
      for place in layers.indices { judged.alarms[place].endRun() }
    }
    return judged.conclusion(ended: ended)
  }

  private func conclusion(ended: Bool) -> Outcome {
    let known = layers.indices.filter { shares.median(of: $0) != nil }
    guard !known.isEmpty else { return .notChecked("no counts of saturated outputs in this trace") }
    let alarmed = known.filter {
      alarms[$0].isPresent && alarms[$0].raisedAtStep != nil && isTold($0, ended: ended)
    }
    guard let first = alarmed.min(by: { since($0) < since($1) }) else {
      let largest = known.compactMap { shares.median(of: $0) }.max() ?? 0
      return .clear(
        "at most \(Wording.percent(largest)) of a layer's outputs are saturated; alarm above "
          + "\(Wording.percent(context.value(Thresholds.saturatedShare))), if that costs δ")
    }
    return .found([finding(first, alarmed)])
  }

  /// The first step of the first window over the threshold, or the later one in it at which the units came to their ends.
  private func since(_ place: Int) -> Int {
    alarms[place].firstStep.map { max($0, onsets[place] ?? $0) } ?? .max
  }

  private func finding(_ place: Int, _ alarmed: [Int]) -> Finding {
    let layer = layers[place].layer
    let share = shares.median(of: place) ?? 0
    let cause = cause(place)
    let severity: Severity =
      context.bypassed[layer] ? min(loss.harm(context), .warning) : loss.harm(context)
    let lost = drops.median(of: place).map {
      "; it takes \(Wording.decades($0)) decades of δ"
    }
    return Finding(
      id: Self.explanation.id, severity: severity, layer: context.name(layer),
      layers: alarmed.map { context.name(layers[$0].layer) }, firstStep: since(place),
      raisedAtStep: airedAtStep[place] ?? alarms[place].raisedAtStep ?? since(place),
      lastStep: alarms[place].lastStep ?? since(place), statistic: "saturated-share",
      value: share, threshold: limit(place), healthy: 0...0.3, cause: cause,
      message: "\(Wording.percent(share)) of the outputs of \(context.cited(layer)) stand at its "
        + "flat ends, since step \(since(place))\(lost ?? "").",
      remedies: remedies(cause.id),
      evidence: Evidence(
        title: "saturated outputs, share of each layer", isLogarithmic: false,
        values: layers.indices.compactMap { place in
          shares.median(of: place).map {
            Evidence.LayerValue(layer: context.name(layers[place].layer), value: $0)
          }
        }))
  }

  private func cause(_ place: Int) -> Cause {
    let name = feeders[place].map(context.cited) ?? context.cited(layers[place].feeding)
    if since(place) <= (firstStep ?? 0) {
      if let scale = inputScales[place], scale > Self.largeInput {
        return Cause(
          id: "input-scale",
          text: "What enters \(name) has an RMS of \(Wording.short(scale)) at the start; weights "
            + "are made for about 1.")
      }
      if let feeder = feeders[place], let factor = weights.factor(feeder), factor > 2 {
        return Cause(
          id: "initial-scale",
          text: "The weights of \(name) start at \(Wording.short(factor)) times the scale that "
            + "keeps the signal's size.")
      }
    }
    let limit = context.value(Thresholds.deadUpdate)
    let above = context.graph.weightLayers.filter { $0 < layers[place].layer }
    if let push = updates.suspect(
      among: above, at: (firstStep ?? 0)...max(firstStep ?? 0, since(place) + Evaluation.window),
      over: limit)
    {
      return Cause(
        id: "learning-rate",
        text: "The update of step \(push.update.step) moved \(context.cited(push.layer)) by "
          + "\(Wording.movement(push.update.ratio)).")
    }
    return Cause(
      id: "unknown", text: "Neither the scale at the start nor a single large update explains it.")
  }

  /// The RMS of a layer's input from which on it is called large.
  private static let largeInput = 3.0

  private func remedies(_ cause: String) -> [Remedy] {
    switch cause {
    case "input-scale": [.normalizeInput, .batchNormalization, .useReLU]
    case "initial-scale": [.useReLU, .xavierInitialization, .batchNormalization]
    case "learning-rate":
      [.lowerLearningRate(than: loss.learningRate), .batchNormalization, .useReLU]
    default: [.useReLU, .batchNormalization, .lowerLearningRate(than: loss.learningRate)]
    }
  }
}

extension SaturatedActivation {
  public static let explanation = Explanation(
    id: "saturated-activation",
    summary: "Sigmoids or tanhs stand at their flat ends, where their slope is next to nothing.",
    measures: """
      For each sigmoid or tanh between layers with weights, the share of its outputs near an end \
      (|z| > 0.99 for tanh, z < 0.01 or > 0.99 for sigmoid), and the decades by which the L2 norm \
      of δ per example falls across it, each as the median of the last 50 steps.
      """,
    matters: """
      δ of the layer below is δ above times the slope, 1 − z² for a tanh. Where nearly all units \
      stand at an end, the layers below get no gradient and the units cannot come back.
      """,
    fires: """
      A share above 0.5 (saturated-activation.share), if δ loses more than 0.4 decades across the \
      layer (saturated-activation.drop) beyond what the activation takes at its steepest. An error \
      where the loss has not fallen, a warning where it has by less than half, else a note: units \
      that decide are saturated too.
      """,
    causes: [
      "input-scale: inputs that were not normalized",
      "initial-scale: weights that start too large",
      "learning-rate: an update that pushed the units to their ends",
    ],
    remedies: [
      .useReLU, .xavierInitialization, .batchNormalization, .normalizeInput, .lowerLearningRate(),
    ],
    reference: """
      X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural \
      networks, AISTATS 2010.
      """)
}
