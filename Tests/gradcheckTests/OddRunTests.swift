import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Runs with next to nothing in them, as those commands take them that show a run.
@Suite struct OddRunTests {
  /// A log, and the charts that can't be drawn of it.
  struct Odd: Sendable, CustomTestStringConvertible {
    let name: String
    let missing: [String: String]
    let log: String

    init(_ name: String, missing: [String: String], _ change: (inout SmallLog) -> Void) {
      self.name = name
      self.missing = missing
      log = SmallLog.changed(change)
    }

    var testDescription: String { name }
  }

  private static let noUnits = "no per-unit counts of a layer with a zero branch in this trace"
  private static let noSize = "no finite δ of a layer with weights in this trace"
  private static let noUpdates = "no updates of a weight in this trace"

  static let runs = [
    Odd(
      "no step",
      missing: [
        "loss": "no loss in this trace", "gradient-flow": noSize,
        "delta-map": "no δ of a layer with weights in this trace", "update-ratio": noUpdates,
        "dead-units": noUnits,
      ]
    ) { $0.steps = [] },
    Odd(
      "one step",
      missing: ["loss": "the loss is finite at one step alone", "dead-units": noUnits]
    ) {
      $0.steps.removeLast(59)
    },
    Odd(
      "one layer",
      missing: ["gradient-flow": "δ of one layer alone, depth needs two", "dead-units": noUnits]
    ) {
      $0.header = $0.header.replacing(/,{"name":"act".*]}\]}$/, with: "]}")
    },
    Odd("all equal", missing: [:]) { $0.setLoss("2.3") },
    // Weights that are zero, and stay so, stand still: that is a picture.
    Odd("all zero", missing: [:]) {
      for value in ["0.5", "1.5", "0.01", "0.1", "0.3", "0.001"] {
        $0.replace(":\(value),", with: ":0,")
      }
      $0.replace("[60,50,40,70]", with: "[0,0,0,0]")
      $0.setLoss("0")
    },
    Odd(
      "all NaN",
      missing: [
        "loss": "the loss is finite at no step", "gradient-flow": noSize,
        "update-ratio": "no finite update of a weight in this trace", "dead-units": noUnits,
      ]
    ) {
      for value in ["0.5", "1.5", "0.01", "0.1", "0.3", "0.001"] {
        $0.replace(":\(value),", with: #":"NaN","#)
      }
      $0.replace(#""nonFinite":0"#, with: #""nonFinite":32"#)
      $0.setLoss(#""NaN""#)
    },
  ]

  @Test(arguments: runs)
  func aChartIsDrawnOrSaysWhatIsMissing(_ run: Odd) throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(run.log, to: "run.jsonl")
    let ids = [
      "overview", "loss", "gradient-flow", "delta-map", "update-ratio", "dead-units",
    ]
    for id in ids {
      let result = try command("chart", "run.jsonl", id, "--output", "\(id).svg")
      if let reason = run.missing[id] {
        #expect(
          result.errors
            == "gradcheck: run.jsonl: the chart \"\(id)\" can't be drawn: \(reason)\n")
        #expect(result.status == 2 && !command.has("\(id).svg"))
      } else {
        #expect(result.status == 0 && result.errors == "", "\(id)")
        let parser = XMLParser(data: Data(try command.text(of: "\(id).svg").utf8))
        #expect(parser.parse(), "\(id): \(parser.parserError.map { "\($0)" } ?? "")")
      }
    }
  }

  @Test(arguments: runs)
  func itIsReportedAndWatched(_ run: Odd) throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(run.log, to: "run.jsonl")
    let judged = try command("diagnose", "run.jsonl").status
    for format in ["markdown", "html"] {
      let result = try command("report", "run.jsonl", "--output", "out", "--format", format)
      #expect(result.status == judged && result.errors == "")
    }
    let watched = try command("watch", "run.jsonl", "--once")
    #expect(watched.status == 0 && watched.errors == "")
    #expect(watched.output.hasPrefix("  Run        run.jsonl\n  Step       "))
  }

  @Test func runsAreComparedWhereTheyHaveSteps() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(SmallLog().text, to: "run.jsonl")
    for run in Self.runs {
      try command.write(run.log, to: "odd.jsonl")
      let result = try command("compare", "run.jsonl", "odd.jsonl", "--output", "out")
      if run.name == "no step" {
        #expect(
          result.errors == "gradcheck: odd.jsonl: has no step in common with run.jsonl\n")
        #expect(result.status == 2 && !command.has("out"))
      } else {
        #expect(result.status == 0 && result.errors == "", "\(run.name)")
        #expect(result.output.contains("  After      odd.jsonl\n"))
      }
    }
  }

  // MARK: Where the output goes

  @Test(arguments: [["report", "run.jsonl"], ["compare", "run.jsonl", "run.jsonl"]])
  func aFileIsNoFolder(arguments: [String]) throws {
    let files = ["run.jsonl": SmallLog().text, "file": "mine"]
    try expect(
      arguments + ["--output", "file"],
      toFailWith: "file: is a file, expected a folder to write the report to", files: files)
    try expect(
      arguments + ["--output", "file/report"],
      toFailWith: "file/report: the folder can't be made: not a directory", files: files)
  }

  @Test func aFolderIsNoFile() throws {
    let files = ["run.jsonl": SmallLog().text, "a.png/file": "mine"]
    try expect(
      ["chart", "run.jsonl", "--output", "a.png"],
      toFailWith: "a.png: is a folder, expected the name of a file to write", files: files)
    try expect(
      ["chart", "run.jsonl", "--output", "a.png/file/b.png"],
      toFailWith: "a.png/file/b.png: can't be written: not a directory", files: files)
  }

  /// Root may write anywhere.
  @Test(.enabled(if: getuid() != 0))
  func aFolderThatMayNotBeWritten() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(SmallLog().text, to: "run.jsonl")
    try command.shell("mkdir locked && chmod 555 locked")
    for (arguments, message) in [
      (["report", "run.jsonl", "--output", "locked/a"], "locked/a: the folder can't be made"),
      (["report", "run.jsonl", "--output", "locked"], "locked: the folder can't be written"),
      (["chart", "run.jsonl", "--output", "locked/a.png"], "locked/a.png: can't be written"),
    ] {
      let result = try command.call(arguments)
      #expect(result.errors == "gradcheck: \(message): permission denied\n")
      #expect(result.status == 2)
    }
  }

  // MARK: Fonts

  @Test func aMissingFontIsToldOnce() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(SmallLog().text, to: "run.jsonl")
    let environment = ["GRADCHECK_FONTS": command.folder.path]
    let message =
      "gradcheck: no DejaVuSans.ttf in \(command.folder.path): charts are set in a small font of "
      + "Latin letters alone; install fonts-dejavu-core, or name the font's folder in "
      + "GRADCHECK_FONTS\n"
    let report = try command(
      "report", "run.jsonl", "--output", "report", environment: environment)
    #expect(report.errors == message && report.status == 0)
    let chart = try command(
      "chart", "run.jsonl", "--output", "a.png", environment: environment)
    #expect(chart.errors == message && chart.status == 0)
    // A browser has fonts of its own.
    let picture = try command(
      "chart", "run.jsonl", "--output", "a.svg", environment: environment)
    #expect(picture.errors == "" && picture.status == 0)
  }
}
