import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

struct NetworkChartTests {
  private func chart(_ sample: SampleRun) throws -> NetworkChart {
    try NetworkChart(
      RunDigest(sample.trace, sample.diagnosis), sample.diagnosis, about: sample.diagnosis.root)
  }

  private func rectangles(_ drawing: Drawing) -> [Color] {
    drawing.elements.compactMap { if case .rectangle(_, let color) = $0 { color } else { nil } }
  }

  /// A run of one step in which the layers have these δ.
  private func sample(_ layers: [(String, [String], Double)]) -> SampleRun {
    let weight = ParameterDescription(name: "weight", shape: [4, 4])
    let described =
      [LayerDescription(name: "x", kind: "input")]
      + layers.map {
        LayerDescription(
          name: $0.0, kind: "dense", inputs: $0.1, units: 4, parameters: [weight])
      }
    let records = layers.map {
      LayerRecord(delta: TensorStatistics(count: 4, rms: $0.2, nonFinite: 0))
    }
    let header = TraceHeader(producer: "test", run: RunDescription(), layers: described)
    return SampleRun(
      trace: Trace(
        header: header, steps: [StepRecord(step: 0, examples: 1, layers: [nil] + records)]),
      diagnosis: SampleRun.healthy().diagnosis)
  }

  @Test func theTitleIsTheResult() throws {
    #expect(
      try chart(.vanishing()).title
        == "δ loses 6.3 decades on its way back from dense-13 to dense-1")
    #expect(
      try chart(.exploding()).title
        == "δ grows by 4.8 decades on its way back from dense-13 to dense-1")
    #expect(
      try chart(.healthy()).title == "δ keeps its size on its way back through 3 weight layers")
    #expect(try chart(.blocked()).title == "No δ arrives at dense-1 and dense-2")
  }

  @Test func namesAndKindsAreOnTheBlocks() throws {
    let words = try chart(.healthy()).drawing().texts.map(\.string)
    for word in ["dense-1", "dense 64 · relu", "dense 64", "input 64", "no δ"] {
      #expect(words.contains(word), "\(word) is missing in \(words)")
    }
  }

  @Test func onlyWhatWasFoundIsInTheAccent() throws {
    let theme = Theme.standard
    let found = try chart(.deadReLU())
    // The block of dense-2 and relu-2, and the key.
    #expect(rectangles(found.drawing()).count { $0 == theme.accent } == 2)
    #expect(found.drawing().texts.contains { $0.string == "dead ReLU (relu-2)" })
    #expect(found.alternativeText.hasSuffix("; dead ReLU at relu-2"))
    #expect(rectangles(try chart(.healthy()).drawing()).allSatisfy { $0 != theme.accent })
  }

  @Test func zerosHaveAColorOfTheirOwn() throws {
    let theme = Theme.standard
    #expect(rectangles(try chart(.blocked()).drawing()).contains(theme.zero))
    #expect(rectangles(try chart(.healthy()).drawing()).allSatisfy { $0 != theme.zero })
    let broken = try chart(sample([("a", ["x"], .nan), ("b", ["a"], .nan)]))
    #expect(broken.title == "δ is finite in no layer")
    #expect(rectangles(broken.drawing()).contains(theme.nonFinite))
  }

  @Test func eightBranchesHaveRoom() throws {
    let branches = (1...8).flatMap { branch in
      (1...3).map { depth in
        ("branch-\(branch)/\(depth)", [depth == 1 ? "stem" : "branch-\(branch)/\(depth - 1)"], 0.1)
      }
    }
    let wide = sample(
      [("stem", ["x"], 0.1)] + branches + [("join", (1...8).map { "branch-\($0)/3" }, 1e-5)])
    let drawing = try chart(wide).drawing()
    expectNoCollision(drawing, "eight branches")
    #expect(drawing.texts.contains { $0.string == "branch-8/3" })
  }

  @Test func aDeepResidualNetworkHasRoom() throws {
    var layers = [("stem", ["x"], 0.1)]
    var last = "stem"
    for block in 1...50 {
      layers += [
        ("block-\(block)/a", [last], 0.1), ("block-\(block)/b", ["block-\(block)/a"], 0.1),
        ("block-\(block)/sum", ["block-\(block)/b", last], 0.1),
      ]
      last = "block-\(block)/sum"
    }
    for (width, height) in [(1200.0, 675.0), (600, 400), (2400, 1350)] {
      var theme = width < 900 ? Theme.standard.compact : .standard
      theme.frame = Frame(x: 0, y: 0, width: width, height: height)
      expectNoCollision(try chart(sample(layers)).drawing(theme: theme), "\(width) wide")
    }
  }
}
