import Foundation
import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

/// The charts of distributions: what they say, and what they draw.
struct DistributionChartTests {
  private func chart(_ id: String, of sample: SampleRun) throws -> any Chart {
    let entry = try #require(ChartCatalog.entry(id: id))
    let about = sample.diagnosis.findings.first { entry.symptoms.contains($0.id) }
    return try entry.type.init(
      RunDigest(sample.trace, sample.diagnosis), sample.diagnosis, about: about)
  }

  private func title(_ id: String, of sample: SampleRun) throws -> String {
    try chart(id, of: sample).title
  }

  private func polygons(_ drawing: Drawing) -> [Color] {
    drawing.elements.compactMap { if case .polygon(_, let color) = $0 { color } else { nil } }
  }

  private func texts(_ chart: any Chart, _ role: Text.Role) -> [String] {
    chart.drawing().texts.filter { $0.role == role }.map(\.string)
  }

  @Test func ridgesSayHowMagnitudesChangeOverDepth() throws {
    let gradients = try title("gradient-ridges", of: .vanishing())
    #expect(gradients.hasPrefix("Weight gradients lose 6."))
    #expect(gradients.hasSuffix(" decades from dense-13 to dense-1"))
    #expect(try title("delta-ridges", of: .vanishing()).hasPrefix("Elements of δ lose 6."))
    #expect(
      try title("activation-ridges", of: .healthy())
        == "Outputs keep their size from relu-1 to relu-2, within 0.1 decades")
  }

  @Test func ridgesSayWhatIsBroken() throws {
    #expect(
      try title("activation-ridges", of: .saturated())
        == "90 % of the outputs of tanh-1 stand at its flat ends")
    #expect(
      try title("delta-ridges", of: .subnormal())
        == "80 % of the elements of δ of dense-1 are too small for full precision")
    #expect(
      try title("gradient-ridges", of: .blocked())
        == "All weight gradients of dense-1 and dense-2 are exactly zero")
    #expect(throws: NotEnoughData("no finite weight gradients in any window of this trace")) {
      try title("gradient-ridges", of: .exploding())
    }
  }

  /// Once there is nothing to draw any more, the last window that has something is drawn, and its step told.
  @Test(arguments: [
    (Double.nan, "the last with finite values alone"), (0, "the last with other values than zeros"),
  ])
  func ridgesShowTheLastWindowThatHasSome(value: Double, reason: String) throws {
    var sample = SampleRun.healthy()
    var steps: [StepRecord] = []
    try sample.trace.forEachStep { steps.append($0) }
    for step in steps.indices where step >= 100 {
      for layer in steps[step].layers.indices
      where steps[step].layers[layer]?.delta?.histogram != nil {
        steps[step].layers[layer]?.delta?.histogram = Log2Histogram(
          counts: .init(repeating: 0, count: Log2Histogram.binCount))
        steps[step].layers[layer]?.delta?.zeros = value == 0 ? 64 : 0
        steps[step].layers[layer]?.delta?.nonFinite = value == 0 ? 0 : 64
      }
    }
    sample.trace = Trace(header: sample.trace.header, steps: steps)
    let found = try chart("delta-ridges", of: sample)
    #expect(found.title.hasSuffix(", at step 99"))
    #expect(found.subtitle.contains("step 99, \(reason)"))
    // The others have something to the end.
    #expect(try chart("gradient-ridges", of: sample).subtitle.contains("step 399"))
    #expect(!(try title("gradient-ridges", of: sample)).contains("at step"))
  }

  /// What is smaller than the smallest bin has a place all the same where its RMS is known.
  @Test func whatLiesBelowTheBinsIsDrawnAtItsRMS() throws {
    func sample(rms: Double?) -> SampleRun {
      let statistics = TensorStatistics(
        count: 100, rms: rms, max: rms.map { 4 * $0 }, subnormal: 90,
        histogram: Log2Histogram(counts: [100] + .init(repeating: 0, count: 63)))
      let layer = LayerDescription(
        name: "a", kind: "dense", parameters: [ParameterDescription(name: "w", shape: [2, 2])])
      return SampleRun(
        trace: Trace(
          header: TraceHeader(producer: "test", run: RunDescription(), layers: [layer]),
          steps: [StepRecord(step: 0, layers: [LayerRecord(delta: statistics)])]),
        diagnosis: SampleRun.healthy().diagnosis)
    }
    let chart = try chart("delta-ridges", of: sample(rms: 2e-38))
    #expect(chart.alternativeText.hasSuffix("a, RMS 2e-38, 90 % subnormal"))
    #expect(texts(chart, .mark) == ["RMS 2e-38", "90 %"])
    #expect(texts(chart, .caption).contains("subnormal: below 1.2e-38"))
    let theme = Theme.standard
    let dots = chart.drawing().elements.count {
      if case .disc(_, theme.dotRadius, _) = $0 { true } else { false }
    }
    #expect(dots == 2)  // one of them in the key
    #expect(
      throws: NotEnoughData("all δ lie beyond the histograms' bins, and no RMS tells where")
    ) { try self.chart("delta-ridges", of: sample(rms: nil)) }
  }

  @Test func aRidgeALayerStandsInDepthOrderWithTheFindingsInTheAccent() throws {
    let theme = Theme.standard
    let drawing = try chart("gradient-ridges", of: .vanishing()).drawing()
    let accent = theme.accent.mixed(with: theme.background, 0.55)
    #expect(polygons(drawing).count == 13)
    #expect(polygons(drawing).first == accent)
    #expect(!polygons(drawing).dropFirst().contains(accent))
    let names = drawing.texts.filter { $0.string.hasPrefix("dense") && $0.role == .tick }
    let inOrder = names.sorted { $0.position.y < $1.position.y }.map(\.string)
    #expect(inOrder == (1...13).map { "dense-\($0)" })
  }

  @Test func zerosStandBesideTheRidges() throws {
    let chart = try chart("activation-ridges", of: .healthy())
    #expect(texts(chart, .caption).contains("exactly 0"))
    #expect(texts(chart, .mark).filter { $0.hasPrefix("5") && $0.hasSuffix(" %") }.count == 2)
    // Where there are none, there is no column for them.
    #expect(
      !texts(try self.chart("activation-ridges", of: .vanishing()), .caption)
        .contains("exactly 0"))
  }

  @Test func theFlatEndsAreTintedWhereThereAreSome() throws {
    let theme = Theme.standard
    let tint = theme.rare.mixed(with: theme.background, 0.75)
    func tinted(_ sample: SampleRun) throws -> Int {
      try chart("activation-ridges", of: sample).drawing().elements.count {
        if case .rectangle(_, tint) = $0 { true } else { false }
      }
    }
    // Behind the bar of each layer's share.
    #expect(try tinted(.saturated()) == 4)
    #expect(try tinted(.healthy()) == 0)
  }

  /// What stands at the flat ends is a heap of its own, there and not somewhere in its bin.
  @Test func whatIsSaturatedIsAHeapAtTheFlatEnd() throws {
    var bins = [UInt32](repeating: 0, count: Log2Histogram.binCount)
    bins[47] = 60
    bins[48] = 40
    func sample(saturated: Int) -> SampleRun {
      let record = LayerRecord(
        activation: TensorStatistics(count: 100, max: 1, histogram: Log2Histogram(counts: bins)),
        saturated: saturated)
      return SampleRun(
        trace: Trace(
          header: TraceHeader(
            producer: "test", run: RunDescription(),
            layers: [LayerDescription(name: "tanh", kind: "tanh")]),
          steps: [StepRecord(step: 0, layers: [record])]),
        diagnosis: SampleRun.healthy().diagnosis)
    }
    /// The heap: the only upright one of the bars in its color.
    func heap(_ chart: any Chart) -> Frame? {
      chart.drawing().elements.lazy.compactMap { element -> Frame? in
        guard case .rectangle(let frame, Theme.standard.rare) = element else { return nil }
        return frame.height > 4 * frame.width ? frame : nil
      }.first
    }
    let some = try chart("activation-ridges", of: sample(saturated: 40))
    #expect(polygons(some.drawing()).count == 1 && texts(some, .mark) == ["40 %"])
    let all = try chart("activation-ridges", of: sample(saturated: 100))
    #expect(polygons(all.drawing()).isEmpty && texts(all, .mark) == ["100 %"])
    #expect(all.title == "100 % of the outputs of tanh stand at its flat ends")
    #expect(all.alternativeText.hasSuffix("tanh, median 1, 100 % saturated"))
    let (part, whole) = (try #require(heap(some)), try #require(heap(all)))
    #expect(abs(part.height / whole.height - 40.0 / 60) < 0.01)
    let one = try #require(some.drawing().texts.first { $0.string == "1" && $0.role == .tick })
    #expect(abs(part.maxX - one.position.x) < 1)
  }

  @Test func manyLayersBecomeAMap() throws {
    func rasters(_ layers: Int) throws -> [Raster] {
      try chart("gradient-ridges", of: .vanishing(layers: layers, steps: 20)).drawing().elements
        .compactMap { if case .raster(let raster) = $0 { raster } else { nil } }
    }
    #expect(try rasters(13).isEmpty)
    #expect(try rasters(300).first?.rows == 300)
  }

  @Test func fansShowTheFindingsLayerTheFirstAndTheLast() throws {
    let headings = texts(try chart("gradient-fan", of: .vanishing(layers: 60)), .caption)
      .filter { $0.hasPrefix("dense-") }
    #expect(headings.count == 6)
    #expect(headings.first?.hasPrefix("dense-1 ·") == true)
    #expect(headings.last?.hasPrefix("dense-60") == true)
    var sample = SampleRun.vanishing(layers: 60)
    sample.diagnosis.findings[0].layer = "dense-7"
    let accented = try chart("gradient-fan", of: sample).drawing().texts
      .filter { $0.color == Theme.standard.accentInk }.map(\.string)
    #expect(accented.count == 1 && accented[0].hasPrefix("dense-7"))
  }

  @Test func fansSayWhatChanges() throws {
    #expect(
      try title("gradient-fan", of: .exploding())
        == "Weight gradients of dense-1 are NaN or infinite at step 49")
    #expect(
      try title("activation-fan", of: .healthy())
        == "Outputs keep their size over the run, within 0.1 decades")
    var growing = SampleRun.healthy()
    growing.trace = SampleRun.trace(
      SampleRun.Setting(layers: 3, growth: { Double($0) / 100 }))
    #expect(try title("gradient-fan", of: growing).hasSuffix("grow by 3.5 decades over the run"))
  }

  @Test func alikeUnitsAreSeen() throws {
    let symmetric = try chart("unit-deltas", of: .symmetric())
    #expect(symmetric.title == "All 64 units of relu-1 get the same δ: they can't become different")
    let rasters = symmetric.drawing().elements.compactMap { element -> Raster? in
      if case .raster(let raster) = element { raster } else { nil }
    }
    let map = try #require(rasters.first)
    let rows = (0..<map.rows).map { Array(map.cells[$0 * map.columns..<($0 + 1) * map.columns]) }
    #expect(rows.count == 64 && rows.allSatisfy { $0 == rows[0] })
    #expect(Set(rows[0]).count > 1)
  }

  @Test func unitsThatPartAreAlikeUpToAStep() throws {
    var sample = SampleRun.symmetric()
    var setting = SampleRun.Setting(layers: 3)
    setting.unitDelta = { unit, step in step < 120 ? 0.01 : 0.01 + Double(unit) }
    sample.trace = SampleRun.trace(setting)
    #expect(
      try title("unit-deltas", of: sample)
        == "All 64 units of relu-1 get the same δ up to step 99")
  }

  @Test func differentUnitsAreSortedByTheirDelta() throws {
    let chart = try chart("unit-deltas", of: .healthy())
    #expect(chart.title == "20 units of 64 get half of all δ of relu-1")
    let theme = Theme.standard
    let drawing = chart.drawing()
    let rasters = drawing.elements.compactMap { element -> Raster? in
      if case .raster(let raster) = element { raster } else { nil }
    }
    let map = try #require(rasters.first)
    // Green outweighs red where a unit is to rise, red where it is to fall.
    func isWarm(_ color: Color) -> Bool { color.red > color.blue }
    #expect(isWarm(map.cells[map.columns - 1]))
    #expect(!isWarm(map.cells[map.cells.count - 1]))
    #expect(!map.cells.contains(theme.zero))
  }

  @Test func unitsWithoutDeltaAreCounted() throws {
    var sample = SampleRun.healthy()
    var setting = SampleRun.Setting(layers: 3)
    setting.unitDelta = { unit, _ in unit < 5 ? 0 : Double(unit) }
    sample.trace = SampleRun.trace(setting)
    #expect(try title("unit-deltas", of: sample) == "5 of 64 units of relu-1 get no δ at all")
    setting.unitDelta = { _, _ in 0 }
    sample.trace = SampleRun.trace(setting)
    #expect(try title("unit-deltas", of: sample) == "No unit of relu-1 gets any δ")
  }

  @Test(arguments: [
    (6.0, "δ of dense-1 loses 6.0 decades from time step 28 back to the first"),
    (-4, "δ of dense-1 grows by 4.0 decades from time step 28 back to the first"),
    (0.2, "δ of dense-1 keeps its size from time step 28 back to the first, within 0.2 decades"),
    (500, "No δ of dense-1 arrives from time step 28 back to the first: it is exactly zero"),
  ])
  func throughTimeSaysWhatIsLost(decades: Double, title: String) throws {
    let chart = try chart("through-time", of: .recurrent(decades: decades))
    #expect(chart.title == title)
    if abs(decades) == 6 {
      #expect(chart.alternativeText.contains("dense-1 loses 0.22 decades per time step"))
    }
    if decades == -4 {
      #expect(chart.alternativeText.contains("dense-1 grows by 0.15 decades per time step"))
    }
    #expect(texts(chart, .caption).contains("steps 350–399"))
    #expect(texts(chart, .caption).contains("steps 0–49"))
    // A layer alone has room for the words at its lines.
    let alone = try self.chart("through-time", of: .recurrent(layers: 1, decades: decades))
    #expect(
      decades > 100 || texts(alone, .mark) == ["steps 0–49", "steps 150–199", "steps 350–399"])
  }

  @Test(arguments: [
    ("saturated-activation", "activation-ridges"), ("subnormal-gradient", "delta-ridges"),
    ("symmetric-initialization", "distinct-units"), ("vanishing-through-time", "through-time"),
    ("exploding-through-time", "through-time"), ("clipping-always-on", "gradient-norm"),
    ("dormant-units", "feature-scale"), ("collapsed-output", "feature-scale"),
    ("adversarial-imbalance", "loss"),
  ])
  func aSymptomFindsItsChart(symptom: String, chart: String) {
    #expect(ChartCatalog.entry(showing: symptom).id == chart)
  }

  @Test func aChartWithoutItsDataSaysSo() throws {
    let bare = Trace(
      header: TraceHeader(
        producer: "test", run: RunDescription(),
        layers: [LayerDescription(name: "input", kind: "input")]),
      steps: [StepRecord(step: 0)])
    let sample = SampleRun(trace: bare, diagnosis: SampleRun.healthy().diagnosis)
    for (id, reason) in [
      ("activation-ridges", "no histograms of activations in this trace"),
      ("gradient-ridges", "no histograms of weight gradients in this trace"),
      ("delta-ridges", "no histograms of δ in this trace"),
      ("activation-fan", "no histograms of activations in this trace"),
      ("gradient-fan", "no histograms of weight gradients in this trace"),
      ("unit-deltas", "no δ of single units in this trace"),
      ("through-time", "no δ by time step of a recurrent layer in this trace"),
    ] {
      #expect(throws: NotEnoughData(reason), "\(id)") { try chart(id, of: sample) }
    }
    #expect(
      throws: NotEnoughData(
        "δ other than zero at one time step at most, a way through time needs two")
    ) {
      try chart("through-time", of: .recurrent(timeSteps: 1, decades: 0))
    }
  }

  /// Numbers that leave nothing to draw a picture of make none, or one without a word out of place.
  @Test(arguments: [
    TensorStatistics(
      count: 4, zeros: 4, histogram: Log2Histogram(counts: .init(repeating: 0, count: 64))),
    TensorStatistics(
      count: 4, nonFinite: 4, histogram: Log2Histogram(counts: .init(repeating: 0, count: 64))),
    TensorStatistics(
      count: 4, histogram: Log2Histogram(counts: [4] + .init(repeating: 0, count: 63))),
    TensorStatistics(
      count: 4, histogram: Log2Histogram(counts: .init(repeating: 0, count: 63) + [4])),
  ])
  func degenerateTensorsAreDrawn(statistics: TensorStatistics) throws {
    let layers = [
      LayerDescription(
        name: "a", kind: "tanh", units: 2,
        parameters: [ParameterDescription(name: "weight", shape: [2, 2])])
    ]
    let record = LayerRecord(
      activation: statistics, delta: statistics,
      parameters: [
        ParameterStatistics(
          gradientZeros: statistics.zeros, gradientNonFinite: statistics.nonFinite,
          gradientHistogram: statistics.histogram)
      ])
    let sample = SampleRun(
      trace: Trace(
        header: TraceHeader(producer: "test", run: RunDescription(), layers: layers),
        steps: [StepRecord(step: 0, layers: [record])]),
      diagnosis: SampleRun.healthy().diagnosis)
    let closed = Distribution.closedBins.contains { statistics.histogram?.counts[$0] ?? 0 > 0 }
    #expect(!closed)
    for id in ["activation-ridges", "gradient-ridges", "delta-ridges"] {
      #expect(throws: NotEnoughData.self, "\(id)") { try chart(id, of: sample) }
    }
    for id in ["activation-fan", "gradient-fan"] {
      let drawing = try chart(id, of: sample).drawing()
      #expect(drawing.texts.allSatisfy { drawing.frame.contains($0.box) }, "\(id)")
      for case .polyline(let points, _) in drawing.elements {
        #expect(points.allSatisfy { $0.x.isFinite && $0.y.isFinite }, "\(id)")
      }
    }
  }

  /// What a window holds of a million steps, of which one is a spike.
  @Test func aMillionStepsAreDrawnWithTheirSpike() throws {
    let layers = [
      LayerDescription(
        name: "rnn", kind: "rnn", units: 2,
        parameters: [ParameterDescription(name: "weight", shape: [2, 2])]),
      LayerDescription(name: "relu", kind: "relu", inputs: ["rnn"], units: 2),
    ]
    let steps = stride(from: 49, to: 1_000_000, by: 50).map { step in
      var counts = [UInt32](repeating: 0, count: Log2Histogram.binCount)
      counts[step == 500_049 ? 60 : 30] = 4
      let histogram = Log2Histogram(counts: counts)
      return StepRecord(
        step: step,
        layers: [
          LayerRecord(
            delta: TensorStatistics(histogram: histogram),
            parameters: [ParameterStatistics(gradientHistogram: histogram)],
            deltaRMSByTime: [1, 2, 3]),
          LayerRecord(
            activation: TensorStatistics(histogram: histogram), unitDeltas: [1, Double(step)]),
        ])
    }
    let sample = SampleRun(
      trace: Trace(
        header: TraceHeader(producer: "test", run: RunDescription(), layers: layers), steps: steps),
      diagnosis: SampleRun.healthy().diagnosis)
    for id in [
      "activation-ridges", "gradient-ridges", "delta-ridges", "unit-deltas", "through-time",
    ] {
      #expect(try chart(id, of: sample).drawing().elements.count < 200, "\(id)")
    }
    let fan = try chart("gradient-fan", of: sample).drawing()
    let lines = fan.elements.compactMap { element -> [Point]? in
      if case .polyline(let points, _) = element, points.count > 10 { points } else { nil }
    }
    let median = try #require(lines.first)
    #expect(median.count <= 1024)
    let heights = median.map(\.y)
    let usual = try #require(heights.max())
    #expect(heights.count { $0 < usual - 100 } == 1)
  }
}
