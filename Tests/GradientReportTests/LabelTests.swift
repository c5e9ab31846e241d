import Foundation
import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

/// The words on charts: all that matter are there, and none is cut within.
struct LabelTests {
  /// The labels of the marks on the loss of a run, in which each of `findings` was found at a step; the first is the root.
  private func labels(
    _ findings: [(id: String, step: Int)], root: Int = 0, theme: Theme = .standard
  ) throws -> [Text] {
    let sample = SampleRun.vanishing()
    var diagnosis = sample.diagnosis
    diagnosis.findings = findings.map { id, step in
      var finding = sample.diagnosis.findings[0]
      finding.id = id
      finding.firstStep = step
      return finding
    }
    diagnosis.rootCause = root
    let chart = try LossChart(RunDigest(sample.trace, diagnosis), diagnosis, about: nil)
    let names = findings.map { Wording.symptom($0.id) }
    let drawing = chart.drawing(theme: theme)
    expectNoCollision(drawing, "marks")
    return drawing.texts.filter { text in names.contains { text.string.hasPrefix($0) } }
  }

  @Test func findingsOfOneStepAreNamedInFull() throws {
    let found = try labels([
      ("learning-rate-too-low", 0), ("clipping-always-on", 0), ("local-bottleneck", 0),
    ])
    #expect(found.map(\.string) == ["learning rate too low, clipping always on, local bottleneck"])
  }

  /// What is too much for the width is counted, not cut.
  @Test func namesAreLeftOutAsAWhole() throws {
    let ids = [
      "learning-rate-too-low", "clipping-always-on", "local-bottleneck", "vanishing-gradient",
      "exploding-gradient", "unnormalized-input", "symmetric-initialization", "dormant-units",
    ]
    var theme = Theme.standard.compact
    theme.frame.width = 600
    let found = try labels(ids.map { ($0, 0) }, theme: theme)
    #expect(found.count == 1)
    #expect(found[0].string.contains(/^learning rate too low, .*[a-z] and \d more$/))
    #expect(!found[0].string.contains("…"))
  }

  @Test func theRootIsAlwaysNamed() throws {
    let others = (1...12).map { ("local-bottleneck", 5 * $0) }
    for step in [0, 3, 28, 61, 399] {
      let found = try labels([("dead-relu", step)] + others)
      let root = found.filter { $0.color == Theme.standard.accentInk }
      #expect(root.map(\.string) == ["dead ReLU"], "at step \(step)")
    }
  }

  /// Findings that lie too near for two marks share one; the root keeps its own.
  @Test func neighborsShareAMark() throws {
    let found = try labels([("dead-relu", 100), ("non-finite", 200), ("overfitting", 203)])
    #expect(Set(found.map(\.string)) == ["dead ReLU", "non-finite values, overfitting"])
    let apart = try labels([("dead-relu", 100), ("non-finite", 103), ("overfitting", 203)])
    #expect(Set(apart.map(\.string)) == ["dead ReLU", "non-finite values", "overfitting"])
  }

  @Test func textIsCutBetweenWords() {
    let font = Font(12)
    let text = "Mean of each unit's output, over the layer's"
    #expect(font.fitting(words: text, into: 1000) == text)
    let width = font.width(of: "Mean of each unit's output, over t …")
    #expect(font.fitting(words: text, into: width) == "Mean of each unit's output, over …")
    let less = font.width(of: "Mean of each unit's output, …")
    #expect(font.fitting(words: text, into: less) == "Mean of each unit's output …")
    #expect(font.fitting(words: "Incomprehensibilities", into: 40).hasSuffix("…"))
  }

  // MARK: - δ over depth

  private func flow(_ decades: [Double]) throws -> GradientFlowChart {
    let layers = decades.indices.map { index in
      LayerDescription(
        name: "dense-\(index + 1)", kind: "dense", inputs: index > 0 ? ["dense-\(index)"] : [],
        parameters: [ParameterDescription(name: "weight", shape: [2, 2])])
    }
    let record = StepRecord(
      step: 0, examples: 1,
      layers: decades.map { LayerRecord(delta: TensorStatistics(count: 1, rms: pow(10, $0))) })
    let diagnosis = SampleRun.healthy().diagnosis
    let trace = Trace(
      header: TraceHeader(producer: "test", run: RunDescription(), layers: layers), steps: [record])
    return try GradientFlowChart(RunDigest(trace, diagnosis), diagnosis, about: nil)
  }

  private func key(_ chart: some Chart) -> [String] {
    chart.drawing().texts.filter { $0.role == .caption }.map(\.string)
  }

  /// A slope is drawn through what is straight, not through one step down.
  @Test func aBottleneckHasNoSlope() throws {
    let straight = try flow([-6, -5, -4, -3, -2, -1, 0])
    #expect(key(straight).contains("loses 1 decades a layer"))
    #expect(straight.alternativeText.hasSuffix("; loses 1 decades a layer"))
    #expect(key(try flow([0.9, 0.6, 0.3, 0])).contains("grows by 0.3 decades a layer"))
    let bottleneck = try flow([-3.3, -3.2, -3.1, 0.1, 0.1, 0.1, 0])
    #expect(!key(bottleneck).contains { $0.contains("decades a layer") })
    #expect(!bottleneck.alternativeText.contains("a layer"))
    let dashed = bottleneck.drawing().elements.contains {
      if case .polyline(_, let stroke) = $0 { stroke.dash != nil } else { false }
    }
    #expect(!dashed)
  }

  @Test func layersOutsideTheHealthyRangeAreRings() throws {
    func rings(_ chart: GradientFlowChart) -> Int {
      chart.drawing().elements.count {
        if case .disc(_, _, Theme.standard.background) = $0 { true } else { false }
      }
    }
    let bottleneck = try flow([-3.3, -3.2, -3.1, 0.1, 0.1, 0.1, 0])
    // Three layers, and the key.
    #expect(rings(bottleneck) == 3 + 1)
    #expect(key(bottleneck).contains("outside"))
    let healthy = try flow([-0.5, -0.3, 0])
    #expect(rings(healthy) == 0 && !key(healthy).contains("outside"))
  }

  @Test func theFlowSaysWhatItsWordsMean() throws {
    let chart = try flow([-0.5, -0.3, 0])
    #expect(chart.subtitle[0].hasPrefix("δ = ∂loss/∂output of each weight layer"))
    #expect(key(chart).contains("10–90 % of steps"))
    #expect(key(chart).contains { $0.contains("a decade is a factor of 10") })
  }
}
