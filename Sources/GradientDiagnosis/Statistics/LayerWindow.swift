/// A figure of each of several layers over the last 50 steps.
struct LayerWindow: Sendable {
  /// For each layer the values of the window's steps in any order, NaN for a missing one.
  private var columns: [[Double]]
  private var stepNumbers = RollingWindow<Int>(capacity: Evaluation.window)
  /// The steps taken in.
  private(set) var count = 0

  /// Creates an empty window for so many layers.
  init(layers: Int) { columns = Array(repeating: [], count: layers) }

  /// The steps that the window covers, or nil while it is empty.
  var steps: ClosedRange<Int>? {
    guard let first = stepNumbers.first, let last = stepNumbers.last else { return nil }
    return first...max(first, last)
  }

  /// Takes in one value a layer, NaN for a missing one.
  mutating func append(_ value: (_ layer: Int) -> Double, at step: Int) {
    let place = count % stepNumbers.capacity
    for layer in columns.indices {
      if place < columns[layer].count {
        columns[layer][place] = value(layer)
      } else {
        columns[layer].append(value(layer))
      }
    }
    count += 1
    stepNumbers.append(step)
  }

  /// The median over the window; nil where less than half of the steps had a value.
  func median(of layer: Int) -> Double? { medianOfKnown(columns[layer]) }
}
