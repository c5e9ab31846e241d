import CSQLite
import Foundation
import GRDB
import GzipIO

/// The steps of a trace file, read a block at a time.
///
/// The file may come from a stranger: it is opened read-only and hardened, and only its tables are read, never a view.
final class DatabaseTrace: TraceSource {
  let header: TraceHeader
  var path: String? { file.path }
  private let file: TraceFile
  private let reader: BlockReader

  /// Opens the trace at `path`, which begins like an SQLite file.
  init(path: String) throws {
    file = try TraceFile(path: path)
    header = try file.read { try HeaderRows.read(from: $0, file: path) }
    try header.check(file: path)
    reader = BlockReader(file: path, header: header)
  }

  func forEachStep(_ body: (StepRecord) throws -> Void) throws {
    var last = -1
    let spare = SpareSteps()
    var block = try block(from: 0, reusing: spare)
    while let first = block.steps.first {
      guard first.step > last else {
        throw InputError(
          file: file.path,
          "step \(first.step) stands after step \(last), expected ascending steps")
      }
      // The next block is read while the body has this one, which runs outside of the database, so that it may ask the
      // trace for something else.
      let following = block.number + 1
      let next = ReadAhead { [self] in try self.block(from: following, reusing: spare) }
      for step in block.steps {
        try body(step)
        last = step.step
      }
      let read = try next.value()
      spare.keep(block.steps)
      block = read
    }
  }

  private func block(
    from first: Int64, reusing spare: SpareSteps
  ) throws -> (steps: [StepRecord], number: Int64) {
    try file.read { try reader.block(from: first, in: $0, reusing: spare) }
  }

  func forEachMergedStep(_ body: (MergedSteps) throws -> Void) throws {
    let rows = MergedRows(reader: reader)
    var next: Int64 = 0
    while let merged = try file.read({ try rows.block(from: next, in: $0) }) {
      try rows.records(merged.block).forEach(body)
      next = merged.number + 1
    }
  }

  func lastStep() throws -> Int? {
    try file.read { db in
      try Row.fetchOne(db, sql: "SELECT step FROM step NOT INDEXED ORDER BY id DESC LIMIT 1")?
        .count(0)
    }
  }

  func firstWholeStep() throws -> Int? {
    try file.read { db in
      guard try Row.fetchOne(db, sql: "SELECT id FROM merged NOT INDEXED LIMIT 1") != nil else {
        return nil
      }
      return try reader.block(from: 0, in: db).steps.first?.step
    }
  }

  func document(_ name: String) throws -> String? {
    try file.read { db in
      try Row.fetchOne(db, sql: "SELECT json FROM document WHERE name = ?", arguments: [name])?
        .text(0)
    }
  }

  func documentNames() throws -> [String] {
    try file.read { db in
      try Row.fetchAll(db, sql: "SELECT name FROM document ORDER BY name").compactMap { $0.text(0) }
    }
  }

  func timings() throws -> [Timing] {
    try file.read { db in
      try Row.fetchAll(db, sql: "SELECT name, seconds FROM timing ORDER BY name").compactMap {
        row in
        guard let name = row.text(0), let seconds = row.real(1) else { return nil }
        return Timing(name: name, seconds: seconds)
      }
    }
  }
}
