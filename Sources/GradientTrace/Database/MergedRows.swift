import GRDB
import GzipIO

/// The rows of the tables `merged` and `merged_series`, for steps that were merged.
struct MergedRows {
  let reader: BlockReader

  /// Reads the first merged block from number `first` on, nil where there is none.
  func block(
    from first: Int64, in db: Database
  ) throws -> (number: Int64, block: MergedBlock)? {
    let next = try db.cachedStatement(
      sql: "SELECT id FROM merged NOT INDEXED WHERE id >= ? ORDER BY id LIMIT 1")
    guard let row = try Row.fetchOne(next, arguments: [first * TraceSchema.blockSteps]),
      let id = row.count(0)
    else { return nil }
    let number = Int64(id) / TraceSchema.blockSteps
    return (number, try block(number, in: db))
  }

  private func block(_ number: Int64, in db: Database) throws -> MergedBlock {
    var block = MergedBlock(rows: try steps(of: number, in: db))
    let rows = block.rows.count
    let statistics = try reader.statistics.keys(in: db)
    try reader.forEachRow("id, mean, minimum, maximum FROM merged_series", of: number, in: db) {
      row in
      guard let id = row.count(0), let key = statistics[Int64(id) % TraceSchema.blockStride]
      else { return }
      func values(_ column: Int32) throws -> [Double?] {
        var numbers = [Double](repeating: .notRecorded, count: rows)
        let whole = row.bytes(column) { bytes in
          numbers.withUnsafeMutableBufferPointer {
            Series.decode(bytes, as: key.type, into: $0)
          }
        }
        guard whole else { throw reader.damaged("merged_series", id) }
        return numbers.map { $0.isRecorded ? $0 : nil }
      }
      block.add(
        MergedBlock.Scalar(layer: key.layer, role: key.role, name: key.name),
        MergedBlock.Values(mean: try values(1), minimum: try values(2), maximum: try values(3)))
    }
    return block
  }

  private func steps(of number: Int64, in db: Database) throws -> [ClosedRange<Int>] {
    let start = number * TraceSchema.blockSteps
    let cursor = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT first_step, last_step FROM merged NOT INDEXED
          WHERE id >= ? AND id < ? ORDER BY id
          """), arguments: [start, start + TraceSchema.blockSteps])
    var rows: [ClosedRange<Int>] = []
    while let row = try cursor.next() {
      guard let first = row.count(0), let last = row.count(1), first <= last,
        rows.last.map({ $0.upperBound < first }) ?? true
      else { throw reader.damaged("merged", Int(start) + rows.count) }
      rows.append(first...last)
    }
    return rows
  }

  /// Writes a block under this number, each statistic under the number that `number` gives it.
  static func insert(
    _ block: MergedBlock, as number: Int64, into db: Database,
    numbering: (StatisticKey) throws -> Int64
  ) throws {
    for (index, steps) in block.rows.enumerated() {
      try db.cachedStatement(sql: "INSERT INTO merged VALUES (?, ?, ?)").execute(
        arguments: [
          number * TraceSchema.blockSteps + Int64(index), steps.lowerBound, steps.upperBound,
        ])
    }
    for scalar in block.order {
      guard let values = block.scalars[scalar] else { continue }
      let all = [values.mean, values.minimum, values.maximum].joined().compactMap { $0 }
      let type = ElementType.narrowest(for: all, areCounts: false)
      let key = StatisticKey(
        layer: scalar.layer, role: scalar.role, name: scalar.name, type: type)
      try db.cachedStatement(sql: "INSERT INTO merged_series VALUES (?, ?, ?, ?)").execute(
        arguments: [
          number * TraceSchema.blockStride + numbering(key),
          Series(values.mean, as: type).data, Series(values.minimum, as: type).data,
          Series(values.maximum, as: type).data,
        ])
    }
  }

  /// Removes whatever belongs to a block, whole or merged.
  static func remove(_ number: Int64, from db: Database) throws {
    for (tables, stride) in [
      (["step", "merged"], TraceSchema.blockSteps),
      (["series", "list", "unit_window", "merged_series"], TraceSchema.blockStride),
    ] {
      for table in tables {
        try db.cachedStatement(sql: "DELETE FROM \(table) WHERE id >= ? AND id < ?").execute(
          arguments: [number * stride, (number + 1) * stride])
      }
    }
  }

  /// The rows of a block as records.
  func records(_ block: MergedBlock) -> [MergedSteps] {
    let layers = [LayerRecord?](repeating: nil, count: reader.header.layers.count)
    var rows = block.rows.map { steps in
      let blank = StepRecord(step: steps.lowerBound, layers: layers)
      return MergedSteps(steps: steps, mean: blank, minimum: blank, maximum: blank)
    }
    for scalar in block.order {
      guard let setter = ScalarSetter(scalar.role, scalar.name),
        let values = block.scalars[scalar]
      else { continue }
      func set(_ values: [Double?], _ part: WritableKeyPath<MergedSteps, StepRecord>) {
        for (row, value) in values.enumerated() {
          guard let value else { continue }
          setter.set(value, of: scalar.layer, in: &rows[row][keyPath: part], reader.header)
        }
      }
      set(values.mean, \.mean)
      set(values.minimum, \.minimum)
      set(values.maximum, \.maximum)
    }
    return rows
  }
}
