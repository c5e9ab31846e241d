import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

/// The charts that were made for one finding: they show what it says.
struct EvidenceChartTests {
  private func finding(_ id: String, layer: String?, value: Double = 1) -> Finding {
    Finding(
      id: id, severity: .error, layer: layer, layers: [layer].compactMap(\.self), firstStep: 0,
      raisedAtStep: 0, lastStep: 99, statistic: "", value: value, threshold: 0,
      cause: Cause(id: "", text: ""), message: "", remedies: [])
  }

  private func chart<Kind: Chart>(
    _: Kind.Type, _ layers: [LayerDescription], _ steps: [StepRecord],
    about finding: Finding? = nil,
    name: String? = nil, paired: Trace? = nil
  ) throws -> Kind {
    var diagnosis = SampleRun.healthy().diagnosis
    if let finding {
      diagnosis = Diagnosis(
        verdict: .error, rootCause: 0, findings: [finding], passed: [], notChecked: [], steps: 100,
        reason: "")
    }
    let header = TraceHeader(producer: "test", run: RunDescription(name: name), layers: layers)
    let run = try RunDigest(Trace(header: header, steps: steps), diagnosis, paired: paired)
    let chart = try Kind(run, diagnosis, about: finding)
    expectNoCollision(chart.drawing(), "\(Kind.self)")
    expectNoCollision(chart.drawing(theme: .standard.compact), "\(Kind.self), compact")
    return chart
  }

  private func texts(_ chart: some Chart, _ role: Text.Role) -> [String] {
    chart.drawing().texts.filter { $0.role == role }.map(\.string)
  }

  // MARK: - Units alike

  private let dense = [
    LayerDescription(
      name: "dense-1", kind: "dense", parameters: [ParameterDescription(name: "w", shape: [64, 9])]),
    LayerDescription(
      name: "dense-2", kind: "dense", inputs: ["dense-1"],
      parameters: [ParameterDescription(name: "w", shape: [10, 64])]),
  ]

  private func counted(_ distinct: [Int?], at step: Int) -> StepRecord {
    StepRecord(
      step: step,
      layers: distinct.map {
        LayerRecord(parameters: [ParameterStatistics(rms: 1, distinctRows: $0)])
      }
    )
  }

  @Test func unitsThatAreAlikeAreCounted() throws {
    let found = try chart(
      DistinctUnitsChart.self, dense, [counted([1, 10], at: 0), counted([nil, nil], at: 1)],
      about: finding("symmetric-initialization", layer: "dense-1"))
    #expect(found.title == "All units of dense-1 have the same weights")
    #expect(texts(found, .mark) == ["1 of 64", "10 of 10"])
    #expect(found.subtitle.contains("step 0"))
    let theme = Theme.standard
    let bars = found.drawing().elements.compactMap { element -> Frame? in
      guard case .rectangle(let frame, let color) = element,
        [theme.accent, theme.data].contains(color)
      else { return nil }
      return frame.x > 60 && frame.x < 200 ? frame : nil
    }
    #expect(bars.count == 2)
    #expect(abs(bars[1].width / bars[0].width - 10) < 0.01)
  }

