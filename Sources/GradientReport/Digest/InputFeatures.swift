import Foundation
import GradientTrace

/// Where the features of an input lie, or the outputs of a layer's units, over the examples on which that was measured.
package struct InputFeatures: Sendable, Equatable {
  /// The index in the header of the input or the layer.
  package let layer: Int
  /// The step at which that was measured.
  package let step: Int
  /// For each feature its mean.
  package let means: [Double]
  /// For each feature its standard deviation.
  package let deviations: [Double]

  /// Takes them from what `layer` recorded at a step; nil where that has none, or they are no finite numbers.
  init?(layer: Int, step: Int, _ record: LayerRecord) {
    guard let means = record.unitMeans, let deviations = record.unitDeviations, !means.isEmpty,
      means.count == deviations.count,
      zip(means, deviations).allSatisfy({ abs($0) + abs($1) < .greatestFiniteMagnitude })
    else { return nil }
    self.layer = layer
    self.step = step
    self.means = means
    self.deviations = deviations.map(abs)
  }

  /// For each feature what lies within one standard deviation of its mean.
  package var ranges: [ClosedRange<Double>] { zip(means, deviations).map { $0 - $1...$0 + $1 } }

  /// For each feature its RMS, √(m² + s²).
  package var sizes: [Double] { zip(means, deviations).map { hypot($0, $1) } }

  /// The RMS over all features.
  package var rms: Double {
    let sizes = self.sizes
    guard let most = sizes.max(), most > 0 else { return 0 }
    let squares = sizes.reduce(0) { $0 + ($1 / most) * ($1 / most) }
    return most * (squares / Double(sizes.count)).squareRoot()
  }

  /// The median of the features' sizes, without those that are always zero.
  package var typical: Double {
    let sizes = self.sizes.filter { $0 > 0 }.sorted()
    return sizes.isEmpty ? 0 : DepthProfile.quantile(sizes, 0.5)
  }

  /// The RMS of the deviations next to that of the values: 0 where all examples are alike.
  package var spread: Double {
    let rms = self.rms
    guard rms > 0 else { return 0 }
    let squares = deviations.reduce(0) { $0 + ($1 / rms) * ($1 / rms) }
    return (squares / Double(deviations.count)).squareRoot()
  }

  /// The median of |m|/s over the features that vary.
  package var offset: Double {
    let offsets = zip(means, deviations).filter { $0.1 > 0 }.map { abs($0.0) / $0.1 }.sorted()
    return offsets.isEmpty ? 0 : DepthProfile.quantile(offsets, 0.5)
  }
}
