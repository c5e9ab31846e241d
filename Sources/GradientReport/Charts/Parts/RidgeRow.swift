import Foundation
import GradientDiagnosis
import GradientTrace

/// What a chart of distributions knows of a layer.
struct RidgeRow: Sendable {
  let name: String
  let distribution: Distribution
  let isAccented: Bool
  /// The magnitude, as log10, below which a sigmoid's outputs are saturated.
  let flatEnd: Double?
  /// How many magnitudes of each bin belong to the ridge: all but those at an upper flat end, which are a heap of their own.
  let counts: [Int]
  /// How many magnitudes stand at the upper flat end.
  let heap: Int

  /// Where the outputs of a sigmoid or tanh are saturated, as log10, and where they end.
  static let upperFlatEnd = log10(0.99)...0
  /// What is smaller than the bins tell apart, and what is larger.
  static let belowBins = "below 7e-15", aboveBins = "above 3e4"

  init(_ distribution: Distribution, of kind: String, name: String, isAccented: Bool) {
    self.name = name
    self.distribution = distribution
    self.isAccented = isAccented
    flatEnd = ["sigmoid", "hard-sigmoid"].contains(kind) ? -2 : nil
    var upper = distribution.saturated ?? 0
    if let flatEnd { upper -= distribution.count(below: flatEnd) }
    var counts = distribution.counts
    let all = max(0, upper)
    // The bin that begins at a half holds what lies between the upper flat end and 1.
    for bin in (-1 - Log2Histogram.lowestExponent..<counts.count).reversed() {
      let taken = min(counts[bin], max(0, upper))
      counts[bin] -= taken
      upper -= taken
    }
    self.counts = counts
    heap = all - max(0, upper)
  }

  /// The bins that are drawn: all with two ends, but for the smallest magnitudes that make up a five-hundredth.
  var shownBins: ClosedRange<Int>? {
    let occupied = Distribution.closedBins.filter { counts[$0] > 0 }
    guard let last = occupied.last else { return nil }
    var left = counts.reduce(0, +) / 500
    let first = occupied.first { bin in
      left -= counts[bin]
      return left < 0
    }
    return (first ?? last)...last
  }

  /// Log10 of RMS and largest magnitude, for a row whose magnitudes lie beyond the bins.
  var sizes: ClosedRange<Double>? {
    guard shownBins == nil, heap == 0, distribution.magnitudes > 0, let rms = distribution.rms
    else { return nil }
    let low = log10(rms)
    return low...max(low, distribution.largest.map(log10) ?? low)
  }

  /// The magnitudes, as log10, between which something is drawn.
  var span: ClosedRange<Double>? {
    let ridge = shownBins.map {
      Distribution.start(ofBin: $0.lowerBound)...distribution.end(ofBin: $0.upperBound)
    }
    guard heap > 0 else { return ridge ?? sizes }
    let low = min(ridge?.lowerBound ?? Self.upperFlatEnd.lowerBound, -log10(2))
    return low...max(ridge?.upperBound ?? 0, Self.upperFlatEnd.upperBound)
  }
}

extension RidgeRow {
  /// Log10 of the median magnitude; nil where there is none.
  private var median: Double? {
    // More than half of them stand between 0.99 and 1.
    2 * heap > distribution.magnitudes
      ? Self.upperFlatEnd.upperBound : distribution.percentile(0.5)
  }

  /// Whether the median lies in a bin with two ends.
  private var isMedianKnown: Bool {
    let bins = Distribution.closedBins
    return median.map {
      $0 >= Distribution.start(ofBin: bins.lowerBound)
        && $0 <= Distribution.start(ofBin: bins.upperBound + 1)
    } ?? false
  }

  /// Log10 of the median magnitude or, where that lies beyond the bins, of the RMS; nil where there is no magnitude.
  var level: Double? {
    guard let median else { return nil }
    return isMedianKnown ? median : distribution.rms.map(log10) ?? median
  }

  /// Whether ``level`` is more than a limit.
  var isLevelKnown: Bool { isMedianKnown || distribution.rms != nil }

  /// Median or RMS in words; nil where there is no magnitude.
  var size: String? {
    guard let median else { return nil }
    if isMedianKnown { return "median \(Wording.short(pow(10, median)))" }
    if let rms = distribution.rms { return "RMS \(Wording.short(rms))" }
    return "median \(median < 0 ? Self.belowBins : Self.aboveBins)"
  }
}

extension Distribution {
  /// About how many magnitudes lie below one that is given as log10.
  fileprivate func count(below magnitude: Double) -> Int {
    let place = magnitude / log10(2) - Double(Log2Histogram.lowestExponent)
    let bin = min(max(Int(place), 0), counts.count - 1)
    return counts[..<bin].reduce(0, +) + Int(Double(counts[bin]) * (place - Double(bin)))
  }
}
