import Foundation
import GradientTrace

/// Looks for leaps of the global gradient norm over its own past.
struct GradientSurge: Sendable {
  private let context: AnalysisContext
  private var norms = RollingWindow<Double>(capacity: Evaluation.window)
  private var rows = RollingWindow<[Double?]>(capacity: Evaluation.window)
  private var recent = RollingWindow<Double>(capacity: Evaluation.grace)
  private var hits: [Int] = []
  private var levelBefore: Double?
  private var largestUpdate: (ratio: Double, decades: Double, layer: Int, step: Int)?
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

  init(_ context: AnalysisContext) { self.context = context }

  /// Takes in the next step.
  mutating func observe(_ step: ObservedStep) {
    learningRate = step.learningRate ?? learningRate
    noteUpdates(step)
    let row = context.graph.weightLayers.map(step.gradientDecades)
    guard step.isFinite, let norm = Self.norm(row) else {
      // A run that has just leapt overflows next: nothing is left to measure, and nothing more is needed.
      if !step.isFinite, let last = hits.last, step.step - last <= Evaluation.interval {
        raise(at: step.step)
        hasOverflowed = true
      }
      return
    }
    defer {
      norms.append(norm)
      rows.append(row)
      recent.append(norm)
    }
    guard let center = median(norms.unordered), let score = score(norm, center) else { return }
    if hits.isEmpty {
      levelBefore = center
      layer = steepest(row)
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
    let rate = learningRate.map { ", at learning rate \(Wording.short($0))," } ?? ""
    return Cause(
      id: "learning-rate",
      text: "The update of step \(largestUpdate.step)\(rate) moved "
        + "\(context.cited(largestUpdate.layer)) by \(Wording.movement(largestUpdate.ratio)); such "
        + "steps make the next gradient larger still.")
  }

  private mutating func raise(at step: Int) {
    guard raisedAtStep == nil else { return }
    raisedAtStep = step
    firstHit = hits.first ?? step
  }

  /// The robust z-score of a norm against its past, if it counts as a leap.
  private mutating func score(_ norm: Double, _ center: Double) -> Double? {
    let jump = norm - center
    largestJump = max(largestJump ?? jump, jump)
    guard jump >= context.value(Thresholds.explodingJump),
      let deviation = medianAbsoluteDeviation(norms.unordered, from: center)
    else { return nil }
    let score = jump / (1.4826 * deviation + 0.05)
    return score > context.value(Thresholds.explodingZScore) ? score : nil
  }

  /// Keeps the largest update up to the alarm, which is what may have set it off.
  private mutating func noteUpdates(_ step: ObservedStep) {
    guard raisedAtStep == nil else { return }
    for layer in context.graph.weightLayers {
      guard let decades = step.updateDecades(layer),
        decades > largestUpdate?.decades ?? -.infinity
      else { continue }
      let ratio = Magnitude.power(decades)
      if ratio > (largestUpdate?.ratio ?? 0) {
        largestUpdate = (ratio, decades, layer, step.step)
      }
    }
  }

  private func steepest(_ row: [Double?]) -> Int? {
    let jumps = row.indices.compactMap { index -> (layer: Int, jump: Double)? in
      guard let now = row[index], let past = median(rows.unordered.compactMap { $0[index] }) else {
        return nil
      }
      return (context.graph.weightLayers[index], now - past)
    }
    return jumps.max { $0.jump < $1.jump }?.layer
  }

  private static func norm(_ row: [Double?]) -> Double? {
    guard let largest = row.compactMap({ $0 }).max() else { return nil }
    let sum = row.reduce(0) { $0 + ($1.map { Magnitude.power(2 * ($0 - largest)) } ?? 0) }
    return largest + log10(sum) / 2
  }
}
