import GRDB

/// The rows of the table `unit_window`: 3 to 8 bytes a unit, nearly all of them the mean of δ.
enum UnitWindowRows {
  /// An insertion of rows.
  static func insertion(into db: Database) throws -> Insertion {
    try Insertion("INSERT INTO unit_window VALUES (?, ?, ?, ?, ?, ?, ?, ?)", db)
  }

  /// Inserts a window, whose lists `bytes` gives.
  static func insert(
    _ window: EncodedLists.Window, id: Int64, _ bytes: (Range<Int>) -> UnsafeRawBufferPointer,
    by insertion: inout Insertion
  ) throws {
    insertion.bind(id)
    insertion.bind(window.step)
    insertion.bind(window.layer)
    insertion.bind(window.steps)
    insertion.bind(window.chanceSilent)
    insertion.bind(bytes(window.active))
    insertion.bind(window.lastActive.map(bytes))
    insertion.bind(window.deltaMeans.map(bytes))
    try insertion.insertRow()
  }

  /// The columns that ``read(_:from:step:)`` takes.
  static let columns = "steps, chance_silent, active, last_active, delta_means"

  /// Reads a row whose columns from `offset` on are ``columns``; nil if it is damaged.
  static func read(_ row: Selection.Cells, from offset: Int32, step: Int) -> UnitWindow? {
    guard let steps = row.count(offset),
      let active = row.bytes(offset + 2, UnitWindow.decode(activeCounts:))
    else { return nil }
    var window = UnitWindow(
      steps: steps, activeCounts: active, chanceSilent: row.real(offset + 1))
    if !row.isNull(offset + 3) {
      guard
        let last = row.bytes(offset + 3, { UnitWindow.decode(lastActive: $0, at: step) }),
        last.count == active.count
      else { return nil }
      window.lastActive = last
    }
    if !row.isNull(offset + 4) {
      guard let means = row.bytes(offset + 4, UnitWindow.decode(deltaMeans:)),
        means.count == active.count
      else { return nil }
      window.deltaMeans = means
    }
    return window
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
