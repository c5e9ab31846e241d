import Foundation

/// How large δ is in each layer over a window of steps: the window's steps, and per layer what they recorded.
package struct DepthProfile: Sendable, Equatable {
  /// The steps of the window, in order.
  package private(set) var steps: [Int] = []
  /// For each step of the window the log10 of each layer's δ: −∞ for an exact zero, NaN where nothing was recorded.
  private var rows: [[Double]] = []
  private var next = 0
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Adds a step, in place of the oldest once the window is full.
  mutating func add(_ step: Int, _ values: [Double]) {
    if rows.count < capacity {
      steps.append(step)
      rows.append(values)
    } else {
      steps.removeFirst()
      steps.append(step)
      rows[next] = values
      next = (next + 1) % capacity
    }
  }

  /// A layer's spread over the window.
  package struct Spread: Sendable, Equatable {
    package var low: Double
    package var median: Double
    package var high: Double
    /// Whether δ was exactly zero at most steps, so that it has no logarithm.
    package var isZero: Bool
  }

  /// The 10th, 50th and 90th percentile of the layer's log10 δ; nil if it recorded none.
  package func spread(of layer: Int) -> Spread? {
    let values = rows.map { $0[layer] }.filter { !$0.isNaN }.sorted()
    guard !values.isEmpty else { return nil }
    let finite = values.filter(\.isFinite)
    guard finite.count * 2 > values.count else {
      return Spread(low: -.infinity, median: -.infinity, high: -.infinity, isZero: true)
    }
    return Spread(
      low: Self.quantile(finite, 0.1), median: Self.quantile(finite, 0.5),
      high: Self.quantile(finite, 0.9), isZero: false)
  }

  /// The quantile of sorted values, interpolated.
  package static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - Double(below))
  }
}
