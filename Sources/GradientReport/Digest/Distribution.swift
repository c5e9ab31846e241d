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
  /// The largest magnitude, where it was recorded: the bins know it to a factor of 2 alone.
  package private(set) var largest: Double?
  /// The root mean square of all elements, where it was recorded: it has a place of its own below the bins, too.
  package private(set) var rms: Double?

  /// Creates the distribution of a tensor.
  package init(
    _ histogram: Log2Histogram, zeros: Int = 0, nonFinite: Int = 0, subnormal: Int = 0,
    saturated: Int? = nil, largest: Double? = nil, rms: Double? = nil
  ) {
    func believable(_ count: Int) -> Int { min(max(count, 0), Self.mostElements) }
    counts = histogram.counts.map { Int($0) }
    self.zeros = believable(zeros)
    self.nonFinite = believable(nonFinite)
    self.subnormal = believable(subnormal)
    self.saturated = saturated.map(believable)
    func measured(_ size: Double?) -> Double? { size.flatMap { $0 > 0 && $0.isFinite ? $0 : nil } }
    self.largest = measured(largest)
    self.rms = measured(rms)
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
    sum.largest = one.largest.flatMap { own in other.largest.map { max(own, $0) } }
    sum.rms = one.rms.flatMap { own in
      other.rms.map {
        hypot(own * sum.share(one.total).squareRoot(), $0 * sum.share(other.total).squareRoot())
      }
    }
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

  /// Log10 of the magnitude at which a bin ends: where the next one begins, or at the largest magnitude there is.
  package func end(ofBin bin: Int) -> Double {
    let start = Self.start(ofBin: bin), next = Self.start(ofBin: bin + 1)
    guard let largest else { return next }
    let isOpen = bin == counts.count - 1
    return max(start, isOpen ? log10(largest) : min(next, log10(largest)))
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
        let start = Self.start(ofBin: bin)
        return start + max(left, 0) / Double(count) * (end(ofBin: bin) - start)
      }
      left -= Double(count)
    }
    return counts.lastIndex { $0 > 0 }.map { end(ofBin: $0) }
  }
}
