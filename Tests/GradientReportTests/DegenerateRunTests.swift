import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

/// Every chart, of runs in which there is little or nothing to see: it is drawn, or says what is missing.
struct DegenerateRunTests {
  /// A run in which everything is recorded and every number is `value`.
  private struct Run {
    var value = 1.0
    var steps = 60
    var layers = 3
    var name: @Sendable (Int) -> String = { "layer-\($0)" }

    private static let kinds = ["dense", "relu", "lstm"]

    private var header: TraceHeader {
      let weight = ParameterDescription(name: "weight", shape: [4, 4])
      var described = [LayerDescription(name: name(0), kind: "input", units: 4)]
      for index in stride(from: 1, through: layers, by: 1) {
        let kind = Self.kinds[(index - 1) % 3]
        described.append(
          LayerDescription(
            name: name(index), kind: kind, inputs: [name(index - 1)], units: 4,
            parameters: kind == "relu" ? [] : [weight]))
      }
      return TraceHeader(
        producer: "test", run: RunDescription(name: name(0), model: name(1)), layers: described)
    }

    private func record(_ step: Int, _ layer: LayerDescription) -> LayerRecord {
      let nonFinite = value.isFinite ? 0 : 16
      let bins = (0..<64).map { UInt32($0 == 48 && value.isFinite && value != 0 ? 16 : 0) }
      let statistics = TensorStatistics(
        count: 16, mean: value, rms: value, max: value, zeros: value == 0 ? 16 : 0,
        nonFinite: nonFinite, subnormal: 0, histogram: Log2Histogram(counts: bins))
      let parameter = ParameterStatistics(
        rms: value, gradientRMS: value, gradientMax: value, updateRMS: value,
        nonFinite: nonFinite, gradientNonFinite: nonFinite,
        gradientHistogram: Log2Histogram(counts: bins))
      let isActive = value.isFinite && value != 0
      return LayerRecord(
        activation: statistics, delta: statistics,
        parameters: layer.parameters.map { _ in parameter },
        silentUnits: isActive ? 0 : 4,
        unitWindow: UnitWindow(
          steps: 1, activeCounts: [UInt32](repeating: isActive ? 4 : 0, count: 4),
          deltaMeans: [Float](repeating: Float(value), count: 4)),
        deltaRMSByTime: layer.kind == "lstm" ? [value, value, value] : nil,
        unitMeans: [value, value, value, value], unitDeviations: [value, value, value, value])
    }

    var trace: Trace {
      let header = header
      return Trace(
        header: header,
        steps: (0..<steps).map { step in
          StepRecord(
            step: step, loss: value, validationLoss: value, learningRate: 0.1, examples: 4,
            lossDivisor: 4, layers: header.layers.map { record(step, $0) })
        })
    }
  }

  /// Draws every chart and the sheet; gives the ids of those that were drawn.
  @discardableResult
  private func draw(_ trace: Trace, _ name: String) throws -> Set<String> {
    let diagnosis = try Diagnosis(of: trace)
    let run = try RunDigest(trace, diagnosis)
    var drawn: Set<String> = []
    for entry in ChartCatalog.entries {
      let about = diagnosis.findings.first { entry.symptoms.contains($0.id) }
      do throws(NotEnoughData) {
        let chart = try entry.type.init(run, diagnosis, about: about)
        #expect(!chart.title.isEmpty, "\(entry.id), \(name): no title")
        for theme in [Theme.standard, .dark.compact] {
          let drawing = chart.drawing(theme: theme)
          expectNoCollision(drawing, "\(entry.id), \(name)")
          let picture = SVGPicture(drawing).text(description: chart.alternativeText)
          #expect(!picture.contains("<script>"), "\(entry.id), \(name)")
        }
        drawn.insert(entry.id)
      } catch {
        #expect(!error.reason.isEmpty, "\(entry.id), \(name): no reason")
      }
    }
    expectNoCollision(OverviewSheet(run, diagnosis).drawing(), "overview, \(name)")
    return drawn
  }

  @Test func nothingWasRecorded() throws {
    #expect(try draw(Run(steps: 0).trace, "no steps").isEmpty)
    #expect(try draw(Run(steps: 0, layers: 0).trace, "no layers").isEmpty)
  }

  @Test func oneStep() throws {
    let drawn = try draw(Run(steps: 1).trace, "one step")
    #expect(drawn.isSuperset(of: ["gradient-flow", "delta-map", "update-ratio", "network"]))
    let trace = Run(steps: 1).trace
    let diagnosis = try Diagnosis(of: trace)
    let chart = try UpdateRatioChart(RunDigest(trace, diagnosis), diagnosis, about: nil)
    let dots = chart.drawing().elements.count { if case .disc = $0 { true } else { false } }
    #expect(dots == 2, "a dot for each weight")
  }

  @Test func oneLayer() throws {
    let drawn = try draw(Run(layers: 1).trace, "one layer")
    #expect(drawn.isSuperset(of: ["loss", "delta-map", "update-ratio", "network"]))
    try draw(Run(layers: 0).trace, "an input alone")
  }

  @Test(arguments: [1.0, 0, -1, 1e-300, 1e300, .nan, .infinity, -.infinity])
  func allValuesAreEqual(value: Double) throws {
    try draw(Run(value: value).trace, "all \(value)")
    try draw(Run(value: value, steps: 1).trace, "one step of \(value)")
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "\"quoted\" 'twice'", "a|b|c", "line\nbreak\r\u{2028}", "👩🏽‍🔬🔥🇨🇭",
    String(repeating: "W", count: 500), "\u{202E}backwards\u{0}", "",
  ])
  func namesAreHostile(name: String) throws {
    let drawn = try draw(Run(name: { "\(name)\($0)" }).trace, String(name.prefix(20)))
    #expect(drawn.isSuperset(of: ["gradient-flow", "delta-map", "network", "activation-map"]))
  }
}
