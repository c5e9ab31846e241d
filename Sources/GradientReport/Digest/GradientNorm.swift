import Foundation
import GradientTrace

/// The norm of the whole gradient over the steps of a run, and what clipping leaves of it.
package struct GradientNorm: Sendable {
  /// Log10 of the L2 norm over all parameters, before clipping.
  package private(set) var norm = Series()
  /// Log10 of what clipping leaves of it, where a run clips.
  package private(set) var clipped = Series()
  /// The steps with clipping, and those of them at which it acted.
  package private(set) var steps = 0, clippedSteps = 0
  private let sizes: [[Int]]

  init(_ layers: [LayerDescription]) {
    sizes = layers.map { $0.parameters.map { $0.shape.reduce(1) { $0.multipliedFully(by: $1) } } }
  }

  /// Does what the run's columns did, before the values of the step that they just added.
  mutating func prepare(_ change: StepColumns.Change) {
    norm.prepare(change)
    clipped.prepare(change)
  }

  /// Adds a step; one at which a parameter didn't record its gradient has no norm.
  mutating func add(_ record: StepRecord) {
    guard let size = size(in: record) else { return }
    guard size.isFinite else { return norm.add(.nan) }
    norm.add(logarithmOf: size)
    guard let factor = record.clipFactor, factor.isFinite else { return }
    steps += 1
    if factor < 1 { clippedSteps += 1 }
    clipped.add(logarithmOf: size * factor)
  }

  /// √(Σ n g²) over the parameters that are trained, each of n elements with an RMS of g.
  private func size(in record: StepRecord) -> Double? {
    var size = 0.0
    var isKnown = false
    for index in record.layers.indices.prefix(sizes.count) {
      let recorded = record.layers[index]?.parameters.count ?? 0
      for place in sizes[index].indices.prefix(recorded) {
        guard let rms = record.layers[index]?.parameters[place]?.gradientRMS else { continue }
        isKnown = true
        size = hypot(size, rms * Double(sizes[index][place]).squareRoot())
      }
    }
    return isKnown ? size : nil
  }
}

extension Int {
  /// The product, or the largest number where it is larger: a trace from outside may claim any shape.
  fileprivate func multipliedFully(by other: Int) -> Int {
    let (product, isTooLarge) = multipliedReportingOverflow(by: Swift.max(other, 0))
    return isTooLarge ? .max : product
  }
}
