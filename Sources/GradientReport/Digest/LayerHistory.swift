package import GradientTrace

/// What every layer recorded over the steps of a run, in one pass and in as many columns as a page has room for.
///
/// Where ``RunDigest`` gathers what the charts need, the weight layers above all, this keeps every layer, so that one can
/// look at any of them at any time. A column keeps its extremes: a spike of one step outlives the binning.
package struct LayerHistory: Sendable {
  /// What is kept of a layer.
  package enum Quantity: Int, Sendable, CaseIterable {
    case delta, gradient, activation, update, silent

    /// Whether the decimal logarithm is kept; zeros are then counted apart.
    package var isLogarithmic: Bool { self != .silent }
  }

  package private(set) var columns: StepColumns
  /// The training loss.
  package private(set) var loss = Series()
  /// The loss on the validation part.
  package private(set) var validation = Series()
  /// For each quantity a series a layer, in the header's order.
  private var series: [[Series]]
  private let layers: [LayerDescription]
  private let weights: [[WeightMovement.Weight]]
  private let isDeltaPerExample: Bool

  /// Folds over `trace`.
  ///
  /// - Parameters:
  ///   - trace: what was recorded.
  ///   - isDeltaPerExample: whether δ is known per example, as ``RunDigest`` found; else it is the RMS of its elements.
  ///   - columnLimit: the most columns, an even number.
  /// - Throws: what reading the trace throws.
  package init(_ trace: Trace, isDeltaPerExample: Bool, columnLimit: Int) throws {
    layers = trace.header.layers
    weights = layers.map(WeightMovement.weights)
    columns = StepColumns(capacity: columnLimit)
    self.isDeltaPerExample = isDeltaPerExample
    let none = [Series](repeating: Series(), count: layers.count)
    series = Quantity.allCases.map { _ in none }
    try trace.forEachMergedStep { merged in
      prepareBins(columns.add(merged.steps))
      for var record in [merged.minimum, merged.mean, merged.maximum] {
        record.examples = merged.mean.examples
        add(record)
      }
    }
    try trace.forEachStep { record in
      prepareBins(columns.add(record.step...record.step))
      add(record)
    }
  }

  /// What `layer` recorded of `quantity`; nil if nothing.
  package func series(of quantity: Quantity, layer: Int) -> Series? {
    let recorded = series[quantity.rawValue][layer]
    return recorded.isEmpty ? nil : recorded
  }

  /// The most numbers that a column of a run with these layers holds: low, mean and high of each series.
  package static func numbersPerColumn(_ header: TraceHeader) -> Int {
    header.layers.reduce(0) { count, layer in
      count + 3 * (layer.parameters.contains(where: \.isWeight) ? 4 : 3)
    }
  }
}

extension LayerHistory {
  private mutating func prepareBins(_ change: StepColumns.Change) {
    guard change != StepColumns.Change() else { return }
    loss.prepare(change)
    validation.prepare(change)
    for quantity in series.indices {
      for layer in layers.indices { series[quantity][layer].prepare(change) }
    }
  }

  private mutating func add(_ record: StepRecord) {
    if let value = record.loss { loss.add(value) }
    if let value = record.validationLoss { validation.add(value) }
    for (index, layer) in record.layers.enumerated().prefix(layers.count) {
      guard let layer else { continue }
      add(delta(layer, of: record), layer.delta?.nonFinite, to: .delta, index)
      add(layer.activation?.rms, layer.activation?.nonFinite, to: .activation, index)
      addWeights(of: record, index)
      if let silent = layer.silentUnits, let units = layers[index].units, units > 0 {
        series[Quantity.silent.rawValue][index].add(Double(silent) / Double(units))
      }
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

  private func delta(_ layer: LayerRecord, of record: StepRecord) -> Double? {
    layer.delta?.size(perExampleOf: isDeltaPerExample ? record.examples : nil)
  }

  private mutating func addWeights(of record: StepRecord, _ index: Int) {
    let movement = WeightMovement(record, layer: index, weights: weights[index])
    add(movement.gradient, nil, to: .gradient, index)
    add(movement.update, nil, to: .update, index)
  }
}
