import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

struct FeatureScaleChartTests {
  private let diagnosis = SampleRun.healthy().diagnosis

  private func chart(
    _ means: [Double], _ deviations: [Double], statistic: String? = nil
  ) throws -> FeatureScaleChart {
    let layers = [LayerDescription(name: "input", kind: "input", units: means.count)]
    let record = LayerRecord(unitMeans: means, unitDeviations: deviations)
    let header = TraceHeader(producer: "test", run: RunDescription(), layers: layers)
    let run = try RunDigest(
      Trace(header: header, steps: [StepRecord(step: 0, layers: [record]), StepRecord(step: 1)]),
      diagnosis)
    let finding = statistic.map {
      Finding(
        id: "unnormalized-input", severity: .error, layer: "input", firstStep: 0, raisedAtStep: 0,
        lastStep: 0, statistic: $0, value: 1, threshold: 1, cause: Cause(id: "", text: ""),
        message: "", remedies: [])
    }
    return try FeatureScaleChart(run, diagnosis, about: finding)
  }

  @Test func theTitleIsTheResult() throws {
    #expect(
      try chart([0, 0, 0], [1, 1, 1]).title
        == "The input's values have an RMS of 1; weights are made for 1")
    #expect(
      try chart([128, 128], [0, 0], statistic: "input-size").title
        == "Inputs are large: their RMS is 130 instead of 1")
    #expect(
      try chart([0, 0, 300], [1, 1, 0], statistic: "feature-spread").title
        == "Feature 2 is 300 times as large as the typical one")
    #expect(
      try chart([12, 12], [1, 1], statistic: "feature-offset").title
        == "Features lie far from zero: 12 deviations")
  }

  @Test func theLargestFeatureStandsOut() throws {
    let theme = Theme.standard
    let rectangles = try chart([0, 0, 300], [1, 1, 0]).drawing().elements
      .compactMap { element -> (Frame, Color)? in
        if case .rectangle(let frame, let color) = element { (frame, color) } else { nil }
      }
    let bars = rectangles.filter { $0.1 == theme.data || $0.1 == theme.accent }
    // Three bars, and the two in the key.
    #expect(bars.count { $0.1 == theme.data } == 3)
    #expect(bars.count { $0.1 == theme.accent } == 2)
  }

  @Test func manyFeaturesShareBars() throws {
    var deviations = [Double](repeating: 1, count: 20_000)
    deviations[12_345] = 1e6
    let drawing = try chart([Double](repeating: 0, count: 20_000), deviations).drawing()
    expectNoCollision(drawing, "20,000 features")
    #expect(drawing.elements.count < 1000)
  }

  @Test func withoutMeansItSaysSo() throws {
    #expect(throws: NotEnoughData("no means and deviations of an input in this trace")) {
      try chart([], [])
    }
    #expect(throws: NotEnoughData("no means and deviations of an input in this trace")) {
      try chart([.nan], [1])
    }
  }
}
