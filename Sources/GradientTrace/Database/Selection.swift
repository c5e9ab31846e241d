import CSQLite
import GRDB

/// The rows that a query gives for a range of ids, read where SQLite has them: a trace's many small rows would otherwise
/// cost more in copies than in SQLite.
struct Selection {
  private let statement: UnsafeMutableRawPointer
  private let connection: Database

  /// Prepares a query with two parameters: the first id, and the one behind the last.
  init(_ sql: String, _ db: Database) throws {
    // SQLite keeps it with the connection; only its address is needed.
    statement = UnsafeMutableRawPointer(try db.cachedStatement(sql: sql).sqliteStatement)
    connection = db
  }

  /// Calls `body` with each row whose id is in `ids`; it must not keep the row.
  func forEach(in ids: Range<Int64>, _ body: (Cells) throws -> Void) throws {
    gh_select(statement, ids.lowerBound, ids.upperBound)
    defer { gh_reset(statement) }
    while true {
      let code = gh_next(statement)
      guard code != SQLITE_DONE else { return }
      guard code == SQLITE_ROW else {
        throw DatabaseError(
          resultCode: ResultCode(rawValue: code), message: connection.lastErrorMessage)
      }
      try body(Cells(statement: statement))
    }
  }

  /// The values of one row.
  struct Cells {
    fileprivate let statement: UnsafeMutableRawPointer

    func isNull(_ column: Int32) -> Bool { gh_type(statement, column) == SQLITE_NULL }

    /// The whole number from 0 in a column, or nil where there is none.
    func count(_ column: Int32) -> Int? {
      guard gh_type(statement, column) == SQLITE_INTEGER else { return nil }
      let number = gh_integer(statement, column)
      return number >= 0 ? Int(number) : nil
    }

    /// The number in a column, or nil where there is none; NaN is stored as a text.
    func real(_ column: Int32) -> Double? {
      switch gh_type(statement, column) {
      case SQLITE_FLOAT, SQLITE_INTEGER: gh_real(statement, column)
      case SQLITE_TEXT where text(column) == "NaN": .nan
      default: nil
      }
    }

    /// The text in a column, or nil where there is none.
    func text(_ column: Int32) -> String? {
      guard gh_type(statement, column) == SQLITE_TEXT else { return nil }
      return bytes(column) { String(decoding: $0, as: UTF8.self) }
    }

    /// What `decode` makes of the BLOB in a column.
    func bytes<T>(_ column: Int32, _ decode: (UnsafeRawBufferPointer) -> T) -> T {
      var count: Int32 = 0
      let start = gh_bytes(statement, column, &count)
      return decode(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(count)))
    }
  }
}
