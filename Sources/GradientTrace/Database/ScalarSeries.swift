/// Where one scalar of a block of steps stands and what its values are.
struct ScalarSeries {
  var layer: Int
  var role: TensorRole
  var name: String
  var isCount: Bool
  /// One value a step, nil where nothing was recorded.
  var values: [Double?]
}

/// Calls `body` with every scalar of the layers of `steps`, in the order of the header.
func forEachScalar(
  of steps: [StepRecord], in header: TraceHeader, _ body: (ScalarSeries) throws -> Void
) rethrows {
  for (layer, description) in header.layers.enumerated() {
    let records = steps.map { layer < $0.layers.count ? $0.layers[layer] : nil }
    guard records.contains(where: { $0 != nil }) else { continue }

    func visit<Record>(
      _ parts: [Record?], as role: TensorRole, _ fields: [StatisticField<Record>]
    ) throws {
      guard parts.contains(where: { $0 != nil }) else { return }
      for field in fields {
        try body(
          ScalarSeries(
            layer: layer, role: role, name: field.name, isCount: field.isCount,
            values: parts.map { $0.flatMap(field.get) }))
      }
    }
    try visit(records, as: .layer, LayerRecord.fields)
    try visit(records.map { $0?.activation }, as: .activation, TensorStatistics.fields)
    try visit(records.map { $0?.delta }, as: .delta, TensorStatistics.fields)
    for place in description.parameters.indices {
      let parameters = records.map { record in
        record.flatMap { place < $0.parameters.count ? $0.parameters[place] : nil }
      }
      try visit(parameters, as: .parameter(place), ParameterStatistics.fields)
    }
  }
}
