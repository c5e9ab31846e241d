import Foundation
import GradientDiagnosis
import GradientTrace

/// A made-up run with the shape of a real one, and the diagnosis that belongs to it.
struct SampleRun {
  var trace: Trace
  var diagnosis: Diagnosis

  /// Numbers that look random and are the same each time (splitmix64).
  struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func uniform() -> Double {
      state &+= 0x9E37_79B9_7F4A_7C15
      var bits = state
      bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((bits ^ (bits >> 31)) >> 11) * 0x1p-53
    }

    /// About normal, with a mean of 0 and a standard deviation of 1.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
  }

  /// What sets one run apart from another.
  struct Setting {
    var layers = 4
    var steps = 400
    var units = 64
    /// The decades that δ loses from one layer to the one below it.
    var decadesPerLayer = 0.05
    var activation = "relu"
    var name: @Sendable (Int) -> String = { "dense-\($0)" }
    /// The loss at a step, without noise.
    var loss: @Sendable (Int) -> Double = { 0.05 + 2.25 * exp(-Double($0) / 60) }
    /// The decades that everything has grown by at a step.
    var growth: @Sendable (Int) -> Double = { _ in 0 }
    /// For each unit of the last activation the step at which it dies.
    var deaths: @Sendable (Int) -> Int? = { _ in nil }
    var deadLayer: Int?
    var firstNonFinite: Int?
    var constantLoss: Double? = 2.303
    var hasValidation = true
    var runName: String? = "sample"
    /// The time steps of a sequence, where the layers are recurrent, and the decades that δ loses over them.
    var timeSteps = 0
    var decadesThroughTime = 0.0
    /// The share of a sigmoid's or tanh's outputs at its flat ends.
    var saturatedShare = 0.0
    /// The share of the first layer's δ that is subnormal.
    var subnormalShare = 0.0
    /// For each unit its mean δ in a window.
    var unitDelta: @Sendable (_ unit: Int, _ step: Int) -> Double = { unit, step in
      sin(Double(unit * unit)) * 0.01 + sin(Double(unit + step)) * 0.002
    }
  }

  private static let windowSteps = 50

  static func trace(_ setting: Setting) -> Trace {
    var noise = Noise(seed: 1)
    var layers = [LayerDescription(name: "input", kind: "input", units: setting.units)]
    for layer in 1...setting.layers {
      let weight = ParameterDescription(name: "weight", shape: [setting.units, setting.units])
      let bias = ParameterDescription(name: "bias", shape: [setting.units])
      layers.append(
        LayerDescription(
          name: setting.name(layer), kind: setting.timeSteps > 0 ? "rnn" : "dense",
          inputs: [layers[layers.count - 1].name],
          units: setting.units, parameters: [weight, bias]))
      guard layer < setting.layers else { continue }
      layers.append(
        LayerDescription(
          name: "\(setting.activation)-\(layer)", kind: setting.activation,
          inputs: [setting.name(layer)], units: setting.units))
    }
    let header = TraceHeader(
      producer: "gradcheck 0.1.0",
      run: RunDescription(
        name: setting.runName, model: "\(setting.layers) dense × \(setting.units)",
        examplesPerEpoch: 1437, plannedSteps: setting.steps, constantLoss: setting.constantLoss,
        settings: [.init("seed", "1"), .init("threads", "2"), .init("time", "0.41 s")]),
      layers: layers)
    let steps = (0..<setting.steps).map { step in
      record(step, setting, layers, &noise)
    }
    return Trace(header: header, steps: steps)
  }

  private static func record(
    _ step: Int, _ setting: Setting, _ layers: [LayerDescription], _ noise: inout Noise
  ) -> StepRecord {
    let isBroken = setting.firstNonFinite.map { step >= $0 } ?? false
    let loss = isBroken ? .nan : setting.loss(step) * exp(0.12 * noise.normal())
    let common = 0.1 * noise.normal() + setting.growth(step)
    let records = layers.enumerated().map { index, layer -> LayerRecord? in
      guard layer.kind != "input" else { return LayerRecord() }
      let depth = (index + 1) / 2
      let lost = Double(setting.layers - depth) * setting.decadesPerLayer
      let isBlocked =
        setting.deadLayer.map { depth <= $0 && setting.deaths(0) == 0 && step > 0 } ?? false
      let size = isBlocked ? 0 : pow(10, -1.7 - lost + common + 0.08 * noise.normal())
      let count = 64 * setting.units
      let endsWindow = (step + 1).isMultiple(of: windowSteps) || step == setting.steps - 1
      let rms = isBroken ? .nan : size / Double(setting.units).squareRoot()
      var record = LayerRecord(
        delta: TensorStatistics(count: count, rms: rms, nonFinite: isBroken ? count : 0))
      if endsWindow {
        record.delta?.zeros = rms == 0 ? count : 0
        let subnormal = depth == 1 ? Int(Double(count) * setting.subnormalShare) : 0
        record.delta?.subnormal = subnormal
        record.delta?.histogram = histogram(around: rms, count - subnormal)
        record.delta?.histogram?.counts[0] += UInt32(subnormal)
      }
      if layer.parameters.isEmpty {
        record.activation = TensorStatistics(count: count, rms: 1)
        if endsWindow {
          record.unitWindow = window(step, depth, setting, &noise)
          record.activation?.zeros = layer.kind == "relu" ? count / 2 : 0
          record.activation?.histogram = histogram(
            around: isBroken ? .nan : 0.5, layer.kind == "relu" ? count / 2 : count)
          record.activation?.nonFinite = isBroken ? count : 0
          record.saturated = Int(Double(count) * setting.saturatedShare)
          record.unitDeltas = (0..<setting.units).map { setting.unitDelta($0, step) }
        }
      } else {
        let ratio = size * pow(10, -1.3 + 0.05 * noise.normal())
        record.parameters = [
          ParameterStatistics(rms: 0.15, gradientRMS: size, updateRMS: 0.15 * ratio), nil,
        ]
        if endsWindow {
          let weights = setting.units * setting.units
          record.parameters[0]?.gradientZeros = isBroken ? 0 : size == 0 ? weights : weights / 8
          record.parameters[0]?.gradientNonFinite = isBroken ? weights : 0
          record.parameters[0]?.gradientHistogram = histogram(
            around: isBroken ? .nan : size, weights)
        }
        if setting.timeSteps > 0 {
          let perStep = setting.decadesThroughTime / Double(max(1, setting.timeSteps - 1))
          record.deltaRMSByTime = (1...setting.timeSteps).map {
            rms * pow(10, -perStep * Double(setting.timeSteps - $0))
          }
        }
      }
      return record
    }
    return StepRecord(
      step: step, epoch: step / 23, loss: loss,
      validationLoss: setting.hasValidation && step % 23 == 22 && !isBroken
        ? setting.loss(step) * 1.1 + 0.02 : nil,
      learningRate: 0.1, examples: 64, lossDivisor: 64, layers: records)
  }

  /// A hill of magnitudes around `size`; empty where that is zero or no number.
  private static func histogram(around size: Double, _ count: Int) -> Log2Histogram {
    var counts = [UInt32](repeating: 0, count: Log2Histogram.binCount)
    guard size > 0, size.isFinite else { return Log2Histogram(counts: counts) }
    let middle = log2(size) - Double(Log2Histogram.lowestExponent)
    for bin in counts.indices {
      let distance = Double(bin) + 0.5 - middle
      counts[bin] = UInt32(Double(count) * 0.2 * exp(-distance * distance / 8))
    }
    return Log2Histogram(counts: counts)
  }

  private static func window(
    _ step: Int, _ depth: Int, _ setting: Setting, _ noise: inout Noise
  ) -> UnitWindow {
    let first = step / windowSteps * windowSteps
    let length = step - first + 1
    let counts = (0..<setting.units).map { unit -> UInt32 in
      let share = 0.2 + 0.6 * noise.uniform()
      let end = setting.deadLayer == depth ? setting.deaths(unit) ?? .max : .max
      return UInt32(Double(64 * max(0, min(length, end - first))) * share)
    }
    return UnitWindow(steps: length, activeCounts: counts, chanceSilent: 0.08)
  }
}

