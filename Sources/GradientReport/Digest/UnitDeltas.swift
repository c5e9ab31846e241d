import GradientTrace

/// The mean δ of each unit of a layer over the windows of a run: which units the layers above want moved, and which way.
package struct UnitDeltas: Sendable {
  /// The layer's index in the header.
  package let layer: Int
  package let units: Int
  /// The windows, in order.
  package private(set) var windows: [Window] = []
  private var windowsPerColumn = 1

  /// The mean δ of every unit at the end of a window, or over those of a few.
  package struct Window: Sendable {
    package fileprivate(set) var steps: ClosedRange<Int>
    /// Each unit's mean over the root mean square of them all, so that windows of small and of large δ compare.
    package fileprivate(set) var values: [Float]
    fileprivate var count = 1
  }

  private static let windowLimit = 256
  /// The most units of a layer whose δ is kept unit by unit.
  fileprivate static let unitLimit = 1 << 13
  /// The most layers that are kept since findings name them.
  fileprivate static let layerLimit = 3

  fileprivate init(layer: Int, units: Int) {
    self.layer = layer
    self.units = units
  }

  /// Takes in the means of a window that ended at `step`; one whose means aren't finite is left out.
  fileprivate mutating func add(_ means: [Double], at step: Int) {
    guard means.count == units, let largest = means.map(abs).max(), means.allSatisfy(\.isFinite)
    else { return }
    // The squares are taken of parts of the largest, as those of tiny numbers are no numbers any more.
    let parts = means.map { largest > 0 ? $0 / largest : 0 }
    let rms = (parts.reduce(0) { $0 + $1 * $1 } / Double(units)).squareRoot()
    let values = parts.map { rms > 0 ? Float($0 / rms) : 0 }
    if let last = windows.last, last.count < windowsPerColumn {
      windows[windows.count - 1] = Self.merged(
        last, Window(steps: step...max(step, last.steps.upperBound), values: values))
      return
    }
    if windows.count == Self.windowLimit {
      windows = stride(from: 0, to: windows.count, by: 2).map {
        Self.merged(windows[$0], windows[$0 + 1])
      }
      windowsPerColumn *= 2
    }
    windows.append(Window(steps: step...step, values: values))
  }

  private static func merged(_ one: Window, _ other: Window) -> Window {
    var merged = one
    merged.steps = one.steps.lowerBound...max(one.steps.upperBound, other.steps.upperBound)
    merged.count += other.count
    let share = Float(other.count) / Float(merged.count)
    for unit in merged.values.indices {
      merged.values[unit] += (other.values[unit] - merged.values[unit]) * share
    }
    return merged
  }
}

extension [UnitDeltas] {
  /// Prepares to keep δ of a few layers that findings name, and of the widest.
  init(_ header: TraceHeader, _ graph: LayerGraph, noted: [String]) {
    let candidates = graph.outputsWorthALook(header).filter {
      (1...UnitDeltas.unitLimit).contains(header.layers[$0].units ?? 0)
    }
    let named = noted.compactMap { graph.nearest(to: $0, among: candidates, header) }
    // Of several that are equally wide, the first.
    let widest = candidates.max {
      (header.layers[$0].units ?? 0, $1) < (header.layers[$1].units ?? 0, $0)
    }
    var chosen: [Int] = []
    for layer in named.prefix(UnitDeltas.layerLimit) + [widest].compactMap(\.self)
    where !chosen.contains(layer) {
      chosen.append(layer)
    }
    self = chosen.map { UnitDeltas(layer: $0, units: header.layers[$0].units ?? 0) }
  }

  /// Takes in what a step tells, if it ends a window.
  mutating func add(_ record: StepRecord) {
    for place in indices where self[place].layer < record.layers.count {
      guard let means = record.layers[self[place].layer]?.unitDeltas else { continue }
      self[place].add(means, at: record.step)
    }
  }
}
