import Foundation

/// Places for numbers of either sign and of many sizes: logarithmic away from zero, straight through it.
///
/// ±10^e lies at ±1, ±10^(e+1) at ±2, and so on; what is smaller than 10^e lies in proportion between −1 and 1.
package struct SymmetricLog: Sendable, Equatable {
  /// The power of ten, e, below which the axis is straight.
  package var threshold: Int

  /// Creates places that are straight below a power of ten.
  package init(threshold: Int) { self.threshold = threshold }

  /// The places for `values`, over at most `decades` powers of ten below the largest.
  package init(covering values: some Sequence<Double>, decades: Int) {
    let sizes = values.lazy.map(abs).filter { $0 > 0 && $0.isFinite }
    let least = sizes.min() ?? 1, most = sizes.max() ?? 1
    let top = Int(log10(most).rounded(.up))
    threshold = max(Int(log10(least).rounded(.down)), top - decades)
  }

  /// Where a value lies.
  package func place(_ value: Double) -> Double {
    let size = abs(value) / pow(10, Double(threshold))
    let place = size <= 1 ? size : 1 + log10(size)
    return value < 0 ? -place : place
  }

  /// Zero and powers of ten of either sign, evenly thinned out to at most `limit`.
  func ticks(within domain: ClosedRange<Double>, limit: Int) -> [Scale.Tick] {
    let furthest = Int(max(abs(domain.lowerBound), abs(domain.upperBound)).rounded(.down))
    let every = max(1, Int((Double(2 * furthest + 1) / Double(max(limit, 2) - 1)).rounded(.up)))
    let magnitudes = stride(from: furthest, to: 0, by: -every)
    let named = magnitudes.reversed().flatMap { place in
      let label = Scale.powerOfTen(threshold + place - 1)
      return [(Double(place), label), (-Double(place), "−" + label)]
    }
    return ([(0.0, "0")] + named).filter { domain.contains($0.0) }
      .sorted { $0.0 < $1.0 }.map { Scale.Tick(value: $0.0, label: $0.1) }
  }
}
