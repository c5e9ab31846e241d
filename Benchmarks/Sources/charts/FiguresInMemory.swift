import Foundation
import GradientHealth

/// The figures of a long run of a deep network in arrays, as its peer has them: a loss a step; δ, update : weight and the
/// activity of the units of each layer.
struct FiguresInMemory: TraceSource {
  private let steps: Int
  private let layers: Int
  private let losses: [Double]
  /// The RMS of δ, and ‖ΔW‖/‖W‖, by step and layer.
  private let deltas: [Double]
  private let ratios: [Double]

  private static let units = 64
  private static let examples = 64
  private static let window = 50

  init(steps: Int, layers: Int) {
    self.steps = steps
    self.layers = layers
    var source = RandomSource(seed: 1, stream: "figures")
    losses = (0..<steps).map { step -> Double in
      let noise = exp(0.1 * source.normal())
      return 0.05 + 2.25 * exp(-Double(step) / 800) * noise
    }
    deltas = (0..<steps * layers).map { place -> Double in
      let decades = -4 + 0.03 * Double(place % layers)
      return pow(10, decades + 0.1 * source.normal())
    }
    ratios = (0..<steps * layers).map { _ -> Double in pow(10, -3 + 0.1 * source.normal()) }
  }

  /// A dense layer and a ReLU, as often as there are layers.
  var trace: Trace { Trace(header: header, source: self) }

  private var header: TraceHeader {
    var described: [LayerDescription] = []
    for layer in 1...layers {
      described.append(
        LayerDescription(
          name: "dense-\(layer)", kind: "dense", inputs: described.last.map { [$0.name] } ?? [],
          units: Self.units,
          parameters: [ParameterDescription(name: "weight", shape: [Self.units, Self.units])]))
      described.append(
        LayerDescription(
          name: "relu-\(layer)", kind: "relu", inputs: ["dense-\(layer)"], units: Self.units))
    }
    return TraceHeader(
      producer: "benchmark",
      run: RunDescription(name: "deep", plannedSteps: steps, constantLoss: 2.303),
      layers: described)
  }

  func document(_ name: String) -> String? { nil }

  func forEachStep(_ body: (StepRecord) throws -> Void) throws {
    let count = Self.units * Self.examples
    var record = StepRecord(step: 0, examples: Self.examples, lossDivisor: Double(Self.examples))
    record.layers = (0..<layers).flatMap { _ -> [LayerRecord?] in
      [
        LayerRecord(
          delta: TensorStatistics(count: count, nonFinite: 0),
          parameters: [ParameterStatistics(rms: 0.1, nonFinite: 0)]),
        LayerRecord(activation: TensorStatistics(count: count, rms: 0.8)),
      ]
    }
    for step in 0..<steps {
      record.step = step
      record.loss = losses[step]
      let endsWindow = (step + 1).isMultiple(of: Self.window)
      for layer in 0..<layers {
        let delta = deltas[step * layers + layer]
        record.layers[2 * layer]?.delta?.rms = delta
        record.layers[2 * layer]?.parameters[0]?.gradientRMS = delta
        record.layers[2 * layer]?.parameters[0]?.updateRMS = 0.1 * ratios[step * layers + layer]
        record.layers[2 * layer + 1]?.unitWindow = endsWindow ? window(step, layer) : nil
        record.layers[2 * layer + 1]?.activation?.histogram =
          endsWindow ? Self.histogram : nil
      }
      try body(record)
    }
  }

  /// Units that die one after the other, in every layer another share of them.
  private func window(_ step: Int, _ layer: Int) -> UnitWindow {
    let counts = (0..<Self.units).map { unit -> UInt32 in
      let dies = unit * layers < layer * Self.units / 4 ? (unit + 1) * steps / Self.units : .max
      return step < dies ? UInt32(Self.window * Self.examples / 2) : 0
    }
    return UnitWindow(steps: Self.window, activeCounts: counts, chanceSilent: 0.02)
  }

  private static let histogram = Log2Histogram(
    counts: (0..<Log2Histogram.binCount).map { bin -> UInt32 in
      let exponent = Double(bin + Log2Histogram.lowestExponent + 1)
      return UInt32(3000 * exp(-0.5 * exponent * exponent))
    })
}
