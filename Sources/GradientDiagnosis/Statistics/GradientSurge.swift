import Foundation
import GradientTrace

/// Looks for leaps of the global gradient norm over its own past.
struct GradientSurge: Sendable {
  private let context: AnalysisContext
  private var past = RollingWindow<Row>(capacity: Evaluation.window)
  private var recent = RollingWindow<Double>(capacity: Evaluation.grace)
  private var hits: [Int] = []
  private var levelBefore: Double?
  private var largestUpdate: (ratio: Double, layer: Int, step: Int)?
  private var learningRate: Double?
  private var hasOverflowed = false
  /// The first of the leaps that raised the alarm.
  private(set) var firstHit = 0
  /// The last step that leapt.
  private(set) var lastHit = 0
  /// The step at which there were leaps enough.
  private(set) var raisedAtStep: Int?
  /// The largest leap, in decades; nil where no gradient was recorded at two steps.
  private(set) var largestJump: Double?
  /// The largest robust z-score.
  private(set) var largestScore = 0.0
  /// The layer whose gradient leapt most at the first leap.
  private(set) var layer: Int?

  /// The logarithms of one step's gradient norms: of each layer with weights, and of all together.
  private struct Row: Sendable {
    var layers: [Double?]
    var norm: Double
  }

  init(_ context: AnalysisContext) { self.context = context }

  /// Takes in the next step; `isFinite` tells whether all its values are.
  mutating func observe(_ step: StepRecord, isFinite: Bool) {
    learningRate = step.learningRate ?? learningRate
    noteUpdates(step)
    guard isFinite, let row = row(step) else {
      // A run that has just leapt overflows next: nothing is left to measure, and nothing more is needed.
      if !isFinite, let last = hits.last, step.step - last <= Evaluation.interval {
        raise(at: step.step)
        hasOverflowed = true
      }
      return
    }
    let before = past.elements
    past.append(row)
    recent.append(row.norm)
    guard let score = score(row.norm, before.map(\.norm), step) else { return }
    if hits.isEmpty {
      levelBefore = median(before.map(\.norm))
      layer = steepest(row.layers, before)
    }
    largestScore = max(largestScore, score)
    hits = hits.filter { $0 > step.step - 100 } + [step.step]
    lastHit = step.step
    if Double(hits.count) >= context.value(Thresholds.explodingHits) { raise(at: step.step) }
  }

  /// Whether the norm still lies where the leaps took it, a decade or more above its level before them.
  var persists: Bool {
    if hasOverflowed { return true }
    guard let levelBefore, let now = median(recent.elements) else { return false }
    return now - levelBefore >= context.value(Thresholds.explodingJump)
  }

  /// The setting behind the leaps: the learning rate where updates are of the size of the weights.
  var cause: Cause {
    guard let largestUpdate, largestUpdate.ratio > context.value(Thresholds.explodingUpdate) else {
      return Cause(
        id: "unknown",
        text: "The updates are of ordinary size: an unusual batch, or a steep place of the loss.")
    }
    let rate = learningRate.map { " at learning rate \(Wording.short($0))" } ?? ""
    return Cause(
      id: "learning-rate",
      text: "The update of step \(largestUpdate.step) moved \(context.name(largestUpdate.layer)) "
        + "by \(Wording.short(largestUpdate.ratio)) times its own size\(rate); such steps make "
        + "the next gradient larger still.")
  }

  private mutating func raise(at step: Int) {
    guard raisedAtStep == nil else { return }
    raisedAtStep = step
    firstHit = hits.first ?? step
  }

  private mutating func score(_ norm: Double, _ before: [Double], _ step: StepRecord) -> Double? {
    guard let center = median(before), let deviation = medianAbsoluteDeviation(before) else {
      return nil
    }
    let jump = norm - center
    largestJump = max(largestJump ?? jump, jump)
    let score = jump / (1.4826 * deviation + 0.05)
    let isLeap =
      score > context.value(Thresholds.explodingZScore)
      && jump >= context.value(Thresholds.explodingJump)
    return isLeap ? score : nil
  }

  /// Keeps the largest update up to the alarm, which is what may have set it off.
  private mutating func noteUpdates(_ step: StepRecord) {
    guard raisedAtStep == nil else { return }
    for layer in context.graph.weightLayers where layer < step.layers.count {
      guard let record = step.layers[layer],
        let update = updateDecades(record, context.header.layers[layer].parameters)
      else { continue }
      let ratio = pow(10, update)
      if ratio > (largestUpdate?.ratio ?? 0) { largestUpdate = (ratio, layer, step.step) }
    }
  }

  private func steepest(_ row: [Double?], _ before: [Row]) -> Int? {
    let jumps = row.indices.compactMap { index -> (layer: Int, jump: Double)? in
      guard let now = row[index], let past = median(before.compactMap { $0.layers[index] }) else {
        return nil
      }
      return (context.graph.weightLayers[index], now - past)
    }
    return jumps.max { $0.jump < $1.jump }?.layer
  }

  private func row(_ step: StepRecord) -> Row? {
    let layers = context.graph.weightLayers.map { gradientDecades($0, step) }
    guard let largest = layers.compactMap({ $0 }).max() else { return nil }
    let sum = layers.reduce(0) { $0 + ($1.map { pow(10, 2 * ($0 - largest)) } ?? 0) }
    return Row(layers: layers, norm: largest + log10(sum) / 2)
  }

  /// Log10 of the L2 norm of the gradient of a layer's weights.
  private func gradientDecades(_ layer: Int, _ step: StepRecord) -> Double? {
    guard layer < step.layers.count, let record = step.layers[layer] else { return nil }
    var sum = 0.0
    for (parameter, statistics) in zip(
      context.header.layers[layer].parameters, record.parameters)
    where parameter.isWeight {
      guard let rms = statistics?.gradientRMS else { continue }
      sum += parameter.shape.reduce(1.0) { $0 * Double($1) } * rms * rms
    }
    return sum.isFinite && sum > 0 ? log10(sum) / 2 : nil
  }
}
