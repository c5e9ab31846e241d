import GRDB
import GzipIO

/// What the numbers of the statistics stand for, without those of a later version.
///
/// Each block of steps asks for it, and it is read anew only when the writer of a run that goes on has added to it.
final class StatisticTable: @unchecked Sendable {
  private let file: String
  private let header: TraceHeader
  // Used on the database's queue alone.
  private var keys: [Int64: StatisticKey] = [:]
  private var columns: [Int64: Column] = [:]
  private var lastID: Int64 = -1

  /// Where the values of a scalar go.
  struct Column {
    var layer: Int
    /// The place among the numbers of its layer, as ``StepLayout`` orders them.
    var place: Int
    var type: ElementType
  }

  init(_ header: TraceHeader, file: String) {
    self.header = header
    self.file = file
  }

  /// The statistics by number.
  func keys(in db: Database) throws -> [Int64: StatisticKey] {
    try update(from: db)
    return keys
  }

  /// Those of the statistics that are scalars of a layer, by number.
  func columns(in db: Database) throws -> [Int64: Column] {
    try update(from: db)
    return columns
  }

  private func update(from db: Database) throws {
    let newest =
      try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT max(id) FROM statistic NOT INDEXED")) ?? -1
    guard newest != lastID else { return }
    (keys, columns) = ([:], [:])
    let selection = try Selection(
      """
      SELECT id, layer, tensor, place, name, type FROM statistic NOT INDEXED
      WHERE id >= ? AND id < ?
      """, db)
    try selection.forEach(in: 0..<Int64.max) { row in
      guard let id = row.count(0), let tensor = row.text(2),
        let role = TensorRole(name: tensor, place: row.count(3)), let name = row.text(4),
        let type = row.text(5).flatMap(ElementType.init)
      else { return }
      let layer = row.count(1)
      guard role == .step ? layer == nil : hasTensor(role, layer) else {
        throw InputError(file: file, "row \(id) of table statistic is damaged")
      }
      keys[Int64(id)] = StatisticKey(layer: layer, role: role, name: name, type: type)
      if let layer, let place = StepLayout.place(of: name, role) {
        columns[Int64(id)] = Column(layer: layer, place: place, type: type)
      }
    }
    lastID = newest
  }

  /// Whether the header has such a layer and, in it, such a parameter.
  private func hasTensor(_ role: TensorRole, _ layer: Int?) -> Bool {
    guard let layer, layer < header.layers.count else { return false }
    return role.place ?? -1 < header.layers[layer].parameters.count
  }
}
