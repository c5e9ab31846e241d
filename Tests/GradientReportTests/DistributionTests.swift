import Foundation
import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

struct DistributionTests {
  /// A histogram with so many magnitudes in some bins.
  private func histogram(_ counts: [Int: UInt32]) -> Log2Histogram {
    var all = [UInt32](repeating: 0, count: Log2Histogram.binCount)
    for (bin, count) in counts { all[bin] = count }
    return Log2Histogram(counts: all)
  }

  @Test func percentilesLieEvenlyWithinABin() throws {
    // 100 magnitudes between 0.5 and 1.
    let distribution = Distribution(histogram([47: 100]), zeros: 900)
    #expect(distribution.total == 1000)
    #expect(distribution.share(distribution.zeros) == 0.9)
    for share in [0.0, 0.25, 1] {
      let value = try #require(distribution.percentile(share))
      #expect(abs(value - log10(2) * (share - 1)) < 1e-12)
    }
  }

  @Test func percentilesPassOverEmptyBins() throws {
    let distribution = Distribution(histogram([10: 30, 40: 70]))
    #expect(try #require(distribution.percentile(0.29)) < Distribution.start(ofBin: 11))
    #expect(try #require(distribution.percentile(0.31)) > Distribution.start(ofBin: 40))
  }

  /// Bins know a magnitude to a factor of 2; nothing lies above the largest that was recorded.
  @Test func noPercentileExceedsTheLargestMagnitude() throws {
    // Of 1 to 2, where all are 1, as of a tanh.
    let tanh = Distribution(histogram([48: 10]), largest: 1)
    #expect(try #require(tanh.percentile(0.5)) == 0)
    let some = Distribution(histogram([47: 50, 48: 50]), largest: 1.5)
    #expect(abs(try #require(some.percentile(1)) - log10(1.5)) < 1e-12)
    #expect(abs(try #require(some.percentile(0.75)) - log10(1.5) / 2) < 1e-12)
    // Below the bin it can't be: a trace from outside may say so.
    #expect(try #require(Distribution(histogram([48: 1]), largest: 1e-9).percentile(1)) == 0)
    #expect(Distribution(histogram([48: 1]), largest: .nan).largest == nil)
  }

  @Test func whatHasNoMagnitudesHasNoPercentile() {
    #expect(Distribution(histogram([:]), zeros: 5).percentile(0.5) == nil)
    #expect(Distribution(histogram([:])).share(1) == 0)
  }

  @Test func countsThatNoTensorHasDoNoHarm() {
    let distribution = Distribution(
      histogram([3: .max]), zeros: .max, nonFinite: .max, subnormal: -1, saturated: .max)
    #expect(distribution.total > 1 << 48)
    #expect(distribution.share(.max) == 1)
    #expect(distribution.subnormal == 0)
  }

  private let layers = [
    LayerDescription(name: "input", kind: "input", units: 2),
    LayerDescription(
      name: "a", kind: "dense", inputs: ["input"], units: 2,
      parameters: [
        ParameterDescription(name: "one", shape: [2, 2]),
        ParameterDescription(name: "other", shape: [2, 2]),
        ParameterDescription(name: "bias", shape: [2]),
      ]),
    LayerDescription(name: "tanh", kind: "tanh", inputs: ["a"], units: 2),
  ]

  private func step(_ number: Int, bin: Int, nonFinite: Int = 0) -> StepRecord {
    let gradient = ParameterStatistics(
      gradientZeros: 1, gradientHistogram: histogram([bin: 3]))
    return StepRecord(
      step: number, loss: 1,
      layers: [
        nil,
        LayerRecord(
          delta: TensorStatistics(
            zeros: 1, nonFinite: nonFinite, subnormal: 2, histogram: histogram([0: 2, bin: 5])),
          parameters: [gradient, gradient, gradient]),
        LayerRecord(
          activation: TensorStatistics(histogram: histogram([bin: 8])), saturated: 4),
      ])
  }

  private func digest(_ steps: [StepRecord], judgedStep: Int? = nil) throws -> RunDigest {
    var diagnosis = SampleRun.healthy().diagnosis
    if let judgedStep {
      diagnosis = SampleRun.symmetric().diagnosis
      diagnosis.findings[0].layer = "a"
      diagnosis.findings[0].lastStep = judgedStep
    }
    let header = TraceHeader(producer: "test", run: RunDescription(), layers: layers)
    return try RunDigest(Trace(header: header, steps: steps), diagnosis)
  }

  @Test func everyTensorOfTheLastWindowIsKept() throws {
    let run = try digest([step(49, bin: 20), StepRecord(step: 50), step(99, bin: 30)])
    let found = run.distributions
    #expect(found.window(.gradient)?.step == 99)
    let gradient = try #require(found.judged(.gradient, of: 1))
    // Two weights; a bias isn't one.
    #expect(gradient.counts[30] == 6 && gradient.zeros == 2)
    let delta = try #require(found.judged(.delta, of: 1))
    #expect(delta.subnormal == 2 && delta.total == 8)
    #expect(found.judged(.activation, of: 2)?.saturated == 4)
    #expect(found.judged(.activation, of: 1) == nil)
    #expect(found.fans.map(\.layer) == [2, 1])
    #expect(found.fans[0].percentiles[2].bins.count == 2)
  }

  @Test func theWindowOfAFindingIsThatBeforeItsEnd() throws {
    let steps = [step(49, bin: 20), step(99, bin: 30), step(149, bin: 40)]
    #expect(try digest(steps, judgedStep: 120).distributions.window(.delta)?.step == 99)
    // Where none ends that early the first has to do.
    #expect(try digest(steps, judgedStep: 3).distributions.window(.delta)?.step == 49)
  }

  @Test func finiteWindowsAreJudgedRatherThanOthers() throws {
    let steps = [
      step(49, bin: 20), step(99, bin: 30), step(149, bin: 40, nonFinite: 1),
    ]
    let found = try digest(steps).distributions
    #expect(found.window(.delta)?.step == 99)
    #expect(found.window(.delta)?.later == .partlyFinite)
    // What is finite all along is judged at the end, whatever becomes of the rest.
    #expect(found.window(.activation)?.step == 149)
    #expect(found.window(.activation)?.later == nil)
    #expect(try digest([steps[2]]).distributions.window(.delta)?.step == 149)
  }

  @Test func aLongRunTakesBoundedMemoryAndKeepsItsSpike() throws {
    let run = try digest((0..<5000).map { step($0, bin: $0 == 3210 ? 60 : 20) })
    #expect(run.distributions.columns.ranges.count <= 512)
    let median = run.distributions.fans[0].percentiles[2]
    #expect(median.bins.count == run.distributions.columns.ranges.count)
    #expect(median.bins.count { $0.high > 3 } == 1)
  }
}
