/// The fields of a record, found by name.
struct FieldTable<Record>: Sendable {
  private let fields: [StatisticField<Record>]
  private let names: NameTable

  init(_ fields: [StatisticField<Record>]) {
    self.fields = fields
    names = NameTable(fields.map(\.name))
  }

  subscript(place: Int) -> StatisticField<Record> { fields[place] }

  func place(of key: JSONScanner.Key, expected: Int) -> Int? {
    names.place(of: key, expected: expected)
  }
}

extension StatisticField {
  /// Reads the field's value, or nil where `null` stands.
  func value(
    _ scanner: inout JSONScanner, rounding: Bool
  ) throws(JSONScanner.Fault) -> Double? {
    if isCount { return try scanner.optionalCount().map(Double.init) }
    let value = try scanner.optionalNumber()
    return rounding ? value?.atTracePrecision : value
  }
}
