import Foundation
import GRDB
import GzipIO
import Testing

@testable import GradientTrace

/// Holds Documentation/trace.md against the code.
@Suite struct DocumentationTests {
  private let page: String

  init() throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    page = try String(
      contentsOf: root.appendingPathComponent("Documentation/trace.md"), encoding: .utf8)
  }

  private func blocks(_ language: String) -> [String] {
    page.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }

  @Test func theJSONExampleIsALog() throws {
    let folder = try TemporaryFolder()
    let lines = blocks("json").joined()
    let trace = try Trace(contentsOf: folder.file("run.jsonl", lines))
    #expect(trace.header.layers.map(\.inputs) == [[], ["input"], ["fc0"]])
    let steps = try trace.steps()
    #expect(steps.map(\.step) == [0, 1])
    #expect(steps[0].layers[1]?.delta?.rms == Double(Float(0.064)))
    #expect(steps[0].layers[2]?.unitWindow?.activeCounts == [50, 31, 41])
    #expect(steps[1].loss?.isNaN == true)
  }

  @Test func theCSVExampleIsWhatIsWritten() throws {
    let folder = try TemporaryFolder()
    let trace = try Trace(contentsOf: folder.file("run.jsonl", blocks("json").joined()))
    var csv: [UInt8] = []
    try trace.writeCSV { csv += $0 }
    let rows = String(decoding: csv, as: UTF8.self).split(separator: "\n")
    for row in try #require(blocks("csv").first).split(separator: "\n") {
      #expect(rows.contains(row))
    }
  }

  @Test func theTablesAreThoseOfATraceAndTheQueriesRun() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("run.gradtrace")
    try Trace(header: FullRun.header, steps: FullRun.steps).writeTrace(to: path)
    let database = try DatabaseQueue(path: path)
    let tables = try database.read {
      try String.fetchAll($0, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table'")
    }
    #expect(blocks("sql").last == tables.map { $0 + ";\n" }.joined())
    let queries = try #require(blocks("sql").first).split(separator: ";")
    #expect(queries.count > 1)
    for query in queries where query.contains("SELECT") {
      let rows = try database.read { try Row.fetchAll($0, sql: String(query)) }
      #expect(!rows.isEmpty)
    }
  }

  @Test func everyStatisticIsExplained() {
    let names =
      TensorStatistics.fields.map(\.name) + LayerRecord.fields.map(\.name)
      + ParameterStatistics.fields.map(\.name) + StepRecord.fields.map(\.name)
    for name in names { #expect(page.contains("`\(name)`"), "\(name)") }
  }

  /// Down to the last key of a run that has recorded everything.
  @Test func everyKeyThatIsWrittenIsExplained() throws {
    var log: [UInt8] = []
    try Trace(header: FullRun.header, steps: FullRun.steps).writeJSONLines { log += $0 }
    // Under these stand names, of settings or (in a step, where it is no list) of layers and parameters.
    let named: Set = ["settings", "layers", "parameters"]
    var keys: Set<String> = []
    func collect(_ value: Any, under key: String) {
      if let list = value as? [Any] { for item in list { collect(item, under: "") } }
      for (inner, value) in value as? [String: Any] ?? [:] {
        if !named.contains(key) { keys.insert(inner) }
        collect(value, under: named.contains(key) ? "" : inner)
      }
    }
    for line in log.split(separator: UInt8(ascii: "\n")) {
      collect(try JSONSerialization.jsonObject(with: Data(line)), under: "")
    }
    #expect(keys.count > 40)
    for key in keys { #expect(page.contains("`\(key)`") || page.contains("\"\(key)\":"), "\(key)") }
  }
}