extension SampleRun {
  static func healthy(layers: Int = 3, steps: Int = 400) -> SampleRun {
    SampleRun(
      trace: trace(Setting(layers: layers, steps: steps, decadesPerLayer: 0.3 / Double(layers))),
      diagnosis: Diagnosis(
        verdict: .healthy, rootCause: nil, findings: [],
        passed: [
          CheckedSymptom(
            id: "vanishing-gradient", evidence: "attenuation 0.3 decades; alarm above 3"),
          CheckedSymptom(id: "dead-relu", evidence: "0 of 64 units dead; chance explains 5"),
        ],
        notChecked: [
          UncheckedSymptom(
            id: "vanishing-through-time", reason: "no recurrent layer in this model")
        ], steps: steps, reason: "the loss fell from 2.3 to 0.05, the best constant guess has 2.3"))
  }

  static func vanishing(
    layers: Int = 13, steps: Int = 400,
    name: @escaping @Sendable (Int) -> String = { "dense-\($0)" }
  ) -> SampleRun {
    let lost = 6.3
    let perLayer = lost / Double(layers - 1)
    let setting = Setting(
      layers: layers, steps: steps, decadesPerLayer: perLayer, activation: "sigmoid",
      name: name, loss: { _ in 2.303 }, runName: "vanishing")
    let finding = Finding(
      id: "vanishing-gradient", severity: .error, layer: name(1),
      layers: (1...max(1, layers * 8 / 13)).map(name), firstStep: 0, raisedAtStep: min(25, steps),
      lastStep: steps - 1, statistic: "attenuation", value: lost, threshold: 3, healthy: 0.3...1.5,
      cause: Cause(
        id: "saturating-activation",
        text:
          "Every sigmoid multiplies δ by at most 0.25; \(name(1)) moves by 3e-9 of its weight a step, so it keeps its random start."
      ),
      message: "δ loses 6.3 decades from \(name(layers)) to \(name(1)), since step 0.",
      remedies: [
        Remedy(id: "use-relu", text: "Use relu with He initialization."),
        Remedy(id: "batch-norm", text: "Put batch norm before each sigmoid."),
      ])
    let stuck = Finding(
      id: "not-learning", severity: .warning, layer: nil, firstStep: 0, raisedAtStep: steps - 1,
      lastStep: steps - 1, statistic: "loss-drop", value: 0.0, threshold: 0.02,
      cause: Cause(id: "architecture", text: "The layers near the input get no gradient."),
      causedBy: 0, message: "The loss stays at 2.30, that of the best constant guess.",
      remedies: [])
    return SampleRun(
      trace: trace(setting),
      diagnosis: Diagnosis(
        verdict: .error, rootCause: 0, findings: [finding, stuck],
        passed: [CheckedSymptom(id: "non-finite", evidence: "no NaN or infinity in 400 steps")],
        notChecked: [], steps: steps, reason: "vanishing gradient"))
  }

