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

  /// A row that is filled anew at each step gives the trace that records of the same numbers give.
  @Test func rowsAreRecordedLikeRecords() throws {
    let header = TraceHeader(
      producer: "test", run: RunDescription(),
      layers: [
        LayerDescription(name: "input", kind: "input"),
        LayerDescription(
          name: "relu", kind: "relu", units: 2,
          parameters: [
            ParameterDescription(name: "weight", shape: [2, 3]),
            ParameterDescription(name: "bias", shape: [2], frozen: true),
          ]),
      ])
    let path = folder.path("rows.gradtrace")
    let recorder = try TraceRecorder(to: path, header: header)
    let row = StepRow(header)
    var records: [StepRecord] = []
    for step in 0..<200 {
      Self.fill(row, step: step)
      records.append(Self.record(step: step))
      #expect(row.record == records[step])
      try recorder.record(row)
    }
    try recorder.finish()
    #expect(try Trace(contentsOf: path).steps() == records)
  }

  /// A row's numbers and lists at a step: those of a window's end at every tenth.
  private static func fill(_ row: StepRow, step: Int) {
    let number = Double(step) + 0.5
    row.head = StepRecord(step: step, epoch: step / 50, loss: number, learningRate: 0.1)
    row.removeLists()
    let statistics = RowStatistics(
      count: 6, mean: number, rms: number + 1, max: .infinity, zeros: step, nonFinite: 1,
      subnormal: 2)
    var none = statistics
    none.count = 0
    row.set(layer: 0, silentUnits: nil, saturated: nil)
    row.set(activation: statistics, of: 0)
    row.set(delta: none, of: 0)
    row.set(layer: 1, silentUnits: step % 3, saturated: step % 2)
    row.set(activation: statistics, of: 1)
    row.set(delta: step % 2 == 0 ? statistics : none, of: 1)
    row.set(
      parameter: 0, of: 1, rms: number, nonFinite: 3, updateRMS: number / 2, gradient: statistics)
    row.set(frozenParameter: 1, of: 1, rms: number, nonFinite: 0)
    guard step % 10 == 9 else { return }
    row.add(activationHistogram: Self.counts, of: 1)
    row.add(deltaHistogram: Self.counts, of: 1)
    row.add(unitDeltas: [-1, 0.5], of: 1)
    row.add(gradientHistogram: Self.counts, of: 0, in: 1)
    row.add(deltaRMSByTime: [1, 0.25], of: 1)
    row.add(
      unitWindowOf: 1, steps: 10, activeCounts: [0, 300], lastActive: [-1, step],
      deltaMeans: [0, 2], chanceSilent: step == 9 ? 0.25 : nil)
  }

  /// The record of the same numbers.
  private static func record(step: Int) -> StepRecord {
    let number = Double(step) + 0.5, isEnd = step % 10 == 9
    var statistics = TensorStatistics(
      count: 6, mean: number, rms: number + 1, max: .infinity, zeros: step, nonFinite: 1,
      subnormal: 2)
    let input = LayerRecord(activation: statistics)
    var relu = LayerRecord(
      activation: statistics,
      parameters: [
        ParameterStatistics(
          rms: number, gradientRMS: number + 1, gradientMax: .infinity, gradientZeros: step,
          updateRMS: number / 2, nonFinite: 3, gradientNonFinite: 1,
          gradientHistogram: isEnd ? Log2Histogram(counts: counts) : nil),
        ParameterStatistics(rms: number, updateRMS: 0, nonFinite: 0, frozen: true),
      ], silentUnits: step % 3, saturated: step % 2)
    if step % 2 == 0 { relu.delta = statistics }
    if isEnd {
      statistics = TensorStatistics(histogram: Log2Histogram(counts: counts))
      relu.delta = statistics
      relu.activation?.histogram = Log2Histogram(counts: counts)
      relu.unitDeltas = [-1, 0.5]
      relu.deltaRMSByTime = [1, 0.25]
      relu.unitWindow = UnitWindow(
        steps: 10, activeCounts: [0, 300], lastActive: [nil, step], deltaMeans: [0, 2],
        chanceSilent: step == 9 ? 0.25 : nil)
    }
    return StepRecord(
      step: step, epoch: step / 50, loss: number, learningRate: 0.1, layers: [input, relu])
  }

  private static let counts = (0..<64).map { UInt32($0 * $0 % 200) }

  @Test func manyStepsComeBackInOrder() throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: run.header)
    let steps = run.steps(1_000)
    for step in steps { try recorder.record(step) }
    try recorder.finish()
    #expect(try Trace(contentsOf: path).steps() == steps)
  }

  /// A run of many layers attaches more times at once than the queue has room for, and no step after them.
  @Test(.timeLimit(.minutes(1))) func manyTimingsWaitForNoStep() throws {
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: FullRun.header)
    let layers = (0..<1_000).map { LayerTiming(layer: "dense-\($0)", forward: 1, backward: 2) }
    try recorder.attach(layers)
    try recorder.finish()
    let read = try Trace(contentsOf: path).timings()
    #expect(read.ofLayers(layers.map(\.layer)) == layers)
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
