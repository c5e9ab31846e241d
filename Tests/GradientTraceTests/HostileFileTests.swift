import Foundation
import GRDB
import GradientTrace
import GzipIO
import Testing

/// Files that are no traces, or that lie about what is in them.
@Suite struct HostileFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A good trace of 100 steps, changed by SQL.
  private func trace(changedBy sql: String = "") throws -> String {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: run.header)
    for step in run.steps(100) { try recorder.record(step) }
    try recorder.attach(document: "{}", named: "check")
    try recorder.finish()
    guard !sql.isEmpty else { return path }
    let database = try DatabaseQueue(path: path)
    try database.write { try $0.execute(sql: sql) }
    try database.close()
    return path
  }

  private func error(reading path: String) -> String? {
    do {
      let trace = try Trace(contentsOf: path)
      try trace.forEachStep { _ in }
      try trace.forEachMergedStep { _ in }
      _ = try trace.document("check")
      return nil
    } catch let error as InputError {
      #expect(error.file == path)
      return error.message
    } catch {
      return "not an InputError: \(error)"
    }
  }

  // MARK: Not a trace

  @Test func whatIsNoTraceIsNamed() throws {
    #expect(error(reading: folder.path("missing.gradtrace")) == "no such file")
    #expect(error(reading: folder.url.path) == "is a folder, expected a file")
    #expect(
      try error(reading: folder.file("empty.gradtrace", ""))
        == "the file is empty, expected a trace (.gradtrace, .jsonl or .jsonl.gz)")
    #expect(
      try error(reading: folder.file("notes.txt", "Dear reader,\nhello\u{1b}[31m"))
        == #"not a trace: expected a .gradtrace, .jsonl or .jsonl.gz, found "Dear reader,""#)
    #expect(
      try error(reading: folder.file("short.gradtrace", "SQLite for"))
        == "the trace is cut off after 10 bytes")
    #expect(
      try error(reading: folder.file("short.gradtrace", "SQLite format 3\0more"))
        == "the trace is cut off after 20 bytes")
    #expect(
      try error(
        reading: folder.file(
          "bad.gradtrace", "SQLite format 3\0" + String(repeating: "x", count: 40_000_000)))
        != nil)
  }

  @Test func anotherProgramsDatabaseIsNamed() throws {
    let path = folder.path("other.gradtrace")
    let database = try DatabaseQueue(path: path)
    try database.write { try $0.execute(sql: "CREATE TABLE step (id)") }
    try database.close()
    #expect(
      error(reading: path)
        == "an SQLite database, but not a trace: found application id 0, expected 1198675058")
  }

  @Test func aNewerVersionIsRefusedByName() throws {
    #expect(
      try error(reading: trace(changedBy: "PRAGMA user_version = 2"))
        == "found version 2 of the trace format, expected at most 1")
  }

  @Test func aTraceThatIsCutOffIsNamed() throws {
    let path = try trace()
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for length in [99, 100, 4_096, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(
        error(reading: path)
          == (length < 100
            ? "the trace is cut off after \(length) bytes"
            : "the trace is cut off: found \(length) bytes of \(whole.count)"))
    }
  }

  /// Whatever byte is wrong, the reader answers; it never traps, hangs or takes memory that isn't there.
  @Test func damagedBytesGiveAnErrorOrOtherNumbers() throws {
    let path = try trace()
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var random = SplitMix(state: 7)
    var failures = 0
    for _ in 0..<300 {
      var damaged = whole
      for _ in 0..<(1 + random.below(40)) {
        damaged[random.below(whole.count)] = UInt8(random.below(256))
      }
      try damaged.write(to: URL(fileURLWithPath: path))
      if let message = error(reading: path) {
        failures += 1
        #expect(!message.hasPrefix("not an InputError"), "\(message)")
      }
    }
    #expect(failures > 100)
  }

  // MARK: Lies

  @Test(
    arguments: [
      (
        "UPDATE series SET data = substr(data, 1, length(data) - 1) WHERE id = 2",
        "row 2 of table series is damaged"
      ),
      ("UPDATE series SET data = zeroblob(0) WHERE id = 1", "row 1 of table series is damaged"),
      (
        "UPDATE series SET data = zeroblob(100000000) WHERE id = 1",
        "row 1 of table series is damaged"
      ),
      ("UPDATE series SET data = 17 WHERE id = 3", "row 3 of table series is damaged"),
      ("DELETE FROM step WHERE id = 70", "row 70 of table step is damaged"),
      ("UPDATE step SET step = 3 WHERE id = 9", "row 9 of table step is damaged"),
      (
        "UPDATE step SET step = step - 64 WHERE id >= 64; DELETE FROM list; DELETE FROM unit_window",
        "step 0 stands after step 63, expected ascending steps"
      ),
      ("UPDATE step SET step = 'x' WHERE id = 0", "row 0 of table step is damaged"),
      (
        "UPDATE unit_window SET active = x'80' WHERE id = 0",
        "row 0 of table unit_window is damaged"
      ),
      (
        "UPDATE unit_window SET active = x'ffffffffffffffffff7f' WHERE id = 0",
        "row 0 of table unit_window is damaged"
      ),
      (
        "UPDATE unit_window SET last_active = x'0102' WHERE id = 0",
        "row 0 of table unit_window is damaged"
      ),
      (
        "UPDATE unit_window SET delta_means = x'01020304' WHERE id = 0",
        "row 0 of table unit_window is damaged"
      ),
      (
        "UPDATE unit_window SET layer = 4000000000 WHERE id = 0",
        "row 0 of table unit_window is damaged"
      ),
      ("UPDATE list SET step = 63 + step", "row 0 of table list is damaged"),
      ("UPDATE list SET data = x'40ff' WHERE id = 0", "row 0 of table list is damaged"),
      ("UPDATE layer SET inputs = '[1]' WHERE id = 1", "row 1 of table layer is damaged"),
      ("UPDATE layer SET id = 1000000000 WHERE id = 2", "row 2 of table layer is damaged"),
      ("UPDATE parameter SET shape = 'big'", "table parameter is damaged"),
      ("DROP TABLE timing", "the trace has no table timing"),
      (
        "DROP TABLE document; CREATE VIEW document AS SELECT 'check' AS name, '{}' AS json",
        "document is not a plain table, as it is in every trace"
      ),
      (
        """
        DROP TABLE step; CREATE VIEW step AS WITH RECURSIVE n(id) AS (SELECT 0 UNION ALL \
        SELECT id + 1 FROM n) SELECT id, id AS step FROM n
        """,
        "step is not a plain table, as it is in every trace"
      ),
      (
        """
        DROP TABLE document; CREATE TABLE document (name TEXT, \
        json TEXT AS (hex(zeroblob(400000000))) VIRTUAL)
        """,
        "document is not a plain table, as it is in every trace"
      ),
      (
        "DROP TABLE list; CREATE TABLE list (id INTEGER PRIMARY KEY)",
        "can't be read as a trace: no such column: step"
      ),
    ])
  func aLieIsFound(_ sql: String, _ message: String) throws {
    #expect(try error(reading: trace(changedBy: sql)) == message)
  }

  @Test func triggersAndForeignViewsDoNothing() throws {
    let path = try trace(
      changedBy: """
        CREATE VIEW bad AS SELECT load_extension('x') FROM step;
        CREATE TRIGGER worse AFTER INSERT ON step BEGIN DELETE FROM series; END;
        """)
    #expect(error(reading: path) == nil)
  }

  @Test func whatALaterVersionAddsIsIgnored() throws {
    let path = try trace(
      changedBy: """
        ALTER TABLE step ADD COLUMN temperature REAL;
        CREATE TABLE novelty (id);
        INSERT INTO statistic VALUES (900, 1, 'activation', NULL, 'kurtosis', 'float32');
        INSERT INTO series VALUES (900, x'0000803f');
        INSERT INTO statistic VALUES (901, 1, 'curvature', NULL, 'rms', 'float16');
        INSERT INTO series VALUES (901, x'00');
        """)
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    #expect(try Trace(contentsOf: path).steps() == run.steps(100))
  }

  /// Interior pages, each of which names the next one 400 times, make a table of 10^26 rows.
  @Test func anEndlessTableIsFound() throws {
    let path = try trace(changedBy: "INSERT INTO setting VALUES (1, 'a', 'b')")
    let database = try DatabaseQueue(path: path)
    let root = try #require(
      try database.read {
        try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'setting'")
      })
    try database.close()
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let size = 4_096
    let leaf = Array(bytes[(root - 1) * size..<root * size])
    func bigEndian(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }
    func interior(namingPage child: Int) -> [UInt8] {
      var page: [UInt8] = [5, 0, 0, 0x1, 0x90, 0xf, 0xf0, 0] + bigEndian(child)
      for _ in 0..<400 { page += [0xf, 0xf0] }
      page += [UInt8](repeating: 0, count: 0xff0 - page.count) + bigEndian(child) + [1]
      return page + [UInt8](repeating: 0, count: size - page.count)
    }
    let pages = bytes.count / size
    bytes.replaceSubrange((root - 1) * size..<root * size, with: interior(namingPage: pages + 1))
    for page in 2...10 { bytes += interior(namingPage: pages + page) }
    bytes += leaf
    bytes.replaceSubrange(28..<32, with: bigEndian(pages + 10))
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(
      error(reading: path) == "can't be read as a trace: its tables are longer than the file")
  }

  @Test func aPipeIsNamed() throws {
    let path = folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    // Opened for writing too, so that whoever opens it for reading need not wait.
    let descriptor = open(path, O_RDWR)
    defer { close(descriptor) }
    #expect(
      error(reading: path)
        == "is a pipe or a device, expected a file: a trace is read more than once")
  }

  @Test func mergedRowsAreCheckedToo() throws {
    let path = try trace(
      changedBy: """
        INSERT INTO merged VALUES (0, 0, 1);
        INSERT INTO merged_series VALUES (1, x'00', x'00', x'00');
        """)
    #expect(error(reading: path) == "row 1 of table merged_series is damaged")
  }
}
