import Foundation
import GradientTrace

/// The features of the input are far from the scale that initial weights are made for, and the run suffers from it.
public struct UnnormalizedInput: Analyzer {
  private let context: AnalysisContext
  private let inputs: [Int]
  private var scales: [FeatureScale] = []
  private var known: Set<Int> = []
  private var loss: LossProgress
  private var alarm = Hysteresis()
  private var airedAtStep: Int?

  public static let explainedBy: [CausalLink] = []

  public init(_ context: AnalysisContext) {
    self.context = context
    loss = LossProgress(context.header.run)
    // Indices that an embedding looks up have no scale.
    inputs = context.header.layers.indices.filter { layer in
      context.kind(layer) == "input" && !context.graph.consumers[layer].isEmpty
        && !context.graph.consumers[layer].allSatisfy { context.kind($0) == "embedding" }
    }
  }

  public mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    for layer in inputs where !known.contains(layer) && layer < step.layers.count {
      guard let record = step.layers[layer], let scale = FeatureScale(layer: layer, record) else {
        continue
      }
      known.insert(layer)
      scales.append(scale)
    }
    let seen = loss.count + (loss.nonFiniteStep == nil ? 0 : 1)
    if seen >= Evaluation.patience, seen % Evaluation.interval == 0 { evaluate() }
  }

  private mutating func evaluate() {
    let isHarmful = worst != nil && loss.harm(context) > .info
    alarm.note(
      isHarmful ? .warning : nil, over: loss.firstStep...max(loss.firstStep, loss.lastStep))
    if alarm.raisedAtStep != nil, !loss.mayMend(context) {
      airedAtStep = airedAtStep ?? loss.lastStep
    }
  }

  /// The input that is farthest from its scale, and by which measure.
  private var worst: (scale: FeatureScale, crossed: DepthShape.Crossing)? {
    scales.compactMap { scale in crossing(scale).map { (scale, $0) } }
      .max { $0.1.value / $0.1.threshold < $1.1.value / $1.1.threshold }
  }

  private func crossing(_ scale: FeatureScale) -> DepthShape.Crossing? {
    func over(_ name: String, _ value: Double?, _ threshold: Threshold) -> DepthShape.Crossing? {
      let limit = context.value(threshold, layer: scale.layer)
      return value.flatMap { $0 > limit ? (name, $0, limit) : nil }
    }
    return over("input-size", scale.size, Thresholds.unnormalizedSize)
      ?? over("feature-spread", scale.spread, Thresholds.unnormalizedSpread)
      ?? over("feature-offset", scale.offset, Thresholds.unnormalizedOffset)
  }

  public func outcome(ended: Bool) -> Outcome {
    guard !inputs.isEmpty else {
      return .notChecked("no input in this trace, or one of indices alone")
    }
    guard !scales.isEmpty else { return .notChecked("no statistics of the input in this trace") }
    var judged = self
    if ended { judged.evaluate() }
    return judged.conclusion(ended: ended)
  }

  private func conclusion(ended: Bool) -> Outcome {
    guard let worst else {
      let sizes = scales.map { Wording.short(Magnitude.power($0.size)) }
      return .clear("the input's RMS is \(sizes.joined(separator: " and "))")
    }
    let name = context.name(worst.scale.layer)
    let isShort = loss.count < Evaluation.patience && loss.nonFiniteStep == nil
    let harm = loss.harm(context)
    let isEarly = isShort || !ended && loss.mayMend(context)
    guard harm > .info, !isEarly, let raised = alarm.raisedAtStep ?? (ended ? loss.lastStep : nil)
    else {
      return .clear("\(description(worst)), which has done no harm")
    }
    return .found([
      Finding(
        id: Self.explanation.id, severity: harm, layer: name, layers: [name],
        firstStep: loss.firstStep, raisedAtStep: airedAtStep ?? raised, lastStep: loss.lastStep,
        statistic: worst.crossed.statistic, value: worst.crossed.value,
        threshold: worst.crossed.threshold, healthy: 0...worst.crossed.threshold,
        cause: Cause(
          id: "input-scale",
          text:
            "Initial weights are made for inputs of size 1 around 0. Larger ones saturate or kill "
            + "units and make gradients as much larger; uneven ones would each need a learning rate "
            + "of their own."),
        message:
          "\(Wording.capitalized(description(worst))), and the loss has not fallen as it should.",
        remedies: [
          .normalizeInput, .batchNormalization, .lowerLearningRate(than: loss.learningRate),
        ])
    ])
  }

  private func description(_ worst: (scale: FeatureScale, crossed: DepthShape.Crossing)) -> String {
    let name = context.cited(worst.scale.layer)
    return switch worst.crossed.statistic {
    case "input-size":
      "the values of \(name) have an RMS of \(Wording.short(Magnitude.power(worst.crossed.value)))"
    case "feature-spread":
      "the largest feature of \(name) is \(Wording.short(Magnitude.power(worst.crossed.value))) "
        + "times the typical one"
    default:
      "the features of \(name) lie \(Wording.short(worst.crossed.value)) standard deviations from "
        + "zero"
    }
  }
}

extension UnnormalizedInput {
  public static let explanation = Explanation(
    id: "unnormalized-input",
    summary: "The input's features are far from the scale that initial weights are made for.",
    measures: """
      Mean m and standard deviation s of each feature over some examples: log10 of the RMS over \
      all features, √(m² + s²); the decades from the median feature's RMS to the largest one's; \
      and the median of |m|/s. Indices that an embedding looks up are not judged.
      """,
    matters: """
      The gradient of a first-layer weight is δ times its input: features of different sizes get \
      learning rates as different, and large ones saturate or kill the units they reach.
      """,
    fires: """
      While the loss has fallen by less than half (not-learning.little): where the RMS is \
      above 10 (unnormalized-input.size, in decades), a feature is 30 times the typical one \
      (unnormalized-input.spread, in decades), or features lie more than 8 standard deviations \
      from zero (unnormalized-input.offset). An error where the loss has not fallen, else a warning.
      """,
    causes: ["input-scale: features were not brought to mean 0 and standard deviation 1"],
    remedies: [.normalizeInput, .batchNormalization, .lowerLearningRate()],
    reference: "Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, Efficient BackProp (1998), section 4.3.")
}
