import Foundation
import GRDB
import Testing

/// Trace files that somebody tampered with, as the commands take them: one line on stderr, exit 2, nothing written.
///
/// The reader's own tests hold what it says of each lie.
@Suite struct HostileTraceFileTests {
  @Test(arguments: [
    (
      "PRAGMA application_id = 7",
      "an SQLite database, but not a trace: found application id 7, expected 1198675058"
    ),
    ("PRAGMA user_version = 2", "found version 2 of the trace format, expected at most 1"),
    (
      "DROP TABLE timing; CREATE VIEW timing AS SELECT 'a' AS name, 1 AS seconds",
      "timing is not a plain table, as it is in every trace"
    ),
    ("DROP TABLE unit_window", "the trace has no table unit_window"),
    // A BLOB that is longer, and one that is shorter than its columns say.
    (
      "UPDATE series SET data = zeroblob(100000000) WHERE id = 1",
      "row 1 of table series is damaged"
    ),
    (
      "UPDATE series SET data = substr(data, 2) WHERE id = 1", "row 1 of table series is damaged"
    ),
    // Counts that would take all memory.
    (
      "UPDATE unit_window SET active = x'ffffffffffffffffff7f'",
      "row 0 of table unit_window is damaged"
    ),
    (
      "UPDATE layer SET id = 1000000000 WHERE id = 3", "row 3 of table layer is damaged"
    ),
    (
      """
      INSERT INTO layer WITH RECURSIVE n(id) AS (SELECT 4 UNION ALL SELECT id + 1 FROM n \
      WHERE id < 20000) SELECT id, 'l' || id, 'dense', '[]', 1 FROM n
      """,
      "found 20001 layers, expected at most 10000"
    ),
    // Places outside of what they are places in.
    (
      "UPDATE unit_window SET layer = 4000000000", "row 0 of table unit_window is damaged"
    ),
    ("UPDATE parameter SET layer = 99 WHERE layer = 1", "table parameter is damaged"),
    ("UPDATE statistic SET layer = 77 WHERE layer = 2", "row 14 of table statistic is damaged"),
    (
      "UPDATE statistic SET place = 1 WHERE tensor = 'parameter'",
      "row 10 of table statistic is damaged"
    ),
    // A name with control characters, which a terminal would obey.
    (
      "UPDATE layer SET name = char(27) || '[2J' || char(10) || 'fc1' WHERE id IN (1, 2)",
      #"found two layers named "\u{1b}[2J\u{a}fc1", expected one"#
    ),
  ])
  func aLieIsRefused(_ sql: String, _ message: String) throws {
    let command = try trace(changedBy: sql)
    defer { command.clean() }
    let before = command.files
    for arguments in [
      ["diagnose", "run.gradtrace"], ["report", "run.gradtrace", "--output", "report"],
      ["export", "run.gradtrace", "--format", "jsonl", "--output", "again.jsonl"],
    ] {
      let result = try command.call(arguments)
      #expect(result.errors == "gradcheck: run.gradtrace: \(message)\n")
      #expect(result.status == 2)
      #expect(command.files == before)
    }
  }

  /// What does no harm is no reason to refuse a trace: nothing of it is run, and names are shown, not obeyed.
  @Test(arguments: [
    """
    CREATE VIEW bad AS SELECT load_extension('x') FROM step;
    CREATE TRIGGER worse AFTER INSERT ON step BEGIN DELETE FROM series; END
    """,
    "UPDATE layer SET name = char(27) || '[2J' || char(10) || '# fc1' WHERE id = 1",
  ])
  func whatDoesNoHarmIsJudged(_ sql: String) throws {
    let command = try trace(changedBy: sql)
    defer { command.clean() }
    let result = try command("report", "run.gradtrace", "--output", "report")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("  Health     healthy   "))
    let page = try command.text(of: "report/report.md")
    for text in [result.output, page] {
      #expect(!text.contains("\u{1b}") && !text.contains("\n# fc1"))
    }
  }

  /// A folder with a good trace of 60 steps, changed by SQL.
  private func trace(changedBy sql: String) throws -> Command {
    let command = try Command()
    try command.write(SmallLog().text, to: "run.jsonl")
    #expect(try command("import", "run.jsonl", "--output", "run.gradtrace").status == 0)
    let path = command.folder.appending(path: "run.gradtrace").path
    let database = try DatabaseQueue(path: path)
    try database.writeWithoutTransaction { try $0.execute(sql: sql) }
    try database.close()
    return command
  }
}
