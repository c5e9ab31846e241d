import Foundation
import GradientTrace

/// How the features of an input lie: their size, how far apart their sizes are, and how far from zero.
struct FeatureScale: Sendable {
  /// The layer's index.
  let layer: Int
  /// Log10 of the RMS over all features; 0 is what weights are made for.
  let size: Double
  /// Decades from the typical feature's RMS to the largest one's; nil with fewer than two features.
  let spread: Double?
  /// The typical feature's distance from zero in standard deviations; nil where it is not known.
  let offset: Double?

  /// Reads the figures off an input's record; nil where it tells none.
  init?(layer: Int, _ record: LayerRecord) {
    self.layer = layer
    guard let means = record.unitMeans, let deviations = record.unitDeviations,
      means.count == deviations.count, !means.isEmpty
    else {
      guard let size = decades(record.activation?.rms) else { return nil }
      self.size = size
      spread = nil
      offset = nil
      return
    }
    let squares = zip(means, deviations).map { $0 * $0 + $1 * $1 }
    guard let size = decades((squares.reduce(0, +) / Double(squares.count)).squareRoot()) else {
      return nil
    }
    self.size = size
    let sizes = squares.compactMap { decades($0) }.map { $0 / 2 }
    spread =
      sizes.count > 1 ? median(sizes).flatMap { typical in sizes.max().map { $0 - typical } } : nil
    offset = median(
      zip(means, deviations).filter { $1 > 0 && $1.isFinite && $0.isFinite }.map { abs($0) / $1 })
  }
}
