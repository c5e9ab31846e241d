import Foundation
import GRDB
import GradientTrace
import GzipIO
import Testing

/// A trace file is read a block of 64 steps ahead; nobody may notice.
@Suite(.timeLimit(.minutes(1))) struct ReadAheadTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The path of a trace of 200 steps, which lie in four blocks.
  private func fourBlocks() throws -> String {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: run.header)
    for step in run.steps(200) { try recorder.record(step) }
    try recorder.finish()
    return path
  }

  @Test func theStepsBeforeADamagedBlockAreGivenFirst() throws {
    let path = try fourBlocks()
    let row = try DatabaseQueue(path: path).write { db in
      let row = try #require(
        try Int64.fetchOne(
          db, sql: "SELECT min(id) FROM series WHERE id >= ?", arguments: [2 << 32]))
      try db.execute(sql: "UPDATE series SET data = x'00' WHERE id = ?", arguments: [row])
      return row
    }
    let trace = try Trace(contentsOf: path)
    var seen: [Int] = []
    #expect(throws: InputError(file: path, "row \(row) of table series is damaged")) {
      try trace.forEachStep { seen.append($0.step) }
    }
    #expect(seen == Array(0..<128))
  }

  @Test func theTraceMayBeAskedForSomethingElseMeanwhile() throws {
    let trace = try Trace(contentsOf: try fourBlocks())
    var seen: [Int] = []
    try trace.forEachStep { step in
      seen.append(step.step)
      let document = try trace.document("check")
      #expect(document == nil)
    }
    #expect(seen == Array(0..<200))
  }

  @Test func aPassThatIsGivenUpLeavesTheTraceToTheNext() throws {
    struct Enough: Error {}
    let trace = try Trace(contentsOf: try fourBlocks())
    var seen: [Int] = []
    for _ in 0..<2 {
      #expect(throws: Enough.self) {
        try trace.forEachStep { step in
          seen.append(step.step)
          if step.step == 69 { throw Enough() }
        }
      }
    }
    #expect(seen == Array(0..<70) + Array(0..<70))
  }

  /// The memory of a block is used again for the one after the next, whether somebody keeps a step of it or not.
  @Test(arguments: [1, 7, 1_000])
  func nothingOfAnEarlierBlockStays(keepingEvery interval: Int) throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: run.header)
    var records = run.steps(400)
    for index in records.indices {
      // A layer that stops, one that begins late, and a histogram that comes once.
      if index >= 60 { records[index].layers[1] = nil }
      if index < 300 { records[index].layers[2] = nil }
      if index != 20 { records[index].layers[3]?.activation?.histogram = nil }
      try recorder.record(records[index])
    }
    try recorder.finish()
    var kept: [StepRecord] = []
    try Trace(contentsOf: path).forEachStep { step in
      #expect(step == records[step.step])
      if step.step % interval == 0 { kept.append(step) }
    }
    #expect(kept == records.filter { $0.step % interval == 0 })
  }

  @Test func statisticsThatAreAddedWhileTheRunGoesOnAreRead() throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let recorder = try TraceRecorder(to: folder.path("run.gradtrace"), header: run.header)
    defer { recorder.discard() }
    var records = run.steps(128)
    // What the first block does not hold gets a number only when the second one is written.
    for index in records.indices { records[index].layers[1]?.saturated = index < 64 ? nil : index }
    for record in records[..<64] { try recorder.record(record) }
    let trace = try waitForSteps(64, of: recorder.runningPath)
    var later: [StepRecord] = []
    for record in records[64...] { try recorder.record(record) }
    _ = try waitForSteps(128, of: recorder.runningPath)
    try trace.forEachStep { later.append($0) }
    #expect(later.map { $0.layers[1]?.saturated } == records.map { $0.layers[1]?.saturated })
  }

  /// Opens the trace of a run that goes on once it holds so many steps, and reads it through.
  private func waitForSteps(_ count: Int, of path: String) throws -> Trace {
    while true {
      let trace = try Trace(contentsOf: path)
      var seen = 0
      try trace.forEachStep { _ in seen += 1 }
      if seen >= count { return trace }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }
}
