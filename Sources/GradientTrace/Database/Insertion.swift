import CSQLite
import GRDB

/// A prepared insertion whose values are bound where they lie: the writer's many small rows would otherwise cost more in
/// arguments than in SQLite.
struct Insertion {
  private let statement: UnsafeMutableRawPointer
  private let connection: Database
  private var place: Int32 = 0

  init(_ sql: String, _ db: Database) throws {
    // SQLite keeps it with the connection; only its address is needed.
    statement = UnsafeMutableRawPointer(try db.cachedStatement(sql: sql).sqliteStatement)
    connection = db
  }

  mutating func bind(_ value: Int64) {
    place += 1
    gh_bind_integer(statement, place, value)
  }

  mutating func bind(_ value: Int?) {
    guard let value else { return bindNull() }
    bind(Int64(value))
  }

  mutating func bind(_ value: Double?) {
    guard let value else { return bindNull() }
    place += 1
    gh_bind_real(statement, place, value)
  }

  mutating func bind(_ value: String?) {
    guard let value else { return bindNull() }
    place += 1
    gh_bind_text(statement, place, value)
  }

  /// Binds a BLOB, which must stay where it is until the row is inserted.
  mutating func bind(_ bytes: UnsafeRawBufferPointer?) {
    guard let bytes else { return bindNull() }
    place += 1
    gh_bind_bytes(statement, place, bytes.baseAddress, Int32(bytes.count))
  }

  private mutating func bindNull() {
    place += 1
    gh_bind_null(statement, place)
  }

  /// Inserts the row; the next one's values are bound from the first on.
  mutating func insertRow() throws {
    place = 0
    let code = gh_run(statement)
    guard code == 0 else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code), message: connection.lastErrorMessage)
    }
  }
}
