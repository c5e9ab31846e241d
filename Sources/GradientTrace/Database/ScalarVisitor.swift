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

/// Sets one scalar of a record, by the same lists that ``forEachScalar(of:in:_:)`` reads by.
enum ScalarSetter {
  case step(StatisticField<StepRecord>)
  case layer(StatisticField<LayerRecord>)
  case activation(StatisticField<TensorStatistics>)
  case delta(StatisticField<TensorStatistics>)
  case parameter(Int, StatisticField<ParameterStatistics>)

  /// The setter of a statistic, or nil for one that this version doesn't know.
  init?(_ role: TensorRole, _ name: String) {
    switch role {
    case .step:
      guard let field = StepRecord.fields.first(where: { $0.name == name }) else { return nil }
      self = .step(field)
    case .layer:
      guard let field = LayerRecord.fields.first(where: { $0.name == name }) else { return nil }
      self = .layer(field)
    case .activation, .delta:
      guard let field = TensorStatistics.fields.first(where: { $0.name == name }) else {
        return nil
      }
      self = role == .activation ? .activation(field) : .delta(field)
    case .parameter(let place):
      guard let field = ParameterStatistics.fields.first(where: { $0.name == name }) else {
        return nil
      }
      self = .parameter(place, field)
    }
  }

  /// Sets the scalar of `layer` in `step`; `header` says how many parameters the layer has.
  func set(_ value: Double, of layer: Int?, in step: inout StepRecord, _ header: TraceHeader) {
    if case .step(let field) = self { return field.set(&step, value) }
    guard let layer else { return }
    step.layers[layer].modify(orCreate: .blank(header.layers[layer])) { set(value, in: &$0) }
  }

  private func set(_ value: Double, in record: inout LayerRecord) {
    switch self {
    case .step: break
    case .layer(let field): field.set(&record, value)
    case .activation(let field):
      record.activation.modify(orCreate: TensorStatistics()) { field.set(&$0, value) }
    case .delta(let field):
      record.delta.modify(orCreate: TensorStatistics()) { field.set(&$0, value) }
    case .parameter(let place, let field):
      record.parameters[place].modify(orCreate: ParameterStatistics()) { field.set(&$0, value) }
    }
  }
}

extension LayerRecord {
  /// The record of a layer that recorded nothing yet.
  static func blank(_ layer: LayerDescription) -> LayerRecord {
    LayerRecord(parameters: Array(repeating: nil, count: layer.parameters.count))
  }
}

extension Optional {
  /// Changes the wrapped value in place, creating it first where there is none.
  mutating func modify(orCreate blank: @autoclosure () -> Wrapped, _ body: (inout Wrapped) -> Void)
  {
    var value = take() ?? blank()
    body(&value)
    self = value
  }
}
