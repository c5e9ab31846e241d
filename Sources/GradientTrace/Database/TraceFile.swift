import CSQLite
import Foundation
import GRDB
import GzipIO

/// A trace file opened for reading, hardened against one that a stranger made.
final class TraceFile: @unchecked Sendable {
  /// The file as the user named it.
  let path: String
  private let database: DatabaseQueue
  /// A copy of the file, where it can't be read in its place; removed with this object.
  private let copy: URL?

  /// What is left of the work that a statement may do, in thousands of instructions; used on the database's queue.
  ///
  /// Pages that point at each other can make a table of a few pages endless.
  private let workLeft: UnsafeMutablePointer<Int64>
  private let work: Int64

  /// The longest value that is read, in bytes.
  private static let longestValue: Int32 = 1 << 28

  /// The tables that a trace must have.
  private static let tables = [
    "run", "setting", "layer", "parameter", "step", "statistic", "series", "list", "unit_window",
    "merged", "merged_series", "document", "timing",
  ]

  init(path: String) throws {
    self.path = path
    let length = try Self.blame(path) { try Self.checkLength(path) }
    let work = 20_000 + length / 50
    self.work = work
    let workLeft = UnsafeMutablePointer<Int64>.allocate(capacity: 1)
    workLeft.initialize(to: work)
    self.workLeft = workLeft
    do {
      (database, copy) = try Self.blame(path) { try Self.openInPlaceOrCopied(path, workLeft) }
    } catch {
      workLeft.deallocate()
      throw error
    }
    try read { try checkSchema($0) }
  }

  /// Opens the file, or a copy of it where it can't be read in its place.
  private static func openInPlaceOrCopied(
    _ path: String, _ workLeft: UnsafeMutablePointer<Int64>
  ) throws -> (DatabaseQueue, URL?) {
    do {
      return (try Self.open(path, workLeft), nil)
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
    {
      // The log that a killed run left needs an index beside it, which a folder may not allow to be made.
      let copy = try Self.copied(path)
      do {
        return (try Self.open(copy.appendingPathComponent("trace").path, workLeft), copy)
      } catch {
        try? FileManager.default.removeItem(at: copy)
        throw error
      }
    }
  }

  deinit {
    try? database.close()
    workLeft.deallocate()
    if let copy { try? FileManager.default.removeItem(at: copy) }
  }

  /// Gives `body` one consistent state of the file.
  func read<T>(_ body: (Database) throws -> T) throws -> T {
    try Self.blame(path) {
      try database.read { db in
        workLeft.pointee = work
        return try body(db)
      }
    }
  }

  private static func open(
    _ path: String, _ workLeft: UnsafeMutablePointer<Int64>
  ) throws -> DatabaseQueue {
    nonisolated(unsafe) let workLeft = workLeft
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      gh_harden(UnsafeMutableRawPointer(db.sqliteConnection), longestValue)
      gh_limit_work(UnsafeMutableRawPointer(db.sqliteConnection), workLeft)
      try db.execute(sql: "PRAGMA cell_size_check = ON")
    }
    let database = try DatabaseQueue(path: path, configuration: configuration)
    // Nothing is read before this: an empty statement wouldn't show that a log can't be opened.
    _ = try database.read { try Row.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
    return database
  }

  /// A copy of the file and its log in a new folder.
  static func copied(_ path: String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("gradient-trace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for suffix in ["", "-wal"]
    where suffix.isEmpty || FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.copyItem(
        atPath: path + suffix, toPath: folder.appendingPathComponent("trace" + suffix).path)
    }
    return folder
  }

  /// The bytes of the file and its log; throws if the file is shorter than its first page says and has no log that could hold the rest.
  private static func checkLength(_ path: String) throws -> Int64 {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    let first = [UInt8](try handle.read(upToCount: 100) ?? Data())
    let length = try handle.seekToEnd()
    func bigEndian(_ offset: Int, _ count: Int) -> UInt64 {
      first[offset..<offset + count].reduce(0) { $0 << 8 | UInt64($1) }
    }
    let log = (try? FileManager.default.attributesOfItem(atPath: path + "-wal"))?[.size] as? Int
    guard first.count == 100 else {
      throw InputError(file: path, "the trace is cut off after \(length) bytes")
    }
    let pageSize = bigEndian(16, 2) == 1 ? 65536 : bigEndian(16, 2)
    let expected = pageSize * bigEndian(28, 4)
    guard length >= expected || log ?? 0 > 0 else {
      throw InputError(
        file: path, "the trace is cut off: found \(length) bytes of \(expected)")
    }
    return Int64(length) + Int64(log ?? 0)
  }

  private func checkSchema(_ db: Database) throws {
    func pragma(_ name: String) throws -> Int64 {
      try Int64.fetchOne(db, sql: "PRAGMA \(name)") ?? 0
    }
    let id = try pragma("application_id")
    guard id == Int64(TraceSchema.applicationID) else {
      throw InputError(
        file: path,
        "an SQLite database, but not a trace: found application id \(id), "
          + "expected \(TraceSchema.applicationID)")
    }
    let version = try pragma("user_version")
    guard (1...Int64(TraceSchema.version)).contains(version) else {
      throw InputError(
        file: path,
        "found version \(version) of the trace format, expected at most \(TraceSchema.version)")
    }
    for table in Self.tables {
      // A view, a virtual table or a generated column would run a stranger's SQL.
      let isPlain = try Bool.fetchOne(
        db,
        sql: """
          SELECT type = 'table' AND sql NOT LIKE 'create virtual%'
            AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(?) WHERE hidden <> 0)
          FROM sqlite_schema WHERE name = ?
          """, arguments: [table, table])
      guard let isPlain else { throw InputError(file: path, "the trace has no table \(table)") }
      guard isPlain else {
        throw InputError(
          file: path, "\(table) is not a plain table, as it is in every trace")
      }
    }
  }

  /// Turns what SQLite throws into an error that names the file.
  private static func blame<T>(_ path: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as InputError {
      throw error
    } catch DatabaseError.SQLITE_INTERRUPT {
      throw InputError(
        file: path, "can't be read as a trace: its tables are longer than the file")
    } catch let error as DatabaseError {
      throw InputError(
        file: path, "can't be read as a trace: \(error.message ?? error.resultCode.description)")
    } catch is RowDecodingError {
      throw InputError(file: path, "can't be read as a trace: a value has the wrong type")
    } catch {
      throw InputError(file: path, "can't be read: \(error.localizedDescription)")
    }
  }
}
