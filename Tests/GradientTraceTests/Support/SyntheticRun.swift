import GradientTrace

/// A run with plausible numbers, the same for the same seed.
struct SyntheticRun {
  var header: TraceHeader
  private var random: SplitMix
  /// The steps between two windows.
  private let windowSteps: Int
  private let batch = 128

  /// A multilayer perceptron with these widths, ReLU between its dense layers.
  init(widths: [Int], windowSteps: Int = 50, seed: UInt64 = 1) {
    random = SplitMix(state: seed)
    self.windowSteps = windowSteps
    var layers = [LayerDescription(name: "input", kind: "input", units: widths[0])]
    for (index, pair) in zip(widths, widths.dropFirst()).enumerated() {
      let (inputs, units) = pair
      layers.append(
        LayerDescription(
          name: "dense-\(index + 1)", kind: "dense", inputs: [layers[layers.count - 1].name],
          units: units,
          parameters: [
            ParameterDescription(name: "weight", shape: [units, inputs], initialRMS: 0.05),
            ParameterDescription(name: "bias", shape: [units], initialRMS: 0),
          ]))
      guard index < widths.count - 2 else { break }
      layers.append(
        LayerDescription(
          name: "relu-\(index + 1)", kind: "relu", inputs: ["dense-\(index + 1)"], units: units))
    }
    header = TraceHeader(
      producer: "tests 1", run: RunDescription(name: "synthetic"), layers: layers)
  }

  /// The record of the step with this number; steps must be asked for in order.
  mutating func step(_ number: Int) -> StepRecord {
    var record = StepRecord(
      step: number, epoch: number / 10, loss: real(), learningRate: 0.1, examples: batch,
      lossDivisor: Double(batch))
    let isWindow = number % windowSteps == windowSteps - 1
    for layer in header.layers {
      let isActivation = layer.kind == "relu"
      let units = layer.units ?? 0
      var activation = statistics(units, zeros: isActivation)
      if layer.kind == "input" { activation.histogram = nil }
      var delta = statistics(units, zeros: true)
      if isWindow { delta.histogram = histogram() }
      var entry = LayerRecord(
        activation: activation, delta: layer.kind == "input" ? nil : delta,
        silentUnits: isActivation ? 0 : nil)
      if isActivation, isWindow {
        entry.unitWindow = UnitWindow(
          steps: windowSteps,
          activeCounts: (0..<units).map { _ in UInt32(random.below(batch * windowSteps)) },
          lastActive: (0..<units).map { _ in number - random.below(2) },
          deltaMeans: (0..<units).map { _ in Float(real()) })
      }
      entry.parameters = layer.parameters.map { parameter in
        let count = parameter.shape.reduce(1, *)
        return ParameterStatistics(
          rms: real(), gradientRMS: real(), gradientMax: real(),
          gradientZeros: random.below(count), updateRMS: real(), nonFinite: 0,
          gradientNonFinite: 0, distinctRows: parameter.isWeight ? units : nil,
          gradientHistogram: isWindow ? histogram() : nil)
      }
      record.layers.append(entry)
    }
    return record
  }

  /// The first `count` steps.
  mutating func steps(_ count: Int) -> [StepRecord] { (0..<count).map { step($0) } }

  private mutating func statistics(_ units: Int, zeros: Bool) -> TensorStatistics {
    TensorStatistics(
      count: units * batch, mean: real(), rms: real(), max: real(),
      zeros: zeros ? random.below(units * batch) : 0, nonFinite: 0, subnormal: 0)
  }

  private mutating func histogram() -> Log2Histogram {
    Log2Histogram(
      counts: (0..<64).map { $0 > 14 && $0 < 46 ? UInt32(random.below(20_000)) : 0 })
  }

  /// A number that Float32 holds.
  private mutating func real() -> Double {
    Double(Float(random.below(1 << 24) + 1) / Float(1 << 24))
  }
}

/// Vigna's SplitMix64.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
