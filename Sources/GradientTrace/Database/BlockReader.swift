import GRDB
import GzipIO

/// Reads blocks of steps, from a file that may come from a stranger: what a row claims is held against what is there.
struct BlockReader {
  /// The file as the user named it.
  let file: String
  let header: TraceHeader
  let statistics: StatisticTable

  init(file: String, header: TraceHeader) {
    self.file = file
    self.header = header
    statistics = StatisticTable(header, file: file)
  }

  /// Reads the first block from number `first` on, into the memory of `spare` steps.
  ///
  /// - Returns: the block's steps, none where the trace ends, and its number.
  func block(
    from first: Int64, in db: Database, reusing spare: SpareSteps = SpareSteps()
  ) throws -> (steps: [StepRecord], number: Int64) {
    let next = try db.cachedStatement(
      sql: "SELECT id FROM step NOT INDEXED WHERE id >= ? ORDER BY id LIMIT 1")
    guard
      let row = try Row.fetchOne(next, arguments: [first * TraceSchema.blockSteps]),
      let id = row.count(0)
    else { return ([], first) }
    let number = Int64(id) / TraceSchema.blockSteps
    var steps = spare.take()
    try readSteps(of: number, into: &steps, in: db)
    try readSeries(of: number, into: &steps, in: db)
    try readLists(of: number, into: &steps, in: db)
    try readWindows(of: number, into: &steps, in: db)
    return (steps, number)
  }

  /// Reads the steps as a whole; those that were there before keep what their layers recorded.
  private func readSteps(
    of block: Int64, into steps: inout [StepRecord], in db: Database
  ) throws {
    let start = block * TraceSchema.blockSteps
    let rows = try Selection(
      """
      SELECT id, \(StepRows.columns) FROM step NOT INDEXED
      WHERE id >= ? AND id < ? ORDER BY id
      """, db)
    // One array for all: a step costs memory for the layers that it records, not for those that the header names.
    let blank = [LayerRecord?](repeating: nil, count: header.layers.count)
    var count = 0
    try rows.forEach(in: start..<start + TraceSchema.blockSteps) { row in
      guard row.count(0) == Int(start) + count,
        var step = StepRows.read(row, from: 1, layers: blank),
        count == 0 || steps[count - 1].step < step.step
      else { throw damaged("step", Int(start) + count) }
      if count < steps.count {
        swap(&step.layers, &steps[count].layers)
        steps[count] = step
      } else {
        steps.append(step)
      }
      count += 1
    }
    steps.removeLast(steps.count - count)
  }

  private func readSeries(
    of block: Int64, into steps: inout [StepRecord], in db: Database
  ) throws {
    let statistics = try self.statistics.columns(in: db)
    var columns = BlockColumns(header, steps: steps.count, columns: statistics.count)
    try forEachRow("id, data FROM series", of: block, in: db) { row in
      guard let id = row.count(0),
        let column = statistics[Int64(id) % TraceSchema.blockStride]
      else { return }
      let whole = row.bytes(1) {
        columns.decode($0, as: column.type, to: column.place, of: column.layer)
      }
      guard whole else { throw damaged("series", id) }
    }
    columns.fill(&steps)
  }

  private func readLists(
    of block: Int64, into steps: inout [StepRecord], in db: Database
  ) throws {
    let statistics = try self.statistics.keys(in: db)
    try forEachRow("id, step, statistic, data FROM list", of: block, in: db) { row in
      let id = row.count(0) ?? 0
      guard let statistic = statistics[row.count(2).map(Int64.init) ?? -1],
        let setter = ListSetter(statistic.role, statistic.name), let layer = statistic.layer
      else { return }
      guard let index = position(of: row.count(1), in: steps) else {
        throw damaged("list", id)
      }
      let whole = row.bytes(3) { bytes in
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
    try forEachRow(
      "id, step, layer, \(UnitWindowRows.columns) FROM unit_window", of: block, in: db
    ) { row in
      guard let index = position(of: row.count(1), in: steps), let layer = row.count(2),
        layer < header.layers.count,
        let window = UnitWindowRows.read(row, from: 3, step: steps[index].step)
      else { throw damaged("unit_window", row.count(0) ?? 0) }
      steps[index].layers[layer].modify(orCreate: .blank(header.layers[layer])) {
        $0.unitWindow = window
      }
    }
  }

  /// Calls `body` with the columns, as in `id, data FROM series`, of the rows that belong to a block.
  func forEachRow(
    _ columns: String, of block: Int64, in db: Database,
    _ body: (Selection.Cells) throws -> Void
  ) throws {
    let first = block * TraceSchema.blockStride
    try Selection(
      "SELECT \(columns) NOT INDEXED WHERE id >= ? AND id < ? ORDER BY id", db
    ).forEach(in: first..<first + TraceSchema.blockStride, body)
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
