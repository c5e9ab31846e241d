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
