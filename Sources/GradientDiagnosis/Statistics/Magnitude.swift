import Foundation
import GradientTrace

/// Figures of a step in decades, and what stands for zeros.
enum Magnitude {
  /// What stands for the logarithm of an update that is exactly zero.
  static let zeroUpdate = -20.0
  /// What stands for the logarithm of a δ below single precision.
  static let underflow = -46.0
  /// A δ below this is so near the end of single precision that a zero before it has underflowed.
  static let nearUnderflow = -25.0

  /// The figure of which `decades` is the logarithm.
  static func power(_ decades: Double) -> Double { pow(10, decades) }
}

extension StepRecord {
  /// Log10 of the L2 norm of δ per example, −∞ where it is zero; nil where it is unknown or not finite.
  func deltaDecades(_ layer: Int) -> Double? {
    guard layer < layers.count, let rms = layers[layer]?.delta?.rms, rms.isFinite else {
      return nil
    }
    guard rms > 0 else { return -.infinity }
    // Without the counts the figure is that of an element; without the examples all depths shift alike.
    guard let count = layers[layer]?.delta?.count, count > 0 else { return log10(rms) }
    return log10(rms) + log10(Double(count) / Double(max(1, examples ?? 1))) / 2
  }

  /// The share of a layer's outputs that are saturated; nil where it was not counted.
  func saturatedShare(_ layer: Int) -> Double? {
    guard layer < layers.count, let saturated = layers[layer]?.saturated,
      let count = layers[layer]?.activation?.count, count > 0, (0...count).contains(saturated)
    else { return nil }
    return Double(saturated) / Double(count)
  }

  /// The share of a layer's δ that is subnormal; nil where it was not counted.
  func subnormalShare(_ layer: Int) -> Double? {
    guard layer < layers.count, let delta = layers[layer]?.delta, let subnormal = delta.subnormal,
      let count = delta.count, count > 0, (0...count).contains(subnormal)
    else { return nil }
    return Double(subnormal) / Double(count)
  }

  /// Log10 of ‖ΔW‖/‖W‖ over a layer's weights that are not frozen; nil where it is unknown or not finite.
  func updateDecades(_ layer: Int, _ described: [ParameterDescription]) -> Double? {
    guard layer < layers.count, let statistics = layers[layer]?.parameters else { return nil }
    var updates = 0.0
    var weights = 0.0
    for index in 0..<min(described.count, statistics.count)
    where described[index].isWeight && !described[index].frozen {
      guard statistics[index]?.frozen != true, let update = statistics[index]?.updateRMS,
        let weight = statistics[index]?.rms
      else { continue }
      let count = described[index].elements
      updates += count * update * update
      weights += count * weight * weight
    }
    guard weights > 0, updates.isFinite, weights.isFinite else { return nil }
    return updates > 0
      ? max(Magnitude.zeroUpdate, log10(updates / weights) / 2) : Magnitude.zeroUpdate
  }

  /// Log10 of the L2 norm of the gradient of a layer's weights; nil where it is zero, unknown or not finite.
  func gradientDecades(_ layer: Int, _ described: [ParameterDescription]) -> Double? {
    guard layer < layers.count, let statistics = layers[layer]?.parameters else { return nil }
    var sum = 0.0
    for index in 0..<min(described.count, statistics.count) where described[index].isWeight {
      guard let rms = statistics[index]?.gradientRMS else { continue }
      sum += described[index].elements * rms * rms
    }
    return sum.isFinite && sum > 0 ? log10(sum) / 2 : nil
  }
}

extension ParameterDescription {
  /// The number of elements.
  var elements: Double { shape.reduce(1) { $0 * Double($1) } }
}
