import Foundation
import GradientTrace
import GzipIO
import Testing

@Suite struct TraceRecorderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func everyFieldComesBack() throws {
    let path = folder.path("full.gradtrace")
    let recorder = try TraceRecorder(to: path, header: FullRun.header)
    for step in FullRun.steps { try recorder.record(step) }
    try recorder.attach(document: #"{"verdict":"pass"}"#, named: "check")
    try recorder.attach(seconds: 1.5, named: "training")
    try recorder.finish()

    let trace = try Trace(contentsOf: path)
    #expect(trace.header == FullRun.header)
    let steps = try trace.steps()
    #expect(steps.count == FullRun.steps.count)
    for (read, written) in zip(steps, FullRun.steps) {
      #expect(read.isSame(as: written), "\(read) is not \(written)")
    }
    #expect(try trace.document("check") == #"{"verdict":"pass"}"#)
    #expect(try trace.document("training") == nil)
    #expect(try trace.documentNames() == ["check"])
  }

  @Test func aFinishedTraceIsOneFileUnderItsName() throws {
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: FullRun.header)
    #expect(recorder.runningPath == folder.path("run.running.gradtrace"))
    #expect(try folder.contents().contains("run.running.gradtrace"))
    try recorder.record(FullRun.steps[0])
    try recorder.finish()
    try recorder.finish()
    #expect(try folder.contents() == ["run.gradtrace"])
  }

  @Test func anEarlierTraceStaysUntilTheNewOneIsComplete() throws {
    let path = try folder.file("run.gradtrace", "the earlier one")
    let recorder = try TraceRecorder(to: path, header: FullRun.header)
    try recorder.record(FullRun.steps[0])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "the earlier one")
    try recorder.close()
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "the earlier one")
    #expect(try folder.contents() == ["run.gradtrace", "run.running.gradtrace"])
    #expect(try Trace(contentsOf: recorder.runningPath).steps().count == 1)
  }

  /// A run that fills its records in place gets back those that were written, and the trace is the same.
  @Test func exchangedRecordsAreRecordedAlike() throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: run.header)
    let steps = run.steps(1_000)
    for step in steps {
      var record = step
      try recorder.record(exchanging: &record)
      #expect(record.layers.count == run.header.layers.count)
    }
    try recorder.finish()
    #expect(try Trace(contentsOf: path).steps() == steps)
  }

  @Test func manyStepsComeBackInOrder() throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: run.header)
    let steps = run.steps(1_000)
    for step in steps { try recorder.record(step) }
    try recorder.finish()
    #expect(try Trace(contentsOf: path).steps() == steps)
  }

  @Test func stepsMustAscend() throws {
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: FullRun.header)
    try recorder.record(StepRecord(step: 3))
    #expect(
      throws: InputError(
        file: path, "step 3 was recorded after step 3, expected ascending steps")
    ) { try recorder.record(StepRecord(step: 3)) }
    try recorder.finish()
    #expect(throws: InputError(file: path, "the trace is closed already")) {
      try recorder.record(StepRecord(step: 4))
    }
  }

  @Test func aTraceTakesAtMost300BytesAWeightLayerAndStep() throws {
    var run = SyntheticRun(widths: [784, 512, 512, 512, 10])
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: run.header)
    for step in 0..<1_000 { try recorder.record(run.step(step)) }
    try recorder.finish()
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    let bytes = try #require(size) / 4 / 1_000
    #expect(bytes <= 300)
  }
}