  static func exploding(layers: Int = 13, steps: Int = 400) -> SampleRun {
    let setting = Setting(
      layers: layers, steps: steps, decadesPerLayer: -0.4, name: { "dense-\($0)" },
      loss: { 2.3 * pow(1.9, Double($0)) }, growth: { Double($0) * 0.35 }, firstNonFinite: 21,
      hasValidation: false, runName: "exploding")
    let finding = Finding(
      id: "exploding-gradient", severity: .error, layer: "dense-1",
      layers: ["dense-1", "dense-2", "dense-3"], firstStep: 0, raisedAtStep: 10, lastStep: 20,
      statistic: "attenuation", value: -4.8, threshold: -2, healthy: 0.3...1.5,
      cause: Cause(
        id: "initial-scale",
        text:
          "The weights start 3.0 times as large as He's, so each layer makes δ 2.5 times larger."),
      message: "δ grows by 4.8 decades from dense-13 to dense-1, since step 0.",
      remedies: [Remedy(id: "he-initialization", text: "Initialize with he-normal.")])
    let broken = Finding(
      id: "non-finite", severity: .error, layer: "dense-13", firstStep: 21, raisedAtStep: 21,
      lastStep: steps - 1, statistic: "non-finite-count", value: 64, threshold: 0,
      cause: Cause(id: "initial-scale", text: "The activations outgrew Float."), causedBy: 0,
      message: "The loss is NaN from step 21 on; the first tensor is dense-13's output.",
      remedies: [])
    return SampleRun(
      trace: trace(setting),
      diagnosis: Diagnosis(
        verdict: .error, rootCause: 0, findings: [finding, broken], passed: [], notChecked: [],
        steps: steps, reason: "exploding gradient"))
  }

