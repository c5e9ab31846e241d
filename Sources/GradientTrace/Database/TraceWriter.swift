import Foundation
import GRDB
import GzipIO

/// Writes the rows of a trace file; used by one thread at a time.
final class TraceWriter {
  /// Where the run is being written, until ``finish()`` renames it.
  let runningPath: String
  private let path: String
  private let header: TraceHeader
  private let budget: Int
  private let database: DatabaseQueue
  private let layout: StepLayout
  private let encoder = SeriesEncoder()
  private var statistics: [StatisticKey: Int64] = [:]
  /// The numbers of the columns' statistics, by type.
  private var columnNumbers: [ElementType: [Int64?]]
  /// The number of the block that is being written, and how many of its steps, lists and windows have their rows already.
  private var block: Int64 = 0
  private var written = 0
  private var lists = 0
  private var windows = 0
  private var blocks = BudgetKeeper()
  /// The bytes in use after the last batch.
  private var bytes = 0
  /// Whether something was written since the last checkpoint.
  private var isDirty = true

  /// Creates the file of a run, in the place of one that an earlier run left unfinished.
  init(path: String, layout: StepLayout, budget: Int) throws {
    self.path = path
    self.layout = layout
    header = layout.header
    let unknown = [Int64?](repeating: nil, count: layout.count)
    columnNumbers = [.uint32: unknown, .float32: unknown, .float64: unknown]
    self.budget = budget
    runningPath = Trace.runningPath(for: path)
    try Self.refuseIfInUse(runningPath, for: path)
    for suffix in Self.suffixes + Self.copySuffixes { unlink(runningPath + suffix) }
    try Self.createEmptyFile(runningPath, for: path)
    do {
      database = try Self.createDatabase(runningPath, for: path, header)
    } catch {
      // What has no header yet is no trace.
      for suffix in Self.suffixes { unlink(runningPath + suffix) }
      throw error
    }
  }

  /// Makes the trace of a run without steps.
  private static func createDatabase(
    _ runningPath: String, for path: String, _ header: TraceHeader
  ) throws -> DatabaseQueue {
    try blame(path) {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      let database = try DatabaseQueue(path: runningPath, configuration: configuration)
      try database.writeWithoutTransaction { db in
        try db.execute(
          sql: """
            PRAGMA application_id = \(TraceSchema.applicationID);
            PRAGMA user_version = \(TraceSchema.version);
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            """)
        try db.inTransaction {
          try db.execute(sql: TraceSchema.tables + TraceSchema.views)
          try HeaderRows.insert(header, into: db)
          return .commit
        }
        try db.checkpoint(.truncate)
      }
      return database
    }
  }

  /// Throws if another process is still writing or reading there: two runs would take each other's file away.
  private static func refuseIfInUse(_ runningPath: String, for path: String) throws {
    let descriptor = open(runningPath + "-shm", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { Foundation.close(descriptor) }
    // Whoever has the database open keeps a lock on this file; a process that died has none.
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    guard fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return }
    throw InputError(
      file: path, "is in use by process \(lock.l_pid); wait for its end, or write elsewhere")
  }

  /// Makes the file, so that what is wrong with its place is said in the words of the system, not of SQLite.
  private static func createEmptyFile(_ runningPath: String, for path: String) throws {
    var status = stat()
    guard stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR else {
      throw InputError(file: path, "is a folder, expected the name of a file to write")
    }
    let descriptor = open(runningPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw InputError(
        file: path, "can't be written: \(errno == ENOENT ? "no such folder" : systemError())")
    }
    Foundation.close(descriptor)
  }

  /// What the system says of the call that failed last: `permission denied`.
  private static func systemError() -> String { String(cString: strerror(errno)).lowercased() }

  /// What the names of the files end with that SQLite makes of one.
  static let suffixes = ["", "-wal", "-shm", "-journal"]
  /// What the name of the copy ends with that a run finishes with while somebody reads.
  private static let copySuffix = ".complete"
  static let copySuffixes = suffixes.map { copySuffix + $0 }

