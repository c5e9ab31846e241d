import Foundation
import GRDB

/// The rows of the table `unit_window`: 3 to 8 bytes a unit, nearly all of them the mean of δ.
enum UnitWindowRows {
  static func insert(
    _ window: UnitWindow, id: Int64, step: Int, layer: Int, into db: Database
  ) throws {
    let units = window.activeCounts.count
    precondition(
      window.lastActive?.count ?? units == units && window.deltaMeans?.count ?? units == units,
      "expected lists with one value a unit in the unit window of layer \(layer)")
    let active = NumberList.encode(varints: window.activeCounts.lazy.map(UInt64.init))
    // 0 for never; else 1 + the zigzag of the steps since, which is small and not negative unless a log is odd.
    let last = window.lastActive.map { units in
      NumberList.encode(
        varints: units.lazy.map { last in
          last.map { 1 + UInt64(bitPattern: Self.zigzag(Int64(step - $0))) } ?? 0
        })
    }
    let means = window.deltaMeans.map { means in
      var data = Data(capacity: means.count * 4)
      for mean in means {
        withUnsafeBytes(of: mean.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
      return data
    }
    try db.cachedStatement(sql: "INSERT INTO unit_window VALUES (?, ?, ?, ?, ?, ?, ?, ?)").execute(
      arguments: [
        id, step, layer, window.steps, window.chanceSilent.map(Real.init), active, last, means,
      ])
  }

  /// The columns that ``read(_:from:step:)`` takes.
  static let columns = "steps, chance_silent, active, last_active, delta_means"

  /// Reads a row whose columns from `offset` on are ``columns``; nil if it is damaged.
  static func read(_ row: Row, from offset: Int, step: Int) throws -> UnitWindow? {
    guard let steps = row.count(offset),
      let active = try row.blob(offset + 2, NumberList.decodeVarints),
      let counts = active.mapUnlessNil({ UInt32(exactly: $0) })
    else { return nil }
    var window = UnitWindow(
      steps: steps, activeCounts: counts, chanceSilent: row.real(offset + 1))
    if !row.hasNull(atIndex: offset + 3) {
      guard let last = try row.blob(offset + 3, NumberList.decodeVarints),
        last.count == counts.count
      else { return nil }
      window.lastActive = last.map { number in
        number == 0 ? nil : Int(Int64(step) &- unzigzag(Int64(bitPattern: number - 1)))
      }
    }
    if !row.hasNull(atIndex: offset + 4) {
      guard
        let means = try row.blob(offset + 4, { NumberList.decode($0, as: .float32) }),
        means.count == counts.count
      else { return nil }
      window.deltaMeans = means.map { Float($0) }
    }
    return window
  }

  private static func zigzag(_ value: Int64) -> Int64 { (value << 1) ^ (value >> 63) }

  private static func unzigzag(_ value: Int64) -> Int64 {
    Int64(bitPattern: UInt64(bitPattern: value) >> 1) ^ -(value & 1)
  }
}

extension Row {
  /// What `decode` makes of the BLOB in a column.
  func blob<T>(_ column: Int, _ decode: (UnsafeRawBufferPointer) -> T) throws -> T {
    try withUnsafeData(atIndex: column) { ($0 ?? Data()).withUnsafeBytes(decode) }
  }
}

extension Array {
  /// The results of `transform` for all elements, or nil if it gives nil for one.
  func mapUnlessNil<T>(_ transform: (Element) -> T?) -> [T]? {
    var results: [T] = []
    results.reserveCapacity(count)
    for element in self {
      guard let result = transform(element) else { return nil }
      results.append(result)
    }
    return results
  }
}
