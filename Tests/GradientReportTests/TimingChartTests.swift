import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

struct TimingChartTests {
  private struct Timed: TraceSource {
    let layers: [LayerTiming]

    func forEachStep(_ body: (StepRecord) throws -> Void) throws {}
    func document(_ name: String) throws -> String? { nil }
    func timings() throws -> [Timing] {
      layers.flatMap(\.timings) + [Timing(name: "training", seconds: 12)]
    }
  }

  private let diagnosis = SampleRun.healthy().diagnosis

  private func chart(_ layers: [LayerTiming]) throws -> TimingChart {
    let header = TraceHeader(
      producer: "test", run: RunDescription(),
      layers: layers.map { LayerDescription(name: $0.layer, kind: "dense") })
    let run = try RunDigest(Trace(header: header, source: Timed(layers: layers)), diagnosis)
    return try TimingChart(run, diagnosis, about: nil)
  }

  private func names(_ chart: TimingChart) -> [String] {
    chart.drawing().texts.filter { $0.role == .tick && $0.color == Theme.standard.ink }
      .map(\.string)
  }

  @Test func theSlowestLayerComesFirst() throws {
    let chart = try chart([
      LayerTiming(layer: "small", forward: 1e-4, backward: 1e-4),
      LayerTiming(layer: "large", forward: 2e-4, backward: 6e-4),
    ])
    #expect(chart.title == "large takes 80 % of the time in the layers, 1 ms a step")
    #expect(
      chart.alternativeText.hasSuffix(
        "70 % of that in the backward pass; large 800 µs, small 200 µs"))
    #expect(names(chart) == ["large", "small"])
    #expect(chart.drawing().texts.contains { $0.string == "800 µs, 80 %" })
  }

  @Test func manyLayersAreSummedUp() throws {
    let chart = try chart(
      (1...300).map { LayerTiming(layer: "dense-\($0)", forward: Double($0) * 1e-6, backward: nil) }
    )
    #expect(names(chart).count == 20)
    #expect(names(chart).first == "dense-300")
    #expect(names(chart).last == "281 others")
    expectNoCollision(chart.drawing(), "300 layers")
  }

  @Test func withoutTimesItSaysSo() throws {
    let missing = NotEnoughData(
      "no times of layers in this trace, which gradcheck's own training measures")
    #expect(throws: missing) { try chart([]) }
    #expect(throws: missing) {
      try chart([LayerTiming(layer: "a", forward: -1, backward: .nan)])
    }
  }
}
