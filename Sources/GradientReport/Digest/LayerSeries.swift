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

  /// Adds what the layers recorded at a step.
  mutating func add(_ record: StepRecord) {
    for (index, layer) in record.layers.enumerated().prefix(layers.count) {
      guard let layer else { continue }
      for quantity in quantities { add(quantity, of: layer, record, index) }
    }
  }
}

extension LayerSeries {
  private mutating func add(
    _ quantity: Quantity, of layer: LayerRecord, _ record: StepRecord, _ index: Int
  ) {
    switch quantity {
    case .delta: add(delta(layer, of: record), layer.delta?.nonFinite, to: .delta, index)
    case .gradient: add(gradient(of: layer, index), nil, to: .gradient, index)
    case .activation:
      add(layer.activation?.rms, layer.activation?.nonFinite, to: .activation, index)
    case .update: add(updateRatio(of: layer, index), nil, to: .update, index)
    case .silent:
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
    guard isDeltaPerExample, let examples = record.examples else { return layer.delta?.rms }
    return layer.delta?.l2(perExampleOf: examples) ?? layer.delta?.rms
  }

  /// The RMS of the gradient over all weights of the layer.
  private func gradient(of layer: LayerRecord, _ index: Int) -> Double? {
    var gradient = Pool()
    forEachWeight(of: layer, index) { parameter, statistics, count in
      gradient.add(
        statistics.gradientNonFinite ?? 0 > 0 ? .nan : statistics.gradientRMS, count)
    }
    return gradient.rms
  }

  /// ‖ΔW‖/‖W‖ over those weights of the layer that are trained.
  private func updateRatio(of layer: LayerRecord, _ index: Int) -> Double? {
    var update = Pool()
    var size = Pool()
    forEachWeight(of: layer, index) { parameter, statistics, count in
      guard !parameter.frozen, statistics.frozen != true, statistics.updateRatio != nil else {
        return
      }
      update.add(statistics.updateRMS, count)
      size.add(statistics.rms, count)
    }
    guard let change = update.rms, let size = size.rms else { return nil }
    return change / size
  }

  private func forEachWeight(
    of layer: LayerRecord, _ index: Int,
    _ body: (ParameterDescription, ParameterStatistics, _ count: Double) -> Void
  ) {
    for (parameter, statistics) in zip(layers[index].parameters, layer.parameters) {
      guard parameter.isWeight, let statistics else { continue }
      body(parameter, statistics, parameter.shape.reduce(1.0) { $0 * Double($1) })
    }
  }

  /// The RMS over several tensors.
  private struct Pool {
    private var parts: [(rms: Double, count: Double)] = []

    mutating func add(_ rms: Double?, _ count: Double) {
      if let rms, count > 0 { parts.append((rms, count)) }
    }

    /// The squares are taken of parts of the largest, as those of tiny numbers are no numbers any more.
    var rms: Double? {
      guard parts.allSatisfy(\.rms.isFinite) else { return .nan }
      guard let largest = parts.map(\.rms).max(), largest > 0 else { return parts.first?.rms }
      let count = parts.reduce(0) { $0 + $1.count }
      let mean = parts.reduce(0) { $0 + ($1.rms / largest) * ($1.rms / largest) * $1.count } / count
      return largest * mean.squareRoot()
    }
  }
}
