import Foundation
import GradientTrace

/// δ of a recurrent layer by time step, over the windows of a run.
package struct TimeHistory: Sendable {
  /// The layer's index in the header.
  package let layer: Int
  /// The windows, in order; in a long run every second one, every fourth, and so on, and always the first and the last.
  package private(set) var windows: [Window] = []
  private var stride = 1
  private var number = 0

  /// What some successive steps recorded.
  package struct Window: Sendable {
    package private(set) var steps: ClosedRange<Int>
    private var sums: [Double] = []
    private var counts: [Int] = []
    private var records = 0

    fileprivate init(_ step: Int) { steps = step...step }

    /// The mean over the steps of log10 of δ's RMS at each time step; nil where it was zero all along.
    package var decades: [Double?] {
      zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : nil }
    }

    fileprivate var isFull: Bool { records == TimeHistory.windowSteps }

    /// Adds a step; what is not finite has no logarithm.
    fileprivate mutating func add(_ values: [Double], at step: Int) {
      steps = steps.lowerBound...max(steps.upperBound, step)
      records += 1
      let missing = values.count - sums.count
      if missing > 0 {
        sums += [Double](repeating: 0, count: missing)
        counts += [Int](repeating: 0, count: missing)
      }
      for (time, value) in values.enumerated() where value > 0 && value.isFinite {
        sums[time] += log10(value)
        counts[time] += 1
      }
    }
  }

  private static let windowSteps = 50
  private static let windowLimit = 64

  fileprivate init(layer: Int) { self.layer = layer }

  /// Takes in what a step recorded.
  fileprivate mutating func add(_ values: [Double], at step: Int) {
    if windows.last?.isFull ?? true {
      // What came after the last window to be kept gives way to what comes now.
      if windows.count > 1, !(number - 1).isMultiple(of: stride) { windows.removeLast() }
      if windows.count == Self.windowLimit {
        windows = windows.indices.filter { $0.isMultiple(of: 2) }.map { windows[$0] }
        stride *= 2
      }
      windows.append(Window(step))
      number += 1
    }
    windows[windows.count - 1].add(values, at: step)
  }
}

extension [TimeHistory] {
  /// Takes in those of a step's first `layers` that tell δ by time step; one whose δ isn't finite is left out.
  mutating func add(_ record: StepRecord, layers: Int) {
    for index in record.layers.indices.prefix(layers) {
      guard let values = record.layers[index]?.deltaRMSByTime, values.allSatisfy(\.isFinite) else {
        continue
      }
      if !contains(where: { $0.layer == index }) { append(TimeHistory(layer: index)) }
      for place in indices where self[place].layer == index {
        self[place].add(values, at: record.step)
      }
    }
  }
}
