import GradientDiagnosis
import GradientReport
import Testing

/// Every chart, of runs that strain it: no text may leave the picture or touch another.
struct LayoutTests {
  static let runs: [(name: String, run: SampleRun)] = [
    ("healthy, 3 layers", .healthy(layers: 3)), ("healthy, 60 layers", .healthy(layers: 60)),
    ("vanishing, 3 layers", .vanishing(layers: 3)),
    ("vanishing, 60 layers", .vanishing(layers: 60)),
    ("vanishing, 300 layers", .vanishing(layers: 300, steps: 20)),
    ("vanishing, 8 layers", .vanishing(layers: 8)), ("exploding", .exploding()),
    ("dead units", .deadReLU()), ("10 steps", .healthy(layers: 3, steps: 10)),
    ("2 steps", .healthy(layers: 2, steps: 2)), ("3,000 steps", .vanishing(layers: 3, steps: 3000)),
    (
      "long names",
      .vanishing(layers: 13) { "encoder/blocks/\($0)/attention/self/query_key_value/projection" }
    ),
    ("500 characters", .vanishing(layers: 13) { String(repeating: "W", count: 500) + "-\($0)" }),
    ("Chinese names", .vanishing(layers: 60) { "第\($0)层・全连接のレイヤー" }),
    ("Greek names", .vanishing(layers: 13) { "στρώμα-\($0)-ΩΩΩΩΩΩΩΩΩΩΩΩ" }),
    ("saturated, 5 layers", .saturated()), ("saturated, 30 layers", .saturated(layers: 30)),
    ("subnormal", .subnormal()), ("symmetric", .symmetric()),
    ("fading through time", .recurrent(decades: 6)),
    ("growing through time, 9 layers", .recurrent(layers: 9, timeSteps: 500, decades: -4)),
    ("line breaks", .vanishing(layers: 3) { "a\nb\t\u{202E}\($0)" }),
  ]

  @Test(arguments: runs.indices)
  func chartsKeepTheirTextApart(index: Int) throws {
    let (name, sample) = Self.runs[index]
    let run = try RunDigest(sample.trace, sample.diagnosis)
    for entry in ChartCatalog.entries {
      let about = sample.diagnosis.findings.first { entry.symptoms.contains($0.id) }
      guard let chart = try? entry.type.init(run, sample.diagnosis, about: about) else { continue }
      expectNoCollision(chart.drawing(), "\(entry.id), \(name)")
    }
    expectNoCollision(OverviewSheet(run, sample.diagnosis).drawing(), "overview, \(name)")
    for (width, height) in [(600.0, 400.0), (2400, 1350)] {
      var theme = width < 900 ? Theme.standard.compact : .standard
      theme.frame = Frame(x: 0, y: 0, width: width, height: height)
      for entry in ChartCatalog.entries {
        let about = sample.diagnosis.findings.first { entry.symptoms.contains($0.id) }
        let chart = try? entry.type.init(run, sample.diagnosis, about: about)
        guard let chart else { continue }
        expectNoCollision(chart.drawing(theme: theme), "\(entry.id), \(name), \(width) wide")
      }
    }
    for other in [SampleRun.healthy(), .healthy(layers: 60)] {
      let sheet = try CureSheet(of: sample, healedAs: other)
      expectNoCollision(sheet.drawing(), "cure, \(name)")
      expectNoCollision(
        try ComparisonSheet(other, sample).drawing(), "comparison, \(name)")
    }
  }

  /// Few and many layers, in short runs and in such as outgrew their trace's budget.
  @Test(arguments: [3, 30, 300], [10, 1000, 1_000_000])
  func everyLengthAndDepthHasALayout(layers: Int, steps: Int) throws {
    let sample = try SampleRun.vanishing(layers: layers, steps: min(steps, layers > 100 ? 60 : 300))
      .stretched(over: steps)
    let run = try RunDigest(sample.trace, sample.diagnosis)
    #expect(run.stepCount == steps)
    var drawn: Set<String> = []
    for entry in ChartCatalog.entries {
      guard let chart = try? entry.type.init(run, sample.diagnosis, about: nil) else { continue }
      drawn.insert(entry.id)
      expectNoCollision(chart.drawing(), "\(entry.id), \(layers) layers, \(steps) steps")
    }
    #expect(
      drawn.isSuperset(of: ["loss", "gradient-flow", "delta-map", "update-ratio", "network"]))
  }

  @Test func theTestItselfSeesCollisions() {
    var drawing = Drawing(frame: Theme.standard.frame, background: Color(0xFFFFFF))
    func add(_ x: Double) {
      drawing.elements.append(
        .text(
          Text(
            "dense-1", at: Point(x, 100), .init(.leading, .top), font: Font(13), color: Color(0),
            role: .tick)))
    }
    add(100)
    #expect(drawing.collisions.isEmpty)
    add(120)
    #expect(drawing.collisions == ["\"dense-1\" touches \"dense-1\""])
    drawing.elements.removeAll()
    add(1190)
    #expect(drawing.collisions == ["\"dense-1\" leaves the picture"])
  }
}
