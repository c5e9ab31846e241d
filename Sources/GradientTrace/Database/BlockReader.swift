import GRDB
import GzipIO

/// Reads blocks of steps, from a file that may come from a stranger: what a row claims is held against what is there.
struct BlockReader {
  /// The file as the user named it.
  let file: String
  let header: TraceHeader

  /// Reads the first block from number `first` on.
  ///
  /// - Returns: the block's steps, none where the trace ends, and its number.
  func block(from first: Int64, in db: Database) throws -> (steps: [StepRecord], number: Int64) {
    let next = try db.cachedStatement(
      sql: "SELECT id FROM step NOT INDEXED WHERE id >= ? ORDER BY id LIMIT 1")
    guard
      let row = try Row.fetchOne(next, arguments: [first * TraceSchema.blockSteps]),
      let id = row.count(0)
    else { return ([], first) }
    let number = Int64(id) / TraceSchema.blockSteps
    var steps = try stepRows(of: number, in: db)
    try readSeries(of: number, into: &steps, in: db)
    try readLists(of: number, into: &steps, in: db)
    try readWindows(of: number, into: &steps, in: db)
    return (steps, number)
  }

  private func stepRows(of block: Int64, in db: Database) throws -> [StepRecord] {
    let start = block * TraceSchema.blockSteps
    let rows = try db.cachedStatement(
      sql: """
        SELECT id, \(StepRows.columns) FROM step NOT INDEXED
        WHERE id >= ? AND id < ? ORDER BY id
        """)
    let cursor = try Row.fetchCursor(rows, arguments: [start, start + TraceSchema.blockSteps])
    // One array for all: a step costs memory for the layers that it records, not for those that the header names.
    let blank = [LayerRecord?](repeating: nil, count: header.layers.count)
    var steps: [StepRecord] = []
    while let row = try cursor.next() {
      guard row.count(0) == Int(start) + steps.count,
        let step = StepRows.read(row, from: 1, layers: blank),
        steps.last.map({ $0.step < step.step }) ?? true
      else { throw damaged("step", Int(start) + steps.count) }
      steps.append(step)
    }
    return steps
  }

  private func readSeries(
    of block: Int64, into steps: inout [StepRecord], in db: Database
  ) throws {
    let rows = try cursor(over: "SELECT id, data FROM series", block, in: db)
    let statistics = try self.statistics(in: db)
    while let row = try rows.next() {
      guard let id = row.count(0),
        let statistic = statistics[Int64(id) % TraceSchema.blockStride],
        let setter = ScalarSetter(statistic.role, statistic.name)
      else { continue }
      let whole = try row.blob(1) { bytes in
        Series.decode(bytes, as: statistic.type, steps: steps.count) { index, value in
          setter.set(value, of: statistic.layer, in: &steps[index], header)
        }
      }
      guard whole else {
        throw damaged("series", id)
      }
    }
  }

  private func readLists(
    of block: Int64, into steps: inout [StepRecord], in db: Database
  ) throws {
    let rows = try cursor(over: "SELECT id, step, statistic, data FROM list", block, in: db)
    let statistics = try self.statistics(in: db)
    while let row = try rows.next() {
      let id = row.count(0) ?? 0
      guard let statistic = statistics[row.count(2).map(Int64.init) ?? -1],
        let setter = ListSetter(statistic.role, statistic.name), let layer = statistic.layer
      else { continue }
      guard let index = position(of: row.count(1), in: steps) else {
        throw damaged("list", id)
      }
      let whole = try row.blob(3) { bytes in
        var whole = false
        steps[index].layers[layer].modify(orCreate: .blank(header.layers[layer])) {
          whole = setter.set(bytes, as: statistic.type, in: &$0)
        }
        return whole
      }
      guard whole else { throw damaged("list", id) }
    }
  }

  private func readWindows(
    of block: Int64, into steps: inout [StepRecord], in db: Database
  ) throws {
    let rows = try cursor(
      over: "SELECT id, step, layer, \(UnitWindowRows.columns) FROM unit_window", block, in: db)
    while let row = try rows.next() {
      guard let index = position(of: row.count(1), in: steps), let layer = row.count(2),
        layer < header.layers.count,
        let window = try UnitWindowRows.read(row, from: 3, step: steps[index].step)
      else { throw damaged("unit_window", row.count(0) ?? 0) }
      steps[index].layers[layer].modify(orCreate: .blank(header.layers[layer])) {
        $0.unitWindow = window
      }
    }
  }

  /// The rows of a table that belong to a block.
  func cursor(
    over select: String, _ block: Int64, in db: Database
  ) throws -> RowCursor {
    let first = block * TraceSchema.blockStride
    let statement = try db.cachedStatement(
      sql: "\(select) NOT INDEXED WHERE id >= ? AND id < ? ORDER BY id")
    return try Row.fetchCursor(statement, arguments: [first, first + TraceSchema.blockStride])
  }

  /// What the numbers of the statistics stand for, without those of a later version.
  func statistics(in db: Database) throws -> [Int64: StatisticKey] {
    var statistics: [Int64: StatisticKey] = [:]
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: "SELECT id, layer, tensor, place, name, type FROM statistic NOT INDEXED"))
    while let row = try rows.next() {
      guard let id = row.count(0), let tensor = row.text(2),
        let role = TensorRole(name: tensor, place: row.count(3)), let name = row.text(4),
        let type = row.text(5).flatMap(ElementType.init)
      else { continue }
      let layer = row.count(1)
      guard role == .step ? layer == nil : hasTensor(role, layer) else { continue }
      statistics[Int64(id)] = StatisticKey(layer: layer, role: role, name: name, type: type)
    }
    return statistics
  }

  /// Whether the header has such a layer and, in it, such a parameter.
  private func hasTensor(_ role: TensorRole, _ layer: Int?) -> Bool {
    guard let layer, layer < header.layers.count else { return false }
    return role.place ?? -1 < header.layers[layer].parameters.count
  }

  /// The index of a step among those of its block, whose numbers ascend.
  private func position(of step: Int?, in steps: [StepRecord]) -> Int? {
    guard let step else { return nil }
    return steps.firstIndex { $0.step == step }
  }

  /// The error that a row is not what it must be.
  func damaged(_ table: String, _ row: Int) -> InputError {
    InputError(file: file, "row \(row) of table \(table) is damaged")
  }
}
