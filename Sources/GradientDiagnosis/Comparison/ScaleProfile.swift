import Foundation
import GradientTrace

/// How large a run's tensors are, layer by layer, in a window of steps.
///
/// δ and the weight gradient stand next to those of the last layer with weights: what matters is how they change on their
/// way, while all of them together fall with the loss, by 0.3 decades more in one run than in another of the same model.
struct ScaleProfile: Sendable, Equatable {
  /// A layer's size.
  struct Size: Sendable, Equatable, Codable {
    /// The median over the window; 0 where it is exactly zero at most steps, NaN where some value was not finite.
    var median: Double
    /// How far the decimal logarithm strays from step to step, as a standard deviation.
    var spread: Double

    /// Its decimal logarithm; nil where it has none.
    var decades: Double? { GradientDiagnosis.decades(median) }
  }

  /// For each quantity, the layers that recorded it.
  private(set) var sizes: [RunComparison.Quantity: [String: Size]] = [:]
  /// The median of the steps' losses.
  private(set) var loss = Double.nan

  /// Nothing measured.
  init() {}

  /// What was measured before.
  init(sizes: [RunComparison.Quantity: [String: Size]], loss: Double) {
    self.sizes = sizes
    self.loss = loss
  }

  /// Reads the first steps and the last in one pass; nil where none of them was recorded.
  ///
  /// - Throws: What reading the trace throws.
  static func both(
    of trace: Trace, first: ClosedRange<Int>?, last: ClosedRange<Int>?
  ) throws -> (first: ScaleProfile?, last: ScaleProfile?) {
    let output = LayerGraph(trace.header).weightLayers.last
    var starts = ScaleCollector(trace.header.layers, RunComparison.Quantity.allCases)
    var ends = ScaleCollector(trace.header.layers, RunComparison.Quantity.ofLastSteps)
    try trace.forEachStep { record in
      if first?.contains(record.step) == true { starts.observe(record, relativeTo: output) }
      if last?.contains(record.step) == true { ends.observe(record, relativeTo: output) }
    }
    return (starts.profile, ends.profile)
  }
}

/// The sizes of each step of a window, of which the medians are taken.
private struct ScaleCollector {
  private let layers: [LayerDescription]
  private let quantities: [RunComparison.Quantity]
  private var values: [RunComparison.Quantity: [[Double]]] = [:]
  private var losses: [Double] = []
  private var steps = 0

  init(_ layers: [LayerDescription], _ quantities: [RunComparison.Quantity]) {
    self.layers = layers
    self.quantities = quantities
  }

  /// Takes in a step; some quantities stand next to those of the layer `last`.
  mutating func observe(_ record: StepRecord, relativeTo last: Int?) {
    steps += 1
    if let loss = record.loss { losses.append(loss) }
    for quantity in quantities {
      var row = layers.indices.map { layer in
        layer < record.layers.count
          ? record.layers[layer].flatMap {
            quantity.size(of: $0, described: layers[layer], in: record)
          } : nil
      }
      if quantity.isRelative {
        let reference = last.flatMap { row[$0] }
        row = row.map { size in reference.flatMap { reference in size.map { $0 / reference } } }
      }
      for (layer, size) in row.enumerated() {
        guard let size else { continue }
        values[quantity, default: Array(repeating: [], count: layers.count)][layer].append(size)
      }
    }
  }

  /// The medians; nil where no step was seen.
  var profile: ScaleProfile? {
    guard steps > 0 else { return nil }
    let names = layers.map(\.name)
    return ScaleProfile(
      sizes: values.mapValues { columns in
        Dictionary(
          zip(names, columns).filter { !$0.1.isEmpty }.map { ($0, ScaleProfile.Size(of: $1)) },
          uniquingKeysWith: { first, _ in first })
      }, loss: losses.allSatisfy(\.isFinite) ? median(losses) ?? .nan : .nan)
  }
}

extension ScaleProfile.Size {
  fileprivate init(of values: [Double]) {
    guard values.allSatisfy(\.isFinite), let middle = GradientDiagnosis.median(values) else {
      self.init(median: .nan, spread: 0)
      return
    }
    let logarithms = values.compactMap { GradientDiagnosis.decades($0) }
    let center = GradientDiagnosis.median(logarithms) ?? 0
    self.init(
      median: middle,
      // Of a normal distribution the standard deviation is 1.4826 times the median absolute deviation.
      spread: 1.4826 * (medianAbsoluteDeviation(logarithms, from: center) ?? 0))
  }
}

extension RunComparison.Quantity {
  /// Whether it stands next to that of the last layer with weights.
  var isRelative: Bool { self == .delta || self == .gradient }

  /// What the last steps are compared by: how large the weights are by then, training has found.
  static let ofLastSteps = allCases.filter { $0 != .weight }

  /// The size at one layer and step; nil where it was not recorded, or is zero by design.
  fileprivate func size(
    of layer: LayerRecord, described description: LayerDescription, in record: StepRecord
  ) -> Double? {
    switch self {
    case .activation: return layer.activation?.rms
    case .delta:
      return description.kind == "input" ? nil : layer.delta?.size(perExampleOf: record.examples)
    case .weight, .gradient, .update:
      guard let place = description.parameters.firstIndex(where: { $0.isWeight && !$0.frozen }),
        place < layer.parameters.count, let weight = layer.parameters[place],
        weight.frozen != true
      else { return nil }
      switch self {
      case .gradient: return weight.gradientRMS
      case .update: return weight.updateRatio
      default:
        let inputs = description.parameters[place].shape.dropFirst().reduce(1) { $0 * Double($1) }
        return weight.rms.map { $0 * inputs.squareRoot() }
      }
    }
  }
}
