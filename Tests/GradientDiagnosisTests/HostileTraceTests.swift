import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

/// Whatever a trace claims, the diagnosis ends with a verdict: it never traps, and live and afterwards agree.
@Suite struct HostileTraceTests {
  @Test func namesCannotCommandATerminal() throws {
    var run = SyntheticRun(depth: 8)
    run.delta = { depth, _ in pow(10, Double(depth) - 8) }
    run.loss = { _ in 2.3 }
    var header = run.header
    header.layers[1].name = "\u{1b}[2J\nHealth  healthy"
    header.layers[2].inputs = [header.layers[1].name]
    let diagnosis = try Diagnosis(of: Trace(header: header, steps: run.records))
    #expect(diagnosis.root?.layer == header.layers[1].name)
    let screen = diagnosis.description
    #expect(screen.contains("\\u{1b}[2J\\u{a}Health"))
    #expect(!screen.contains("\u{1b}") && !screen.contains("\nHealth"))
  }

  /// A small deterministic generator (SplitMix64).
  private struct Noise {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }

    mutating func pick<T>(_ values: [T]) -> T { values[Int(next() % UInt64(values.count))] }

    mutating func number() -> Double? {
      pick([
        nil, 0, -0.0, 1, -1, .leastNonzeroMagnitude, 1e-45, 1e300, -1e300, .nan, .infinity,
        -.infinity, 0.5, 3e-7,
      ])
    }

    mutating func count() -> Int? { pick([nil, 0, 1, 64, 4096, .max, -1, .min]) }

    mutating func tensor() -> TensorStatistics? {
      pick([true, false])
        ? nil
        : TensorStatistics(
          count: count(), mean: number(), rms: number(), max: number(), zeros: count(),
          nonFinite: pick([nil, 0, 0, 3]), subnormal: count())
    }

    mutating func parameter() -> ParameterStatistics? {
      pick([true, false])
        ? nil
        : ParameterStatistics(
          rms: number(), gradientRMS: number(), gradientMax: number(), updateRMS: number(),
          nonFinite: pick([nil, 0, 2]), distinctRows: count(), frozen: pick([nil, true, false]))
    }

    mutating func numbers() -> [Double]? {
      pick([true, false]) ? nil : (0..<pick([0, 1, 5, 5])).map { _ in number() ?? 0 }
    }

    mutating func layer() -> LayerRecord? {
      let units = pick([0, 1, 5])
      let window = UnitWindow(
        steps: pick([0, 1, 50, .max]),
        activeCounts: (0..<units).map { _ in pick([0, 0, 7, .max]) },
        lastActive: pick([nil, (0..<pick([0, units])).map { _ in count() }]),
        chanceSilent: number())
      return pick([true, false, false])
        ? nil
        : LayerRecord(
          activation: tensor(), delta: tensor(), parameters: [parameter(), parameter()],
          silentUnits: count(), unitWindow: pick([nil, window]), saturated: count(),
          deltaRMSByTime: numbers(), unitMeans: numbers(), unitDeviations: numbers())
    }
  }

  @Test(arguments: 1...40)
  func nonsenseEndsWithAVerdict(_ seed: UInt64) throws {
    var noise = Noise(state: seed)
    var header = SyntheticRun(depth: 4).header
    header.run = RunDescription(
      examplesPerEpoch: noise.count(), plannedSteps: noise.count(), constantLoss: noise.number())
    header.layers[2].kind = noise.pick(["relu", "tanh", "lstm"])
    header.layers[3].inputs = noise.pick([[], ["dense-4"], ["relu-1", "relu-1"], ["nobody"]])
    header.layers[5].parameters[0].shape = noise.pick([[], [0, 0], [.max, .max], [-1, 3]])
    let steps = (0..<60).map { index in
      StepRecord(
        step: noise.pick([index, index, index, 0, -1, .max, .min, index * 1000]),
        loss: noise.number(), validationLoss: noise.number(), learningRate: noise.number(),
        clipFactor: noise.number(), examples: noise.count(),
        layers: (0..<noise.pick([0, 3, 8, 12])).map { _ in noise.layer() })
    }
    let diagnosis = try Diagnosis(of: Trace(header: header, steps: steps))
    var live = LiveDiagnosis(header: header)
    for step in steps {
      live.observe(step)
      _ = live.alarms()
    }
    #expect(try live.diagnosis().json() == diagnosis.json())
    #expect(!diagnosis.description.isEmpty)
    for (index, finding) in diagnosis.findings.enumerated() {
      #expect(
        finding.causedBy.map { diagnosis.findings.indices.contains($0) && $0 != index } ?? true)
    }
  }

  /// What 10,000 layers in a row may suffer from; each of it is looked for along the whole network.
  enum Fault: String, CaseIterable {
    case vanishing = "vanishing-gradient"
    case detached = "untrained-layer"
    case zero = "zero-initialization"

    /// The layer that is named.
    var layer: String { self == .detached ? "d4999" : "d0" }

    /// What a step tells of the layer at `index`.
    func record(_ index: Int) -> LayerRecord {
      let delta = TensorStatistics(count: 4, rms: 1e-3 * Double(index + 1), nonFinite: 0)
      let learning = ParameterStatistics(rms: 0.5, gradientRMS: 1e-3, updateRMS: 1e-6)
      switch self {
      case .vanishing: return LayerRecord(delta: delta, parameters: [learning])
      case .detached:
        return index < 5_000
          ? LayerRecord(parameters: [ParameterStatistics(rms: 0.5, updateRMS: 0)])
          : LayerRecord(delta: delta, parameters: [learning])
      case .zero:
        let resting = ParameterStatistics(rms: 0, gradientRMS: 0, updateRMS: 0, distinctRows: 1)
        let isLast = index == 9_999
        return LayerRecord(
          delta: isLast ? delta : TensorStatistics(count: 4, rms: 0, nonFinite: 0),
          parameters: [resting])
      }
    }
  }

  /// The time grows with the number of layers: with its square or its cube the limit would not do.
  @Test(.timeLimit(.minutes(1)), arguments: Fault.allCases)
  func tenThousandLayersAreJudged(_ fault: Fault) throws {
    let layers = (0..<10_000).map { index in
      LayerDescription(
        name: "d\(index)", kind: "dense", inputs: index > 0 ? ["d\(index - 1)"] : [],
        parameters: [
          ParameterDescription(
            name: "weight", shape: [4, 4], initialRMS: fault == .zero ? 0 : 0.5)
        ])
    }
    let records = (0..<20).map { step in
      StepRecord(step: step, loss: 2.3, examples: 1, layers: layers.indices.map(fault.record))
    }
    let header = TraceHeader(
      producer: "test", run: RunDescription(constantLoss: 2.3), layers: layers)
    let diagnosis = try Diagnosis(of: Trace(header: header, steps: records))
    #expect(diagnosis.root?.id == fault.rawValue)
    #expect(diagnosis.root?.layer == fault.layer)
  }
}
