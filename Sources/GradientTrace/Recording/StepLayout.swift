/// Where each number of a step stands in a flat row: layer by layer in the header's order the layer's own, its
/// activation's, its δ's and each parameter's, by the lists of ``StatisticField``.
package struct StepLayout: Sendable {
  /// What one column holds.
  struct Column: Sendable {
    var layer: Int
    var role: TensorRole
    var name: String
    var isCount: Bool
    let setter: ScalarSetter
  }

  let header: TraceHeader
  /// What stands at each place of a row.
  let columns: [Column]
  /// For each layer the place of its first number, and behind the last layer the length of a row.
  private let starts: [Int]

  package init(_ header: TraceHeader) {
    self.header = header
    var columns: [Column] = []
    var starts: [Int] = []
    for (layer, description) in header.layers.enumerated() {
      starts.append(columns.count)
      columns += Self.columns(of: layer, .layer, LayerRecord.fields, ScalarSetter.layer)
      columns += Self.columns(
        of: layer, .activation, TensorStatistics.fields, ScalarSetter.activation)
      columns += Self.columns(of: layer, .delta, TensorStatistics.fields, ScalarSetter.delta)
      for place in description.parameters.indices {
        columns += Self.columns(of: layer, .parameter(place), ParameterStatistics.fields) {
          .parameter(place, $0)
        }
      }
    }
    starts.append(columns.count)
    self.columns = columns
    self.starts = starts
  }

  private static func columns<Record>(
    of layer: Int, _ role: TensorRole, _ fields: [StatisticField<Record>],
    _ setter: (StatisticField<Record>) -> ScalarSetter
  ) -> [Column] {
    fields.map {
      Column(layer: layer, role: role, name: $0.name, isCount: $0.isCount, setter: setter($0))
    }
  }

  /// The number of places of a row.
  var count: Int { columns.count }

  /// The place of the first of a tensor's numbers, or of the layer's own.
  func start(of role: TensorRole, in layer: Int) -> Int {
    starts[layer] + Self.offset(of: role)
  }

  /// The place of the first of a tensor's numbers among those of its layer, or of the layer's own.
  static func offset(of role: TensorRole) -> Int {
    switch role {
    case .step, .layer: 0
    case .activation: ownFields
    case .delta: ownFields + tensorFields
    case .parameter(let place): ownFields + 2 * tensorFields + place * parameterFields
    }
  }

  /// The place of a scalar among the numbers of its layer; nil for one of the step and one that is not known.
  static func place(of name: String, _ role: TensorRole) -> Int? {
    let field: Int? =
      switch role {
      case .step: nil
      case .layer: LayerRecord.fields.firstIndex { $0.name == name }
      case .activation, .delta: TensorStatistics.fields.firstIndex { $0.name == name }
      case .parameter: ParameterStatistics.fields.firstIndex { $0.name == name }
      }
    return field.map { offset(of: role) + $0 }
  }

  private static let ownFields = LayerRecord.fields.count
  private static let tensorFields = TensorStatistics.fields.count
  private static let parameterFields = ParameterStatistics.fields.count
}

extension Double {
  /// What stands in a row where nothing was recorded: all bits set, as in the file.
  static let notRecorded = Double(bitPattern: .max)

  /// Whether this stands where nothing was recorded.
  var isRecorded: Bool { bitPattern != .max }
}
