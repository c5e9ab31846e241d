import GradientDiagnosis
import GradientTrace

/// What every layer recorded over the window of steps that is judged: its δ, the gradient of its weights, and how far these
/// moved.
package struct JudgedWindow: Sendable, Equatable {
  /// What is kept of a layer.
  package enum Quantity: Int, Sendable, CaseIterable {
    case delta, gradient, update
  }

  /// The steps of the window, in order.
  package private(set) var steps: [Int] = []
  /// For each step, layer and quantity a value; NaN where nothing was recorded.
  private var values: [Double] = []
  /// Where the next step goes, in place of the oldest once the window is full.
  private var next = 0
  private let capacity: Int
  private let layers: Int

  private static let quantities = Quantity.allCases.count
  private var valuesPerStep: Int { layers * Self.quantities }

  init(layers: Int, capacity: Int) {
    self.layers = layers
    self.capacity = capacity
  }

  /// Adds a step and how the weights moved at it, in place of the oldest once the window is full.
  mutating func add(_ record: StepRecord, _ movements: [WeightMovement?]) {
    if steps.count < capacity {
      values += [Double](repeating: .nan, count: valuesPerStep)
    } else {
      steps.removeFirst()
    }
    steps.append(record.step)
    for layer in 0..<min(layers, record.layers.count) {
      let start = next * valuesPerStep + layer * Self.quantities
      values[start] =
        record.layers[layer]?.delta?.size(perExampleOf: record.examples) ?? .nan
      values[start + 1] = movements[layer]?.gradient ?? .nan
      values[start + 2] = movements[layer]?.update ?? .nan
    }
    next = (next + 1) % capacity
  }

  /// The median of what `layer` recorded of `quantity`; nil if nothing finite.
  package func median(of quantity: Quantity, layer: Int) -> Double? {
    let place = layer * Self.quantities + quantity.rawValue
    let recorded = steps.indices.map { values[$0 * valuesPerStep + place] }
      .filter(\.isFinite).sorted()
    return recorded.isEmpty ? nil : DepthProfile.quantile(recorded, 0.5)
  }
}
