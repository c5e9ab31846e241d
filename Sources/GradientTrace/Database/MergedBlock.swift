/// The mean, minimum and maximum of a block's scalars, a row for a number of steps.
struct MergedBlock {
  /// A scalar that was merged.
  struct Scalar: Hashable {
    var layer: Int?
    var role: TensorRole
    var name: String
  }

  /// The values of one scalar, one a row; nil where nothing was recorded.
  struct Values {
    var mean: [Double?]
    var minimum: [Double?]
    var maximum: [Double?]
  }

  /// The first and the last step of each row.
  var rows: [ClosedRange<Int>]
  var scalars: [Scalar: Values]
  /// The scalars in the order of the header.
  var order: [Scalar]

  /// A block of whole steps, each a row of its own.
  init(_ steps: [StepRecord], in header: TraceHeader) {
    rows = steps.map { $0.step...$0.step }
    scalars = [:]
    order = []
    for field in StepRecord.fields {
      add(Scalar(role: .step, name: field.name), steps.map(field.get))
    }
    forEachScalar(of: steps, in: header) { scalar in
      add(Scalar(layer: scalar.layer, role: scalar.role, name: scalar.name), scalar.values)
    }
  }

  /// An empty block, to be filled.
  init(rows: [ClosedRange<Int>]) {
    self.rows = rows
    scalars = [:]
    order = []
  }

  /// Adds a scalar, unless it was never recorded.
  mutating func add(_ scalar: Scalar, _ values: Values) {
    guard values.mean.contains(where: { $0 != nil }) else { return }
    if scalars.updateValue(values, forKey: scalar) == nil { order.append(scalar) }
  }

  private mutating func add(_ scalar: Scalar, _ values: [Double?]) {
    add(scalar, Values(mean: values, minimum: values, maximum: values))
  }

  /// The two blocks as one of half as many rows; the later one follows the earlier.
  static func merging(_ earlier: MergedBlock, _ later: MergedBlock) -> MergedBlock {
    let rows = earlier.rows + later.rows
    var merged = MergedBlock(
      rows: stride(from: 0, to: rows.count, by: 2).map { row in
        rows[row].lowerBound...rows[min(row + 1, rows.count - 1)].upperBound
      })
    let added = later.order.filter { earlier.scalars[$0] == nil }
    for scalar in earlier.order + added {
      let first = earlier.scalars[scalar]
      let second = later.scalars[scalar]
      func joined(_ part: KeyPath<Values, [Double?]>) -> [Double?] {
        (first?[keyPath: part] ?? Array(repeating: nil, count: earlier.rows.count))
          + (second?[keyPath: part] ?? Array(repeating: nil, count: later.rows.count))
      }
      merged.add(
        scalar,
        Values(
          mean: pairs(joined(\.mean)) { ($0 + $1) / 2 },
          minimum: pairs(joined(\.minimum)) { Double.minimum($0, $1) },
          maximum: pairs(joined(\.maximum)) { Double.maximum($0, $1) }))
    }
    return merged
  }

  private static func pairs(
    _ values: [Double?], _ combine: (Double, Double) -> Double
  ) -> [Double?] {
    stride(from: 0, to: values.count, by: 2).map { index in
      guard index + 1 < values.count, let second = values[index + 1] else { return values[index] }
      return values[index].map { combine($0, second) } ?? second
    }
  }
}
