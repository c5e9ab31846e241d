import GradientTrace

/// How many units of a layer have weights of their own: the rows of its weight that differ from each other.
package struct DistinctUnits: Sendable, Equatable {
  /// The layer's index in the header.
  package let layer: Int
  /// The rows of the weight: one a unit, or one a gate of a unit.
  package let rows: Int
  /// The last step at which they were counted.
  package fileprivate(set) var step: Int
  /// How many of them differed then.
  package fileprivate(set) var distinct: Int
}

extension [DistinctUnits] {
  /// Takes in the counts of a step, of a layer's several weights the largest.
  mutating func add(_ record: StepRecord, _ weights: [RunDigest.WeightName], _ header: TraceHeader)
  {
    for weight in weights where weight.layer < record.layers.count {
      guard weight.parameter < record.layers[weight.layer]?.parameters.count ?? 0,
        let distinct = record.layers[weight.layer]?.parameters[weight.parameter]?.distinctRows,
        let rows = header.layers[weight.layer].parameters[weight.parameter].shape.first, rows > 1
      else { continue }
      let counted = DistinctUnits(
        layer: weight.layer, rows: rows, step: record.step,
        distinct: Swift.min(Swift.max(distinct, 0), rows))
      guard let place = firstIndex(where: { $0.layer == weight.layer }) else {
        append(counted)
        continue
      }
      if self[place].step < record.step || self[place].distinct < counted.distinct {
        self[place] = counted
      }
    }
  }
}