  @Test func unitsThatDifferAreNoFinding() throws {
    #expect(
      try chart(DistinctUnitsChart.self, dense, [counted([64, 10], at: 0)]).title
        == "Every unit has weights of its own")
    // The last count is the one that is told.
    #expect(
      try chart(
        DistinctUnitsChart.self, dense, [counted([1, 10], at: 0), counted([3, 10], at: 49)]
      ).title == "3 of 64 units of dense-1 have weights of their own")
    #expect(throws: NotEnoughData("no counts of distinct rows of a weight in this trace")) {
      try chart(DistinctUnitsChart.self, dense, [counted([nil, nil], at: 0)])
    }
  }

  // MARK: - Clipping

  private func clipped(_ factor: Double?) -> [StepRecord] {
    (0..<60).map { step in
      StepRecord(
        step: step, loss: 1, clipFactor: factor,
        layers: [
          // √(576 · 0.25) = 12 and √(640 · 1/25.6) = 5.
          LayerRecord(parameters: [ParameterStatistics(rms: 1, gradientRMS: 0.5)]),
          LayerRecord(parameters: [
            ParameterStatistics(rms: 1, gradientRMS: (1 / 25.6).squareRoot())
          ]),
        ])
    }
  }

  @Test func theGradientStandsBesideWhatClippingLeavesOfIt() throws {
    let found = try chart(
      GradientNormChart.self, dense, clipped(0.01), about: finding("clipping-always-on", layer: nil)
    )
    #expect(found.title == "Clipping at 100 % of the steps cuts the gradient from 13 to 0.13")
    #expect(
      texts(found, .mark).filter { $0 != "clipping always on" } == [
        "gradient 13", "after clipping 0.13",
      ])
  }

  @Test func aGradientThatIsNotClippedIsNoFinding() throws {
    #expect(
      try chart(GradientNormChart.self, dense, clipped(1)).title
        == "The gradient, of norm 13, is never clipped")
    #expect(
      try chart(GradientNormChart.self, dense, clipped(nil)).title
        == "The gradient has a norm of 13")
    #expect(throws: NotEnoughData("no finite gradient of the weights in this trace")) {
      try chart(GradientNormChart.self, dense, [counted([1, 1], at: 0)])
    }
  }

  // MARK: - Two players

  private func falling(_ loss: (Int) -> Double) -> [StepRecord] {
    (0..<60).map { StepRecord(step: $0, loss: loss($0)) }
  }

  @Test func bothPlayersStandInOnePicture() throws {
    let other = Trace(
      header: TraceHeader(
        producer: "test", run: RunDescription(name: "discriminator"), layers: []),
      steps: falling { _ in 1e-4 })
    let imbalance = finding("adversarial-imbalance", layer: nil)
    let found = try chart(
      LossChart.self, [], falling { _ in 8 }, about: imbalance, name: "generator", paired: other)
    #expect(found.title == "Generator's loss ends at 8, discriminator's at 1e-4")
    #expect(texts(found, .mark).suffix(2) == ["generator", "discriminator"])
    #expect(texts(found, .caption).contains("loss, log scale"))
    // Alone it is a loss like any other.
    let alone = try chart(LossChart.self, [], falling { _ in 8 }, name: "generator")
    #expect(alone.title == "Training loss ends where it began: 8.00 after 60 steps")
    #expect(texts(alone, .mark) == ["training"])
  }

  // MARK: - Outputs of units

  private let outputs = [
    LayerDescription(name: "input", kind: "input", units: 3),
    LayerDescription(
      name: "dense", kind: "dense", inputs: ["input"], units: 4,
      parameters: [ParameterDescription(name: "w", shape: [4, 3])]),
  ]

  private func outputs(inputs: [Double], _ deviations: [Double], at step: Int = 49) -> StepRecord {
    StepRecord(
      step: step,
      layers: [
        LayerRecord(unitMeans: [1, 2, 3], unitDeviations: inputs),
        LayerRecord(unitMeans: [0, 0, 0, 0], unitDeviations: deviations),
      ])
  }

  @Test func anAnswerThatIsAlwaysTheSameIsShownWhereItBegins() throws {
    let collapse = finding("collapsed-output", layer: "dense")
    func title(_ inputs: [Double], _ record: LayerRecord) throws -> String {
      try chart(
        FeatureScaleChart.self, outputs,
        [
          StepRecord(
            step: 49, layers: [LayerRecord(unitMeans: [1, 2, 3], unitDeviations: inputs), record])
        ], about: collapse
      ).title
    }
    let constant = LayerRecord(unitMeans: [3, 4, 0, 0], unitDeviations: [0.03, 0.04, 0, 0])
    #expect(
      try title([0, 0, 0], constant)
        == "All examples look alike: none of the 3 features of input varies")
    // What goes in differs, so it is what comes out that is shown.
    #expect(
      try title([0, 1, 0], constant) == "dense answers alike: its units vary by 0.01 of their size")
  }

  @Test func dormantUnitsStandOut() throws {
    let record = outputs(inputs: [1, 1, 1], [1, 0.001, 2, 0.002])
    let found = try chart(
      FeatureScaleChart.self, outputs, [outputs(inputs: [1, 1, 1], [1, 1, 1, 1], at: 0), record],
      about: finding("dormant-units", layer: "dense", value: 0.5))
    #expect(found.title == "2 of 4 units of dense hardly say anything")
    #expect(found.subtitle.contains("step 49"))
    #expect(texts(found, .caption).contains("unit, counted from 0"))
    #expect(!texts(found, .caption).contains { $0.hasPrefix("healthy") })
    let theme = Theme.standard
    let bars = found.drawing().elements.count {
      if case .rectangle(_, theme.accent) = $0 { true } else { false }
    }
    #expect(bars == 2 + 1)  // one of them in the key
  }

  /// A unit's δ is measured at the end of each window: what lies between belongs to the nearer one.
  @Test func aMeasurementDoesNotReachBackToTheOneBefore() throws {
    let layers = [
      LayerDescription(name: "relu", kind: "relu", units: 2)
    ]
    let steps = (0..<50).map { step in
      StepRecord(
        step: step,
        layers: [LayerRecord(unitDeltas: step == 0 ? [1, -1] : step == 49 ? [0, 0] : nil)])
    }
    let found = try chart(UnitDeltasChart.self, layers, steps)
    let raster = try #require(
      found.drawing().elements.lazy.compactMap { element -> Raster? in
        if case .raster(let raster) = element { raster } else { nil }
      }.first)
    let isZero = raster.cells.prefix(raster.columns).map { $0 == Theme.standard.zero }
    let share = Double(isZero.count { $0 }) / Double(isZero.count)
    #expect(abs(share - 0.5) < 0.02)
    #expect(isZero.first == false && isZero.last == true)
  }
}
