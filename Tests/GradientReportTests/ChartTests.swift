import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

struct ChartTests {
  private func chart<Kind: Chart>(_: Kind.Type, of sample: SampleRun) throws -> Kind {
    let entry = try #require(ChartCatalog.entries.first { $0.type == Kind.self })
    let about = sample.diagnosis.findings.first { entry.symptoms.contains($0.id) }
    return try Kind(RunDigest(sample.trace, sample.diagnosis), sample.diagnosis, about: about)
  }

  private func reason<Kind: Chart>(_: Kind.Type, of trace: Trace) throws -> String? {
    let diagnosis = SampleRun.healthy().diagnosis
    let run = try RunDigest(trace, diagnosis)
    do {
      _ = try Kind(run, diagnosis, about: nil)
      return nil
    } catch {
      return error.reason
    }
  }

  private func colors(_ drawing: Drawing) -> Set<Color> {
    Set(
      drawing.elements.flatMap { element -> [Color] in
        if case .raster(let raster) = element { raster.cells } else { [] }
      })
  }

  @Test func theTitleIsTheResult() throws {
    let vanishing = SampleRun.vanishing()
    #expect(
      try chart(GradientFlowChart.self, of: vanishing).title
        == "δ loses 6.3 decades from dense-13 to dense-1")
    #expect(
      try chart(GradientFlowChart.self, of: .exploding()).title
        == "δ grows by 4.8 decades from dense-13 to dense-1")
    #expect(
      try chart(GradientFlowChart.self, of: .healthy()).title
        == "δ keeps its size from dense-3 to dense-1, within 0.1 decades")
    #expect(
      try chart(DeltaMapChart.self, of: vanishing).title
        == "δ of dense-1 is 6.3 decades below that of dense-13 at step 399")
    #expect(
      try chart(LossChart.self, of: .exploding()).title
        == "Training loss is no longer a finite number from step 21 on")
    #expect(
      try chart(DeadUnitChart.self, of: .deadReLU()).title
        == "61 of 64 units of relu-2 are dead at step 399; chance explains 5")
    #expect(
      try chart(DeadUnitChart.self, of: .healthy()).title
        == "No unit of relu-1 is dead at step 399")
    #expect(
      try chart(UpdateRatioChart.self, of: vanishing).title.hasPrefix("dense-1 moves by "))
    #expect(
      try chart(UpdateRatioChart.self, of: vanishing).title.hasSuffix(": too little"))
    #expect(
      try chart(UpdateRatioChart.self, of: .healthy()).title.hasPrefix("Updates are healthy: "))
  }

  /// A loss that falls to what guessing costs is not told as a success beside the finding that it is none.
  @Test func theTitleOfTheLossAgreesWithTheFinding() throws {
    var run = SampleRun.deadReLU()
    #expect(
      try chart(LossChart.self, of: run).title.hasPrefix("Training loss falls from "))
    let stuck = try #require(
      SampleRun.vanishing().diagnosis.findings.first { $0.id == "not-learning" })
    run.diagnosis.findings.append(stuck)
    #expect(
      try chart(LossChart.self, of: run).title.wholeMatch(
        of:
          /(No|Hardly) better than a constant guess: 2\.\d\d against 2.30/
      )
        != nil)
  }

  /// Of several weights that hardly move, the title names the one that the finding is about.
  @Test func theTitleOfTheUpdatesNamesTheLayerOfTheFinding() throws {
    var run = SampleRun.vanishing()
    run.diagnosis.findings[0].layer = "dense-2"
    let title = try chart(UpdateRatioChart.self, of: run).title
    #expect(title.hasPrefix("dense-2 moves by ") && title.hasSuffix(": too little"))
    // One that moves as it should is no example of too little.
    run.diagnosis.findings[0].layer = "dense-13"
    #expect(try chart(UpdateRatioChart.self, of: run).title.hasPrefix("dense-1 moves by "))
  }

  /// A run with one weight for each of `ratios`, which gives its update at every step; nil is none at all.
  private func updates(
    _ ratios: [@Sendable (Int) -> Double?], about layer: String? = nil, steps: Int = 60
  ) throws -> UpdateRatioChart {
    let layers = ratios.indices.map { index in
      LayerDescription(
        name: "dense-\(index + 1)", kind: "dense", inputs: index > 0 ? ["dense-\(index)"] : [],
        parameters: [ParameterDescription(name: "weight", shape: [2, 2])])
    }
    let records = (0..<steps).map { step in
      StepRecord(
        step: step, loss: 1,
        layers: ratios.map { ratio in
          LayerRecord(parameters: [ratio(step).map { ParameterStatistics(rms: 1, updateRMS: $0) }])
        })
    }
    var diagnosis = SampleRun.healthy().diagnosis
    if let layer {
      diagnosis = SampleRun.vanishing().diagnosis
      diagnosis.findings[0].layer = layer
    }
    let trace = Trace(
      header: TraceHeader(producer: "test", run: RunDescription(), layers: layers), steps: records)
    return try UpdateRatioChart(RunDigest(trace, diagnosis), diagnosis, about: nil)
  }

  /// What stands still is told with the step since which it does, and has its own line at the axis, with its name.
  @Test func weightsThatStandStillAreDrawnAndDated() throws {
    let moving: @Sendable (Int) -> Double? = { _ in 0.01 }
    let never = try updates([moving, { _ in 0 }, moving])
    #expect(never.title == "dense-2 does not move at all")
    #expect(
      try updates([{ _ in 0 }, moving, { _ in 0 }]).title
        == "dense-1 and dense-3 do not move at all")
    let none = "No weight moves at all"
    #expect(try updates([{ _ in 0 }, { _ in 0 }]).title == none)
    #expect(try updates([{ _ in 0 }, { _ in 0 }], about: "dense-1").title == none)
    #expect(
      try updates([{ _ in 0 }, { _ in 0 }, moving], about: "dense-1").title
        == "dense-1 does not move at all")
    let stopped = try updates([{ $0 < 20 ? 0.01 : 0 }, moving])
    #expect(stopped.title == "dense-1 no longer moves from step 20 on")
    for chart in [never, stopped] {
      let drawing = chart.drawing()
      let label = try #require(drawing.texts.first { $0.string.hasSuffix(": 0") })
      let floor = drawing.elements.contains { element in
        guard case .polyline(let points, let stroke) = element, points.count == 2,
          stroke.width > 1
        else { return false }
        return abs(points[0].y - label.position.y) < 10 && points[0].y == points[1].y
      }
      #expect(floor)
    }
    #expect(!never.drawing().texts.contains { $0.string == "dense-1: 0" })
  }

  /// Weights of zero stand still where nothing moves them; of those that are no numbers nothing is said.
  @Test func weightsOfZeroStandStill() throws {
    func chart(rms: Double, update: Double) throws -> UpdateRatioChart {
      let layer = LayerDescription(
        name: "dense", kind: "dense", parameters: [ParameterDescription(name: "w", shape: [2, 2])])
      let record = LayerRecord(parameters: [ParameterStatistics(rms: rms, updateRMS: update)])
      let diagnosis = SampleRun.healthy().diagnosis
      let trace = Trace(
        header: TraceHeader(producer: "test", run: RunDescription(), layers: [layer]),
        steps: [StepRecord(step: 0, layers: [record])])
      return try UpdateRatioChart(RunDigest(trace, diagnosis), diagnosis, about: nil)
    }
    #expect(try chart(rms: 0, update: 0).title == "‘dense’ does not move at all")
    let reason = NotEnoughData("no finite update of a weight in this trace")
    #expect(throws: reason) { try chart(rms: .infinity, update: 1) }
    #expect(throws: reason) { try chart(rms: .nan, update: 0) }
    #expect(throws: NotEnoughData("no updates of a weight in this trace")) {
      try chart(rms: 0, update: 1)
    }
  }

  @Test func oneUpdateIsADotAndNoneIsNoPicture() throws {
    let one = try updates([{ $0 == 0 ? 3 : nil }])
    let dots = one.drawing().elements.count { if case .disc = $0 { true } else { false } }
    #expect(dots == 1)
    #expect(throws: NotEnoughData("no finite update of a weight in this trace")) {
      try updates([{ _ in .nan }])
    }
  }

  /// A line that ends before the plot does leads to its name all the same.
  @Test func aNameIsLedToFromWhereItsLineEnds() throws {
    func leads(_ chart: UpdateRatioChart) -> Int {
      let dotted = Theme.standard.dash / 3
      return chart.drawing().elements.count {
        if case .polyline(_, let stroke) = $0 { stroke.dash == dotted } else { false }
      }
    }
    #expect(leads(try updates([{ $0 < 20 ? 0.01 : nil }, { _ in 0.02 }])) == 1)
    #expect(leads(try updates([{ _ in 0.01 }, { _ in 0.02 }])) == 0)
  }

  /// Two weights of the layer that a finding is about are told apart.
  @Test func accentedLinesHaveDashesOfTheirOwn() throws {
    let layer = LayerDescription(
      name: "rnn", kind: "rnn",
      parameters: ["input", "hidden"].map { ParameterDescription(name: $0, shape: [2, 2]) })
    let records = (0..<9).map { step in
      StepRecord(
        step: step,
        layers: [
          LayerRecord(parameters: [0.01, 0.02].map { ParameterStatistics(rms: 1, updateRMS: $0) })
        ])
    }
    var diagnosis = SampleRun.vanishing().diagnosis
    diagnosis.findings[0].layer = "rnn"
    let trace = Trace(
      header: TraceHeader(producer: "test", run: RunDescription(), layers: [layer]), steps: records)
    let chart = try UpdateRatioChart(RunDigest(trace, diagnosis), diagnosis, about: nil)
    let strokes = chart.drawing().elements.compactMap { element -> Stroke? in
      guard case .polyline(let points, let stroke) = element, points.count == 9 else { return nil }
      return stroke
    }
    #expect(strokes.map(\.color) == [Theme.standard.accent, Theme.standard.accent])
    #expect(Set(strokes.map(\.dash)).count == 2)
  }

  @Test func theSubtitleNamesTensorPhaseAndUnit() throws {
    let words = try chart(GradientFlowChart.self, of: .vanishing()).subtitle.joined(separator: "; ")
    for word in ["δ", "output", "backward pass", "per example", "steps 350 to 399", "log scale"] {
      #expect(words.contains(word), "\(word) is missing in \(words)")
    }
  }

  @Test func theAlternativeTextGivesTheFigures() throws {
    let text = try chart(GradientFlowChart.self, of: .vanishing()).alternativeText
    #expect(text.contains("dense-1 1e-8"))
    #expect(text.contains("0.53 decades a layer"))
  }

  @Test func aChartWithoutItsDataSaysSo() throws {
    let bare = Trace(
      header: TraceHeader(
        producer: "test", run: RunDescription(),
        layers: [LayerDescription(name: "input", kind: "input")]),
      steps: [StepRecord(step: 0), StepRecord(step: 1)])
    #expect(try reason(LossChart.self, of: bare) == "no loss in this trace")
    #expect(
      try reason(GradientFlowChart.self, of: bare)
        == "no finite δ of a layer with weights in this trace")
    #expect(
      try reason(DeltaMapChart.self, of: bare) == "no δ of a layer with weights in this trace")
    #expect(try reason(UpdateRatioChart.self, of: bare) == "no updates of a weight in this trace")
    #expect(
      try reason(DeadUnitChart.self, of: bare)
        == "no per-unit counts of a layer with a zero branch in this trace")
    let one = SampleRun.healthy(layers: 1).trace
    #expect(
      try reason(GradientFlowChart.self, of: one) == "δ of one layer alone, depth needs two")
    #expect(try reason(LossChart.self, of: one) == nil)
  }

  @Test func onlyTheFindingsLayerIsInTheAccent() throws {
    let theme = Theme.standard
    let discs = try chart(GradientFlowChart.self, of: .exploding()).drawing().elements
      .compactMap { element -> Color? in
        if case .disc(_, theme.dotRadius, let color) = element { color } else { nil }
      }
    // Of the 13 layers the finding names three; the key shows what is found, and what lies outside the healthy range.
    #expect(discs.count { $0 == theme.accent } == 3 + 2)
    #expect(discs.count { $0 == theme.data } == 10 + 1)
    let names = try chart(GradientFlowChart.self, of: .exploding()).drawing().texts
      .filter { $0.role == .tick && $0.color == theme.accentInk }
    #expect(names.map(\.string) == ["dense-1"])
  }

  @Test func zerosAndNonFiniteValuesHaveColorsOfTheirOwn() throws {
    let theme = Theme.standard
    let exploding = colors(try chart(DeltaMapChart.self, of: .exploding()).drawing())
    #expect(exploding.contains(theme.nonFinite))
    #expect(!exploding.contains(theme.zero))
    let healthy = colors(try chart(DeltaMapChart.self, of: .healthy()).drawing())
    #expect(!healthy.contains(theme.nonFinite))
    #expect(!healthy.contains(theme.zero))
    let blocked = SampleRun.blocked()
    let map = try chart(DeltaMapChart.self, of: blocked)
    #expect(colors(map.drawing()).contains(theme.zero))
    #expect(map.title == "δ of dense-2 is exactly zero from step 1 on")
    #expect(
      try chart(GradientFlowChart.self, of: blocked).title
        == "No δ reaches dense-1 and dense-2: it is exactly zero")
  }

  @Test func theScaleOfALossIsLogarithmicOnlyOverADecade() throws {
    func captions(_ sample: SampleRun) throws -> [String] {
      try chart(LossChart.self, of: sample).drawing().texts.filter { $0.role == .caption }
        .map(\.string)
    }
    #expect(try captions(.healthy()).contains("loss, log scale"))
    #expect(try captions(.vanishing()).contains("loss"))
  }

  /// A loss that is a number at the first step alone is drawn, with what comes after it.
  @Test func aLossThatExplodesAtOnceIsSeen() throws {
    func chart(_ losses: [Double]) throws -> LossChart {
      let trace = Trace(
        header: TraceHeader(producer: "test", run: RunDescription(constantLoss: 2.3), layers: []),
        steps: losses.enumerated().map { StepRecord(step: $0.offset, loss: $0.element) })
      let diagnosis = SampleRun.healthy().diagnosis
      return try LossChart(RunDigest(trace, diagnosis), diagnosis, about: nil)
    }
    let broken = try chart([2e6] + [Double](repeating: .nan, count: 400))
    #expect(broken.title == "Training loss is no longer a finite number from step 1 on")
    let drawing = broken.drawing()
    #expect(drawing.texts.map(\.string).contains("NaN or infinite"))
    #expect(drawing.texts.map(\.string).contains("loss, log scale"))
    let dots = drawing.elements.count { if case .disc = $0 { true } else { false } }
    #expect(dots == 1)
    #expect(throws: NotEnoughData("the loss is finite at one step alone")) { try chart([2]) }
    #expect(throws: NotEnoughData("the loss is finite at no step")) { try chart([.nan, .nan]) }
  }

  @Test func manyWeightsBecomeAMap() throws {
    #expect(colors(try chart(UpdateRatioChart.self, of: .vanishing(layers: 8)).drawing()).isEmpty)
    #expect(colors(try chart(UpdateRatioChart.self, of: .vanishing(layers: 9)).drawing()).count > 9)
  }

  @Test func deadUnitsLieBelowTheOthers() throws {
    let theme = Theme.standard
    let drawing = try chart(DeadUnitChart.self, of: .deadReLU()).drawing()
    let raster = try #require(
      drawing.elements.compactMap { if case .raster(let raster) = $0 { raster } else { nil } }
        .first)
    let last = (1...raster.rows).map { raster.cells[$0 * raster.columns - 1] }
    #expect(last.prefix(3).allSatisfy { $0 == theme.alive })
    #expect(last.dropFirst(3).allSatisfy { $0 == theme.dead })
    #expect(raster.cells[0] == theme.alive)
  }

  @Test func longNamesAreToldApart() throws {
    let sample = SampleRun.vanishing(layers: 3) {
      "encoder/blocks/\($0)/attention/self/query_key_value/projection"
    }
    let run = try RunDigest(sample.trace, sample.diagnosis)
    #expect(
      run.names.filter { $0.hasPrefix("enc") }
        == ["encoder/blocks/1…", "encoder/blocks/2…", "encoder/blocks/3…"])
  }
}
