import GradientTrace

/// How far single updates carry the weights: at each step the largest update:weight ratio of any layer.
package struct StepSizes: Sendable {
  /// The update:weight ratios between the one that is too low and the one that is too high.
  package static let healthy: ClosedRange<Double> =
    Thresholds.lowRateUpdate.standard...Thresholds.highRateUpdate.standard

  /// One update of one layer's weights.
  struct Leap: Sendable {
    var step: Int
    var layer: Int
    /// ‖ΔW‖/‖W‖.
    var ratio: Double
    var learningRate: Double?
  }

  private let context: AnalysisContext
  /// The layers whose weights start at zero: their first updates are as large as they are.
  private let startsAtZero: Set<Int>
  private var sum = 0.0
  private var window = RollingWindow<Double>(capacity: Evaluation.window)
  /// Whether the last step that told of updates told of half the layers at least.
  private(set) var coversMost = false
  /// The steps at which an update was recorded.
  private(set) var count = 0
  /// The largest update, and the number of steps whose largest one lay over the limit.
  private(set) var largest: Leap?
  private(set) var leaps = 0
  private(set) var firstLeap: Leap?

  init(_ context: AnalysisContext) {
    self.context = context
    startsAtZero = Set(
      context.graph.weightLayers.filter { layer in
        context.header.layers[layer].parameters.contains { $0.isWeight && $0.initialRMS == 0 }
      })
  }

  /// Takes in the next step; an update beyond `limit` counts as a leap.
  mutating func observe(_ step: ObservedStep, leapsOver limit: Double) {
    var best: (layer: Int, decades: Double)?
    var known = 0
    for layer in context.graph.weightLayers {
      if count < Evaluation.grace, startsAtZero.contains(layer) { continue }
      guard let decades = step.updateDecades(layer) else {
        continue
      }
      known += 1
      if decades > best?.decades ?? -.infinity { best = (layer, decades) }
    }
    guard let best else { return }
    count += 1
    coversMost = 2 * known >= context.graph.weightLayers.count
    let ratio = best.decades > Magnitude.zeroUpdate ? Magnitude.power(best.decades) : 0
    window.append(ratio)
    sum += ratio
    let leap = Leap(
      step: step.step, layer: best.layer, ratio: ratio, learningRate: step.learningRate)
    if ratio > largest?.ratio ?? -1 { largest = leap }
    if ratio > limit {
      leaps += 1
      firstLeap = firstLeap ?? leap
    }
  }

  /// The mean over all steps, or nil where no update was recorded.
  var mean: Double? { count > 0 ? sum / Double(count) : nil }

  /// The median over the last 50 steps, or nil where no update was recorded.
  var typical: Double? { median(window.unordered) }
}
