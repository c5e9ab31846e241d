import GradientDiagnosis
package import GradientTrace

/// Some quantities of every layer over the steps of a run, in the bins of its columns.
package struct LayerSeries: Sendable {
  /// What is kept of a layer.
  package enum Quantity: Int, Sendable, CaseIterable {
    case delta, gradient, activation, update, silent

    /// Whether the decimal logarithm is kept; zeros are then counted apart.
    package var isLogarithmic: Bool { self != .silent }
  }

  /// For each quantity a series a layer, in the header's order; none for one that isn't kept.
  private var series: [[Series]]
  private let layers: [LayerDescription]
  private let quantities: [Quantity]
  private let isDeltaPerExample: Bool

  /// Keeps `quantities` of each of `layers`; δ per example, or as the RMS of its elements.
  init(_ layers: [LayerDescription], _ quantities: [Quantity], isDeltaPerExample: Bool = true) {
    self.layers = layers
    self.quantities = quantities
    self.isDeltaPerExample = isDeltaPerExample
    let none = [Series](repeating: Series(), count: layers.count)
    series = Quantity.allCases.map { quantities.contains($0) ? none : [] }
  }

  /// What `layer` recorded of `quantity`; nil if nothing.
  package func series(of quantity: Quantity, layer: Int) -> Series? {
    guard layer < series[quantity.rawValue].count else { return nil }
    let recorded = series[quantity.rawValue][layer]
    return recorded.isEmpty ? nil : recorded
  }

  /// The most numbers that a column of a run with these layers holds: low, mean and high of each series.
  package static func numbersPerColumn(_ header: TraceHeader) -> Int {
    header.layers.reduce(0) { count, layer in
      count + 3 * (layer.parameters.contains(where: \.isWeight) ? 4 : 3)
    }
  }

  /// Does what the run's columns did, before the values of the step that they just added.
  mutating func prepare(_ change: StepColumns.Change) {
    for quantity in series.indices {
      for layer in series[quantity].indices { series[quantity][layer].prepare(change) }
    }
  }

  /// Adds what the layers recorded at a step, and how their weights moved.
  mutating func add(_ record: StepRecord, _ movements: [WeightMovement?]) {
    for index in record.layers.indices.prefix(layers.count) where record.layers[index] != nil {
      for quantity in quantities { add(quantity, of: index, in: record, movements[index]) }
    }
  }
}

extension LayerSeries {
  /// A layer's record is large: single numbers are taken out of it.
  private mutating func add(
    _ quantity: Quantity, of index: Int, in record: StepRecord, _ movement: WeightMovement?
  ) {
    switch quantity {
    case .delta:
      let examples = isDeltaPerExample ? record.examples : nil
      add(
        record.layers[index]?.delta?.size(perExampleOf: examples),
        record.layers[index]?.delta?.nonFinite, to: .delta, index)
    case .activation:
      add(
        record.layers[index]?.activation?.rms, record.layers[index]?.activation?.nonFinite,
        to: .activation, index)
    case .silent:
      if let silent = record.layers[index]?.silentUnits, let units = layers[index].units, units > 0
      {
        series[Quantity.silent.rawValue][index].add(Double(silent) / Double(units))
      }
    case .gradient: add(movement?.gradient, nil, to: .gradient, index)
    case .update: add(movement?.update, nil, to: .update, index)
    }
  }

  private mutating func add(
    _ value: Double?, _ nonFinite: Int?, to quantity: Quantity, _ layer: Int
  ) {
    guard let value else { return }
    if nonFinite ?? 0 > 0 || !value.isFinite {
      series[quantity.rawValue][layer].add(.nan)
    } else {
      series[quantity.rawValue][layer].add(logarithmOf: value)
    }
  }
}