  static func deadReLU(steps: Int = 400) -> SampleRun {
    let setting = Setting(
      layers: 4, steps: steps, loss: { 2.3 + 0.5 / Double(1 + $0) },
      deaths: { $0 % 21 == 20 ? nil : $0 < 40 ? 3 : 3 + ($0 - 40) * 11 }, deadLayer: 2,
      runName: "dead-relu")
    let finding = Finding(
      id: "dead-relu", severity: .error, layer: "relu-2", layers: ["relu-2"], firstStep: 3,
      raisedAtStep: 50, lastStep: steps - 1, statistic: "excess-silent-share", value: 0.87,
      threshold: 0.1,
      cause: Cause(
        id: "learning-rate",
        text: "The step before, learning rate 10 moved dense-2 by 4.1 times its own size."),
      message:
        "61 of 64 units of relu-2 (fed by dense-2) never fire since step 3; chance would explain 5.",
      remedies: [Remedy(id: "lower-learning-rate", text: "Try a learning rate below 0.3.")])
    return SampleRun(
      trace: trace(setting),
      diagnosis: Diagnosis(
        verdict: .error, rootCause: 0, findings: [finding], passed: [], notChecked: [],
        steps: steps, reason: "dead ReLU"))
  }

  /// A recurrent run whose δ loses `decades` through time.
  static func recurrent(layers: Int = 2, timeSteps: Int = 28, decades: Double) -> SampleRun {
    var setting = Setting(layers: layers, loss: { _ in 2.3 })
    setting.timeSteps = timeSteps
    setting.decadesThroughTime = decades
    let isFading = decades > 0
    return SampleRun(
      trace: trace(setting),
      diagnosis: diagnosis(
        isFading ? "vanishing-through-time" : "exploding-through-time", layer: "dense-1"))
  }

  /// A run whose tanhs stand at their flat ends.
  static func saturated(layers: Int = 5, steps: Int = 400) -> SampleRun {
    var setting = Setting(layers: layers, steps: steps, activation: "tanh")
    setting.saturatedShare = 0.9
    return SampleRun(
      trace: trace(setting), diagnosis: diagnosis("saturated-activation", layer: "tanh-1"))
  }

  /// A run with δ too small for full precision in its first layer.
  static func subnormal() -> SampleRun {
    var setting = Setting(layers: 13, decadesPerLayer: 0.6, activation: "sigmoid")
    setting.subnormalShare = 0.8
    return SampleRun(
      trace: trace(setting), diagnosis: diagnosis("subnormal-gradient", layer: "dense-1"))
  }

  /// A run whose units are all alike.
  static func symmetric() -> SampleRun {
    var setting = Setting(layers: 3)
    setting.unitDelta = { _, step in (step / windowSteps).isMultiple(of: 2) ? 0.01 : -0.01 }
    return SampleRun(
      trace: trace(setting), diagnosis: diagnosis("symmetric-initialization", layer: "dense-1"))
  }

  private static func diagnosis(_ id: String, layer: String) -> Diagnosis {
    Diagnosis(
      verdict: .error, rootCause: 0,
      findings: [
        Finding(
          id: id, severity: .error, layer: layer, layers: [layer], firstStep: 0, raisedAtStep: 25,
          lastStep: 399, statistic: "", value: 1, threshold: 0,
          cause: Cause(id: "unknown", text: ""), message: "", remedies: [])
      ], passed: [], notChecked: [], steps: 400, reason: "")
  }

  /// A run in which no δ passes the second of three activations.
  static func blocked() -> SampleRun {
    SampleRun(
      trace: trace(Setting(layers: 4, loss: { _ in 2.3 }, deaths: { _ in 0 }, deadLayer: 2)),
      diagnosis: healthy().diagnosis)
  }
}
