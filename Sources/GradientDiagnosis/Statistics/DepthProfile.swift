import Foundation
import GradientTrace

/// A figure of the weight layers over depth, in decades: δ, or the update:weight ratio, over the last 50 steps.
///
/// One value a depth, the input side first: layers of equal depth contribute their median. Its differences are free of
/// the loss's scale, the batch size and the progress of training, which shift all depths alike.
struct DepthProfile: Sendable {
  /// What is measured of a layer at a step, in decades.
  typealias Measure = @Sendable (_ layer: Int, _ record: LayerRecord, _ step: StepRecord) -> Double?

  private let levels: [[Int]]
  private let measure: Measure
  private var rows: RollingWindow<Row>
  /// The steps seen, whether they held something to measure or not.
  private(set) var steps = 0
  /// The row of the first step that had two depths or more.
  private(set) var first: (step: Int, values: [Double?])?

  private struct Row: Sendable {
    var step: Int
    var values: [Double?]
  }

  /// Creates an empty profile of the weight layers of `context`.
  init(_ context: AnalysisContext, measure: @escaping Measure) {
    levels = context.levels
    self.measure = measure
    rows = RollingWindow(capacity: Evaluation.window)
  }

  /// The steps that the window covers, or nil while it is empty.
  var window: ClosedRange<Int>? {
    let steps = rows.elements.map(\.step)
    guard let first = steps.first, let last = steps.last else { return nil }
    return first...max(first, last)
  }

  /// Takes in the next step; one at which nothing was measured is passed over.
  mutating func observe(_ step: StepRecord) {
    steps += 1
    let values = withoutBlocked(
      levels.map { level in
        median(
          level.compactMap { layer -> Double? in
            guard layer < step.layers.count, let record = step.layers[layer] else { return nil }
            return measure(layer, record, step)
          })
      })
    let known = values.count { $0 != nil }
    guard known > 0 else { return }
    if first == nil, known > 1 { first = (step.step, values) }
    rows.append(Row(step: step.step, values: values))
  }

  /// For each depth the median over the window; nil where less than half of the steps had a value.
  func medians() -> [Double?] {
    let rows = rows.elements
    return levels.indices.map { depth in
      let values = rows.compactMap { $0.values[depth] }
      return values.count * 2 >= rows.count ? median(values) : nil
    }
  }

  /// Tells the two zeros apart: one below a magnitude near the end of single precision has underflowed and counts as
  /// vanished; one below an ordinary magnitude is blocked, which is another symptom.
  private func withoutBlocked(_ values: [Double?]) -> [Double?] {
    var result = values
    var above: Double?
    for depth in values.indices.reversed() {
      if values[depth] == -.infinity {
        result[depth] = above.map { $0 < -25 } == true ? underflowDecades : nil
      }
      above = result[depth] ?? above
    }
    return result
  }
}

extension DepthProfile {
  /// The window's medians of δ as figures by layer.
  func evidence(_ context: AnalysisContext) -> Evidence? {
    guard let window else { return nil }
    let steps =
      window.count == 1
      ? "step \(window.lowerBound)"
      : "median of steps \(window.lowerBound) to \(window.upperBound)"
    return Evidence(
      title: "δ per example (L2), \(steps)",
      isLogarithmic: true,
      values: zip(context.levels, medians()).compactMap { level, value in
        value.map { Evidence.LayerValue(layer: context.name(level[0]), value: pow(10, $0)) }
      })
  }

  /// The profile of log10 of the L2 norm of δ per example.
  static func delta(_ context: AnalysisContext) -> DepthProfile {
    DepthProfile(context) { _, record, step in deltaDecades(record, step) }
  }

  /// The profile of log10 of the update:weight ratio of the layers' weights, frozen ones left out.
  static func updates(_ context: AnalysisContext) -> DepthProfile {
    let layers = context.header.layers
    return DepthProfile(context) { layer, record, _ in
      updateDecades(record, layers[layer].parameters)
    }
  }
}

/// What stands for the logarithm of an update that is exactly zero.
let zeroUpdateDecades = -20.0

/// What stands for the logarithm of a δ below single precision.
let underflowDecades = -46.0

/// Log10 of the L2 norm of δ per example, −∞ where it is zero; nil where it is unknown or not finite.
func deltaDecades(_ record: LayerRecord, _ step: StepRecord) -> Double? {
  guard let delta = record.delta, let rms = delta.rms, rms.isFinite else { return nil }
  guard rms > 0 else { return -.infinity }
  // Without the number of examples the profile is shifted as a whole, which its differences don't see.
  return decades(delta.l2(perExampleOf: step.examples ?? 1) ?? rms)
}

/// Log10 of ‖ΔW‖/‖W‖ over a layer's weights that are not frozen; nil where it is unknown or not finite.
func updateDecades(_ record: LayerRecord, _ parameters: [ParameterDescription]) -> Double? {
  var updates = 0.0
  var weights = 0.0
  for (parameter, statistics) in zip(parameters, record.parameters) where parameter.isWeight {
    guard let statistics, let update = statistics.updateRMS, let weight = statistics.rms,
      !parameter.frozen, statistics.frozen != true
    else { continue }
    let count = parameter.shape.reduce(1.0) { $0 * Double($1) }
    updates += count * update * update
    weights += count * weight * weight
  }
  guard weights > 0, updates.isFinite, weights.isFinite else { return nil }
  return updates > 0 ? max(zeroUpdateDecades, log10(updates / weights) / 2) : zeroUpdateDecades
}
