import Foundation
import GzipIO
import Testing

@testable import GradientTrace

/// Traces of runs that go on, were killed or ran out of space.
@Suite struct UnfinishedTraceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aRunCanBeReadWhileItGoesOn() throws {
    let recorder = try TraceRecorder(to: folder.path("run.gradtrace"), header: FullRun.header)
    #expect(try Trace(contentsOf: recorder.runningPath).steps().isEmpty)
    for step in 0..<100 { try recorder.record(StepRecord(step: step)) }
    try waitForSteps(100, in: recorder.runningPath)
    // An open trace sees what is added, in the middle of a block too.
    let trace = try Trace(contentsOf: recorder.runningPath)
    for step in 100..<150 { try recorder.record(StepRecord(step: step)) }
    try waitForSteps(150, in: recorder.runningPath)
    #expect(try trace.steps().map(\.step) == Array(0..<150))
    // Whoever reads doesn't keep the run from finishing.
    try recorder.record(StepRecord(step: 150))
    try recorder.finish()
    #expect(try folder.contents() == ["run.gradtrace"])
    #expect(try Trace(contentsOf: recorder.path).steps().map(\.step) == Array(0...150))
    #expect(try trace.steps().count >= 150)
  }

  @Test func theFileAloneHoldsWhatWasCommitted() throws {
    let recorder = try TraceRecorder(to: folder.path("run.gradtrace"), header: FullRun.header)
    for step in 0..<100 { try recorder.record(StepRecord(step: step)) }
    try waitForSteps(100, in: recorder.runningPath)
    let copy = folder.path("copy.gradtrace")
    var next = 100
    try waitUntil {
      // A reader that was in a checkpoint's way is made up for by the checkpoint after the next steps.
      try recorder.record(StepRecord(step: next))
      next += 1
      try? FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: recorder.runningPath, toPath: copy)
      return (try? Trace(contentsOf: copy).steps().count >= 100) ?? false
    }
    try recorder.finish()
  }

  @Test func aKilledRunLeavesAllButItsLastSecond() async throws {
    let path = folder.path("run.gradtrace")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let recorder = try TraceRecorder(to: path, header: FullRun.header)
      for step in 0..<100 { try recorder.record(StepRecord(step: step, loss: 1)) }
      try waitForSteps(100, in: recorder.runningPath)
      for step in 100..<10_000 { try recorder.record(StepRecord(step: step, loss: 1)) }
      kill(getpid(), SIGKILL)
    }
    let left = try folder.contents()
    #expect(left.contains("run.running.gradtrace") && left.contains("run.running.gradtrace-wal"))
    let steps = try Trace(contentsOf: folder.path("run.running.gradtrace")).steps()
    #expect(steps.count >= 100)
    // Where the folder can't be written, a copy with the log is read.
    let copy = try TraceFile.copied(folder.path("run.running.gradtrace"))
    defer { try? FileManager.default.removeItem(at: copy) }
    #expect(try Trace(contentsOf: copy.appendingPathComponent("trace").path).steps() == steps)
    #expect(
      steps
        == (0..<steps.count).map {
          StepRecord(step: $0, loss: 1, layers: [nil, nil, nil, nil])
        })
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aKilledRunIsReadInAFolderThatCannotBeWritten() async throws {
    let inner = folder.url.appendingPathComponent("inner")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: false)
    let path = inner.appendingPathComponent("run.gradtrace").path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let recorder = try TraceRecorder(to: path, header: FullRun.header)
      for step in 0..<100 { try recorder.record(StepRecord(step: step)) }
      try waitForSteps(100, in: recorder.runningPath)
      kill(getpid(), SIGKILL)
    }
    let running = inner.appendingPathComponent("run.running.gradtrace").path
    // A copy may lack the index of the log, which can't be made here.
    try FileManager.default.removeItem(atPath: running + "-shm")
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: inner.path)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: inner.path)
    }
    #expect(try Trace(contentsOf: running).steps().count == 100)
  }

  @Test func aFullDiskEndsTheRecordingAndKeepsWhatIsCommitted() async throws {
    let path = folder.path("run.gradtrace")
    await #expect(processExitsWith: .success) { [path = path as String] in
      var run = SyntheticRun(widths: [20, 20, 10])
      let recorder = try TraceRecorder(to: path, header: run.header)
      for step in 0..<64 { try recorder.record(run.step(step)) }
      try waitForSteps(64, in: recorder.runningPath)
      // No file may grow past this; the signal that says so is ignored, so that writing fails as on a full disk.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      var failure: InputError?
      do {
        for step in 64..<100_000 { try recorder.record(run.step(step)) }
      } catch { failure = error as? InputError }
      precondition(failure?.file == path, "\(String(describing: failure))")
      precondition(
        failure?.message.hasPrefix("can't be written: ") == true,
        "\(String(describing: failure))")
      var again: InputError?
      do { try recorder.finish() } catch { again = error as? InputError }
      precondition(again == failure)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    var run = SyntheticRun(widths: [20, 20, 10])
    let steps = try Trace(contentsOf: folder.path("run.running.gradtrace")).steps()
    #expect(steps.count >= 64)
    #expect(steps == run.steps(steps.count))
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let path = folder.path("nowhere/run.gradtrace")
    #expect(throws: InputError(file: path, "can't be written: no such folder")) {
      try TraceRecorder(to: path, header: FullRun.header)
    }
    #expect(
      throws: InputError(
        file: folder.url.path, "is a folder, expected the name of a file to write")
    ) { try TraceRecorder(to: folder.url.path, header: FullRun.header) }
  }
}

/// Waits until the trace at `path` holds `count` steps.
func waitForSteps(_ count: Int, in path: String) throws {
  try waitUntil { try Trace(contentsOf: path).steps().count == count }
}

/// Asks again and again, for a minute at most.
private func waitUntil(_ condition: () throws -> Bool) throws {
  for _ in 0..<1_200 {
    if try condition() { return }
    usleep(50_000)
  }
  throw Timeout()
}

private struct Timeout: Error {}
