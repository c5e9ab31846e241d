import GradientTrace

/// What every layer recorded over the window of steps that is judged: its δ, the gradient of its weights, and how far these
/// moved.
package struct LayerWindow: Sendable, Equatable {
  /// What is kept of a layer.
  package enum Quantity: Int, Sendable, CaseIterable {
    case delta, gradient, update
  }

  /// The steps of the window, in order.
  package private(set) var steps: [Int] = []
  /// For each step of the window one value a layer and quantity; NaN where nothing was recorded.
  private var rows: [[Double]] = []
  private var next = 0
  private let capacity: Int
  private let layers: [LayerDescription]

  init(_ layers: [LayerDescription], capacity: Int) {
    self.layers = layers
    self.capacity = capacity
  }

  /// Adds a step, in place of the oldest once the window is full.
  mutating func add(_ record: StepRecord) {
    if rows.count < capacity {
      rows.append([Double](repeating: .nan, count: layers.count * Quantity.allCases.count))
    } else {
      steps.removeFirst()
    }
    steps.append(record.step)
    for index in layers.indices {
      let layer = index < record.layers.count ? record.layers[index] : nil
      let delta =
        record.examples.flatMap { layer?.delta?.l2(perExampleOf: $0) } ?? layer?.delta?.rms
      let isWeighted = layers[index].parameters.contains(where: \.isWeight)
      let movement = isWeighted ? layer.map { WeightMovement($0, of: layers[index]) } : nil
      let values = (delta, movement?.gradient, movement?.update)
      let start = index * Quantity.allCases.count
      rows[next][start] = values.0 ?? .nan
      rows[next][start + 1] = values.1 ?? .nan
      rows[next][start + 2] = values.2 ?? .nan
    }
    next = (next + 1) % capacity
  }

  /// The median of what `layer` recorded of `quantity`; nil if nothing finite.
  package func median(of quantity: Quantity, layer: Int) -> Double? {
    let place = layer * Quantity.allCases.count + quantity.rawValue
    let values = rows.map { $0[place] }.filter(\.isFinite).sorted()
    return values.isEmpty ? nil : DepthProfile.quantile(values, 0.5)
  }
}
