import Foundation
package import GradientTrace

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
  func updateDecades(_ layer: Int, _ weights: [Weight]) -> Double? {
    guard layer < layers.count, let statistics = layers[layer]?.parameters else { return nil }
    var updates = 0.0
    var values = 0.0
    for weight in weights where !weight.isFrozen && weight.place < statistics.count {
      guard statistics[weight.place]?.frozen != true,
        let update = statistics[weight.place]?.updateRMS, let rms = statistics[weight.place]?.rms
      else { continue }
      updates += weight.elements * update * update
      values += weight.elements * rms * rms
    }
    guard values > 0, updates.isFinite, values.isFinite else { return nil }
    return updates > 0
      ? max(Magnitude.zeroUpdate, log10(updates / values) / 2) : Magnitude.zeroUpdate
  }

  /// Log10 of the L2 norm of the gradient of a layer's weights; nil where it is zero, unknown or not finite.
  func gradientDecades(_ layer: Int, _ weights: [Weight]) -> Double? {
    guard layer < layers.count, let statistics = layers[layer]?.parameters else { return nil }
    var sum = 0.0
    for weight in weights where weight.place < statistics.count {
      guard let rms = statistics[weight.place]?.gradientRMS else { continue }
      sum += weight.elements * rms * rms
    }
    return sum.isFinite && sum > 0 ? log10(sum) / 2 : nil
  }
}

/// What every step asks of a parameter of rank 2 or more.
package struct Weight: Sendable, Equatable {
  /// Its place among the layer's parameters.
  package let place: Int
  /// The number of its elements.
  package let elements: Double
  /// Whether training leaves it alone on purpose.
  package let isFrozen: Bool

  /// The weights of a layer.
  package static func all(of layer: LayerDescription) -> [Weight] {
    layer.parameters.enumerated().filter(\.element.isWeight).map { place, parameter in
      Weight(
        place: place, elements: parameter.shape.reduce(1) { $0 * Double($1) },
        isFrozen: parameter.frozen)
    }
  }
}