  /// Writes blocks that are full, and what there is of the one that follows them.
  func write(_ full: [StepBlock], unfinished: StepBlock) throws {
    var rest = full[...]
    repeat {
      // Near its budget the file grows by one block at a time, so that it never grows far beyond.
      let batch = bytes > budget / 2 ? rest.prefix(1) : rest
      rest = rest.dropFirst(batch.count)
      try write(batch, unfinished: rest.isEmpty ? unfinished : nil)
      if !batch.isEmpty { try keepToBudget() }
    } while !rest.isEmpty
  }

  private func write(_ full: ArraySlice<StepBlock>, unfinished: StepBlock?) throws {
    let hasMore = unfinished.map { $0.heads.count > (full.isEmpty ? written : 0) } ?? false
    guard !full.isEmpty || hasMore else { return }
    isDirty = true
    try onDatabase { db in
      try db.inTransaction {
        for steps in full {
          try insert(steps, into: db)
          blocks.append(block)
          block += 1
          (written, lists, windows) = (0, 0, 0)
        }
        if let unfinished, hasMore { try insert(unfinished, into: db) }
        return .commit
      }
    }
  }

  /// Moves what was written from the log into the file.
  func checkpoint() throws {
    guard isDirty else { return }
    isDirty = false
    try onDatabase { db in
      // A reader in the middle of the log keeps the checkpoint from completing; the next one makes up for it.
      do { try db.checkpoint(.passive) } catch DatabaseError.SQLITE_BUSY { isDirty = true }
    }
  }

  /// Keeps a JSON document, in the place of an earlier one of that name.
  func write(document json: String, named name: String) throws {
    try onDatabase { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO document VALUES (?, ?)", arguments: [name, json])
    }
  }

  /// Keeps a duration, in the place of an earlier one of that name.
  func write(seconds: Double, named name: String) throws {
    try onDatabase { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO timing VALUES (?, ?)", arguments: [name, seconds])
    }
  }

  /// Closes the file as one, without its log; `rename` gives it its final name.
  func close(rename: Bool) throws {
    let isOneFile = try onDatabase { try dropLog($0) }
    if !isOneFile, rename { return try finishAsCopy() }
    try Self.blame(path) { try database.close() }
    if rename { try self.rename(runningPath) }
  }

  /// Moves the log into the file; false if somebody reads it, which keeps the log where it is.
  private func dropLog(_ db: Database) throws -> Bool {
    do {
      try db.execute(sql: "PRAGMA busy_timeout = 100")
      try db.checkpoint(.truncate)
      return try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE") == "delete"
    } catch DatabaseError.SQLITE_BUSY {
      return false
    }
  }

  /// Finishes with a copy of a file that somebody reads, who is left with the file as it was.
  private func finishAsCopy() throws {
    let copy = runningPath + Self.copySuffix
    unlink(copy)
    do {
      try onDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
      try Self.blame(path) { try database.close() }
      try rename(copy)
    } catch {
      unlink(copy)
      throw error
    }
    for suffix in Self.suffixes { unlink(runningPath + suffix) }
  }

  private func rename(_ complete: String) throws {
    guard Foundation.rename(complete, path) == 0 else {
      throw InputError(file: path, "can't be written: \(Self.systemError())")
    }
  }

  /// Gives up after an error, leaving what is committed.
  func abandon() { try? database.close() }

  /// Inserts what has no row yet of a block, of which some steps may have been inserted before.
  private func insert(_ steps: StepBlock, into db: Database) throws {
    let first = block * TraceSchema.blockStride
    if written > 0 {
      try db.cachedStatement(sql: "DELETE FROM series WHERE id >= ? AND id < ?").execute(
        arguments: [first, first + TraceSchema.blockStride])
    }
    var rows = try StepRows.insertion(into: db)
    for index in written..<steps.heads.count {
      try StepRows.insert(
        steps.heads[index], id: block * TraceSchema.blockSteps + Int64(index), by: &rows)
    }
    written = steps.heads.count
    try insertSeries(of: steps, from: first, into: db)
    try insertLists(of: steps.lists, from: first, into: db)
  }

