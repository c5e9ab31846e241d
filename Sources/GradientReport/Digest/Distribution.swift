import Foundation
package import GradientTrace

/// How the magnitudes of a tensor's elements are distributed at one step.
package struct Distribution: Sendable, Equatable {
  /// How many magnitudes lie in each bin of a ``Log2Histogram``.
  package private(set) var counts: [Int]
  /// The elements that are exactly zero.
  package private(set) var zeros: Int
  /// The elements that are NaN or infinite.
  package private(set) var nonFinite: Int
  /// The elements too small for full precision; they are in `counts` too, in the first bin.
  package private(set) var subnormal: Int
  /// The elements at the flat ends of a sigmoid or tanh, where they were counted; they are in `counts` too.
  package private(set) var saturated: Int?

  /// Creates the distribution of a tensor.
  package init(
    _ histogram: Log2Histogram, zeros: Int = 0, nonFinite: Int = 0, subnormal: Int = 0,
    saturated: Int? = nil
  ) {
    func believable(_ count: Int) -> Int { min(max(count, 0), Self.mostElements) }
    counts = histogram.counts.map { Int($0) }
    self.zeros = believable(zeros)
    self.nonFinite = believable(nonFinite)
    self.subnormal = believable(subnormal)
    self.saturated = saturated.map(believable)
  }

  /// No tensor has more elements; a trace from outside may say so, and their sums must stay whole numbers.
  private static let mostElements = 1 << 48

  /// The elements of two tensors together.
  static func + (one: Distribution, other: Distribution) -> Distribution {
    var sum = one
    for bin in sum.counts.indices { sum.counts[bin] += other.counts[bin] }
    sum.zeros += other.zeros
    sum.nonFinite += other.nonFinite
    sum.subnormal += other.subnormal
    return sum
  }

  /// The elements that have a magnitude other than zero.
  package var magnitudes: Int { counts.reduce(0, +) }
  /// All elements.
  package var total: Int { magnitudes + zeros + nonFinite }

  /// The part of all elements that `count` is.
  package func share(_ count: Int) -> Double {
    total > 0 ? min(Double(count) / Double(total), 1) : 0
  }

  /// Log10 of the magnitude at which a bin begins.
  package static func start(ofBin bin: Int) -> Double {
    Double(bin + Log2Histogram.lowestExponent) * log10(2)
  }

  /// The bins whose magnitudes have both ends: the first holds all that is smaller too, the last all that is larger.
  package static let closedBins = 1..<Log2Histogram.binCount - 1

  /// Log10 of the magnitude that a share of the magnitudes lies below; nil where there is none.
  ///
  /// Within a bin they count as evenly spread over its logarithms.
  package func percentile(_ share: Double) -> Double? {
    let magnitudes = self.magnitudes
    guard magnitudes > 0 else { return nil }
    var left = share * Double(magnitudes)
    for (bin, count) in counts.enumerated() where count > 0 {
      if left <= Double(count) {
        return Self.start(ofBin: bin) + max(left, 0) / Double(count) * log10(2)
      }
      left -= Double(count)
    }
    return counts.lastIndex { $0 > 0 }.map { Self.start(ofBin: $0 + 1) }
  }
}
