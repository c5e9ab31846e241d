import GradientTrace

/// A small run in which every field of every type stands at least once, with values that tempt a format to lose them.
enum FullRun {
  static let header = TraceHeader(
    producer: "tests 1",
    run: RunDescription(
      name: "a \"quoted\"\nname, with comma", model: "π → é", examplesPerEpoch: 640,
      plannedSteps: 300, constantLoss: 2.302585092994046,
      settings: [.init("seed", "1"), .init("data", "no header,\t64 features"), .init("empty", "")]),
    layers: [
      LayerDescription(name: "input", kind: "input", units: 3),
      LayerDescription(
        name: "dense/1", kind: "dense", inputs: ["input"], units: 2,
        parameters: [
          ParameterDescription(name: "weight", shape: [2, 3], initialRMS: 0.125),
          ParameterDescription(name: "bias", shape: [2], frozen: true),
        ]),
      LayerDescription(name: "lstm", kind: "lstm", inputs: ["dense/1", "input"]),
      LayerDescription(name: "alone", kind: "my-own", inputs: []),
    ])

  static let steps: [StepRecord] = [
    StepRecord(
      step: 0, epoch: 0, loss: 2.302585092994046, validationLoss: 2.5, learningRate: 0.1,
      clipFactor: 0.25, examples: 50, lossDivisor: 50, optimizer: "generator",
      layers: [
        LayerRecord(
          activation: TensorStatistics(
            count: 150, mean: -0.5, rms: 1.5, max: 3, zeros: 1, nonFinite: 0, subnormal: 2,
            histogram: histogram(from: 47, [1, 2, 70_000])),
          unitMeans: [0.5, rounded(-1e-20), 0], unitDeviations: [1, 2, 3],
          unitDeltas: [rounded(-1e-7), 0, .nan]),
        LayerRecord(
          activation: TensorStatistics(count: 100, mean: .nan, rms: .infinity, max: .infinity),
          delta: TensorStatistics(
            count: 100, mean: rounded(1e-3), rms: rounded(0.1), max: rounded(0.7), zeros: 4,
            nonFinite: 0, subnormal: 1, histogram: histogram(from: 0, [4_294_967_295])),
          parameters: [
            ParameterStatistics(
              rms: 0.5, gradientRMS: rounded(1e-9), gradientMax: -.infinity, gradientZeros: 2,
              updateRMS: 0, nonFinite: 1, gradientNonFinite: 3, distinctRows: 1, frozen: false,
              gradientHistogram: histogram(from: 63, [9])),
            ParameterStatistics(rms: 0.25, updateRMS: 0, frozen: true),
          ],
          silentUnits: 1,
          unitWindow: UnitWindow(
            steps: 50, activeCounts: [0, 4_294_967_295], lastActive: [nil, 0],
            deltaMeans: [0, 1e-30], chanceSilent: 0.123456789),
          saturated: 12, calls: 3),
        LayerRecord(
          parameters: [], deltaRMSByTime: [rounded(1e-30), rounded(1e-3), rounded(0.3)]),
        nil,
      ]),
    StepRecord(
      step: 7, loss: .nan, learningRate: 0,
      layers: [
        nil,
        LayerRecord(
          // Below what Float32 holds: kept as Float64.
          delta: TensorStatistics(count: 5_000_000_000, rms: 1e-60, max: 1e300),
          parameters: [nil, ParameterStatistics(rms: 0.25)],
          unitWindow: UnitWindow(steps: 1, activeCounts: [3, 4])),
        LayerRecord(saturated: 5, deltaRMSByTime: [1e-80, 1]),
        nil,
      ]),
    StepRecord(
      step: 4_294_967_300, loss: .infinity, layers: [nil, nil, nil, nil]),
  ]

  /// As a reader rounds it.
  private static func rounded(_ value: Double) -> Double { Double(Float(value)) }

  private static func histogram(from bin: Int, _ counts: [UInt32]) -> Log2Histogram {
    var all = [UInt32](repeating: 0, count: 64)
    all.replaceSubrange(bin..<bin + counts.count, with: counts)
    return Log2Histogram(counts: all)
  }
}

extension StepRecord {
  /// Whether two records are equal where NaN equals NaN.
  func isSame(as other: StepRecord) -> Bool { "\(self)" == "\(other)" }
}

extension Trace {
  /// All steps, for a trace that is small.
  func steps() throws -> [StepRecord] {
    var steps: [StepRecord] = []
    try forEachStep { steps.append($0) }
    return steps
  }
}