  private func insertSeries(of steps: StepBlock, from first: Int64, into db: Database) throws {
    var rows = try Insertion("INSERT INTO series VALUES (?, ?)", db)
    for (place, column) in layout.columns.enumerated() {
      guard
        let series = encoder.encode(
          steps.numbers + place, stride: layout.count, rows: steps.heads.count,
          areCounts: column.isCount)
      else { continue }
      rows.bind(first + (try number(of: column, at: place, series.type, in: db)))
      rows.bind(series.bytes)
      try rows.insertRow()
    }
  }

  private func insertLists(
    of steps: EncodedLists, from first: Int64, into db: Database
  ) throws {
    try steps.bytes.withUnsafeBytes { bytes in
      func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range])
      }
      var rows = try Insertion("INSERT INTO list VALUES (?, ?, ?, ?)", db)
      for index in lists..<steps.lists.count {
        let list = steps.lists[index]
        let key = StatisticKey(
          layer: list.layer, role: list.role, name: list.name, type: list.type)
        rows.bind(first + Int64(index))
        rows.bind(list.step)
        rows.bind(try number(of: key, in: db))
        rows.bind(part(list.bytes))
        try rows.insertRow()
      }
      lists = steps.lists.count
      rows = try UnitWindowRows.insertion(into: db)
      for index in windows..<steps.windows.count {
        try UnitWindowRows.insert(
          steps.windows[index], id: first + Int64(index), part, by: &rows)
      }
      windows = steps.windows.count
    }
  }

  /// The number of a column's statistic in a type of number.
  private func number(
    of column: StepLayout.Column, at place: Int, _ type: ElementType, in db: Database
  ) throws -> Int64 {
    if let number = columnNumbers[type]?[place] { return number }
    let key = StatisticKey(layer: column.layer, role: column.role, name: column.name, type: type)
    let number = try number(of: key, in: db)
    columnNumbers[type]?[place] = number
    return number
  }

  /// The number of a statistic, which gets a row of its own when it first occurs.
  private func number(of key: StatisticKey, in db: Database) throws -> Int64 {
    if let number = statistics[key] { return number }
    let number = Int64(statistics.count)
    try db.execute(
      sql: "INSERT INTO statistic VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [
        number, key.layer, key.role.name, key.role.place, key.name, key.type.rawValue,
      ])
    statistics[key] = number
    return number
  }

  /// Merges older steps until the file, without the pages that it holds free, is within its budget.
  private func keepToBudget() throws {
    bytes = try usedBytes()
    while bytes > budget {
      let merged = try blocks.mergeOlderHalf { earlier, later in
        try onDatabase { db in
          try db.inTransaction {
            let block = MergedBlock.merging(
              try completeBlock(earlier, in: db), try completeBlock(later, in: db))
            try MergedRows.remove(earlier, from: db)
            try MergedRows.remove(later, from: db)
            try MergedRows.insert(block, as: earlier, into: db) { try number(of: $0, in: db) }
            return .commit
          }
        }
      }
      guard merged else { return }
      isDirty = true
      try checkpoint()
      bytes = try usedBytes()
    }
  }

  private func completeBlock(_ number: Int64, in db: Database) throws -> MergedBlock {
    let reader = BlockReader(file: path, header: header)
    if let merged = try MergedRows(reader: reader).block(from: number, in: db),
      merged.number == number
    {
      return merged.block
    }
    return MergedBlock(try reader.block(from: number, in: db).steps, in: header)
  }

  private func usedBytes() throws -> Int {
    try onDatabase { db in
      func pragma(_ name: String) throws -> Int {
        try Int.fetchOne(db.cachedStatement(sql: "PRAGMA \(name)")) ?? 0
      }
      return try (pragma("page_count") - pragma("freelist_count")) * pragma("page_size")
    }
  }

  private func onDatabase<T>(_ body: (Database) throws -> T) throws -> T {
    try Self.blame(path) { try database.writeWithoutTransaction(body) }
  }

  /// Turns what SQLite throws into an error that names the file.
  private static func blame<T>(_ path: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw InputError(
        file: path, "can't be written: \(error.message ?? error.resultCode.description)")
    }
  }
}
