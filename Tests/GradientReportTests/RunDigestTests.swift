import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

struct RunDigestTests {
  private let healthy = Diagnosis(
    verdict: .healthy, rootCause: nil, findings: [], passed: [], notChecked: [], steps: 0,
    reason: "")

  private func trace(_ steps: [StepRecord]) -> Trace {
    let weight = ParameterDescription(name: "weight", shape: [2, 2])
    let layers = [
      LayerDescription(name: "input", kind: "input"),
      LayerDescription(name: "a", kind: "dense", inputs: ["input"], units: 2, parameters: [weight]),
      LayerDescription(name: "b", kind: "dense", inputs: ["a"], units: 2, parameters: [weight]),
    ]
    return Trace(
      header: TraceHeader(producer: "test", run: RunDescription(), layers: layers), steps: steps)
  }

  private func step(_ number: Int, loss: Double = 1, a: Double = 1, b: Double = 1) -> StepRecord {
    func layer(_ size: Double) -> LayerRecord {
      LayerRecord(delta: TensorStatistics(count: 8, rms: size))
    }
    return StepRecord(step: number, loss: loss, examples: 4, layers: [nil, layer(a), layer(b)])
  }

  @Test func aLongRunTakesBoundedMemoryAndKeepsItsSpike() throws {
    let steps = (0..<20_000).map { step($0, loss: $0 == 12_345 ? 900 : 1) }
    let run = try RunDigest(trace(steps), healthy)
    #expect(run.stepCount == 20_000)
    #expect(run.columns.ranges.count <= 1024)
    #expect(run.loss.bins.count == run.columns.ranges.count)
    #expect(run.loss.bins.map(\.count).reduce(0, +) == 20_000)
    let column = try #require(run.columns.column(of: 12_345))
    #expect(run.loss.bins[column].high == 900)
    #expect(run.loss.bins.count { $0.high > 1 } == 1)
    #expect(run.stepRange == 0...19_999)
  }

  @Test func everyColumnFollowsTheOneBefore() throws {
    let run = try RunDigest(trace((0..<5000).map { step(3 * $0) }), healthy)
    for (range, next) in zip(run.columns.ranges, run.columns.ranges.dropFirst()) {
      #expect(range.upperBound + 3 == next.lowerBound)
    }
  }

  @Test func deltaIsItsNormPerExample() throws {
    let run = try RunDigest(trace([step(0, a: 0.5)]), healthy)
    // 8 elements of 4 examples: two an example, so √2 times the RMS.
    let value = try #require(run.delta[0].bins[0].mean)
    #expect(abs(value - -0.1505) < 1e-4)
    #expect(run.isDeltaPerExample)
  }

  @Test func zerosAndNonFiniteValuesAreKeptApart() throws {
    let run = try RunDigest(
      trace([step(0), step(1, a: 0), step(2, loss: .nan, a: .infinity, b: .nan), step(3)]), healthy)
    #expect(run.delta[0].bins.map(\.zeros) == [0, 1, 0, 0])
    #expect(run.delta[0].bins.map(\.nonFinite) == [0, 0, 1, 0])
    #expect(run.firstNonFiniteDelta == 2)
    #expect(run.firstNonFiniteLoss == 2)
    #expect(run.profile.steps == [0, 1, 3])
  }

  @Test func theProfileIsThatOfTheLastWindow() throws {
    let run = try RunDigest(trace((0..<200).map { step($0, a: $0 < 150 ? 1 : 100) }), healthy)
    #expect(run.profile.steps == Array(150..<200))
    let spread = try #require(run.profile.spread(of: 1))
    #expect(abs(spread.median - 2.1505) < 1e-4)
  }

  @Test func theProfileOfAFindingEndsWithIt() throws {
    var diagnosis = healthy
    diagnosis.rootCause = 0
    diagnosis.findings = [
      Finding(
        id: "vanishing-gradient", severity: .error, layer: "a", firstStep: 0, raisedAtStep: 9,
        lastStep: 99, statistic: "attenuation", value: 4, threshold: 3,
        cause: Cause(id: "unknown", text: ""), message: "", remedies: [])
    ]
    let run = try RunDigest(trace((0..<200).map { step($0) }), diagnosis)
    #expect(run.profile.steps.last == 99)
    diagnosis.findings[0].id = "exploding-gradient"
    #expect(try RunDigest(trace((0..<200).map { step($0) }), diagnosis).profile.steps == [0])
  }

  @Test func stepsThatAreAllNonFiniteAreCutShort() throws {
    let run = try RunDigest(
      trace((0..<1000).map { step($0, loss: $0 < 20 ? 1 : .nan) }), healthy)
    #expect(run.shownSteps == 0...40)
    #expect(run.stepCaption == "step (none of the 959 after these is finite)")
  }

  @Test func mergedStepsComeBeforeTheWholeOnes() throws {
    struct Outgrown: TraceSource {
      var merged: MergedSteps
      var whole: [StepRecord]
      func forEachStep(_ body: (StepRecord) throws -> Void) throws { try whole.forEach(body) }
      func forEachMergedStep(_ body: (MergedSteps) throws -> Void) throws { try body(merged) }
      func document(_ name: String) throws -> String? { nil }
    }
    let merged = MergedSteps(
      steps: 0...9, mean: step(0, loss: 3), minimum: step(0, loss: 2), maximum: step(0, loss: 70))
    let source = Outgrown(merged: merged, whole: (10..<20).map { step($0) })
    let run = try RunDigest(Trace(header: trace([]).header, source: source), healthy)
    #expect(run.stepCount == 20)
    #expect(run.stepRange == 0...19)
    #expect(run.columns.ranges[0] == 0...9)
    #expect(run.loss.bins[0].low == 2)
    #expect(run.loss.bins[0].high == 70)
    #expect(run.profile.steps == Array(10..<20))
  }

  @Test func anEmptyTraceHasNothingToShow() throws {
    let run = try RunDigest(trace([]), healthy)
    for entry in ChartCatalog.entries {
      #expect(throws: NotEnoughData.self) { try entry.type.init(run, healthy, about: nil) }
    }
  }
}
