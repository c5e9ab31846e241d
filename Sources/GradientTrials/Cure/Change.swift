package import Backpropagation
package import GradientModelFiles

/// One change of a training's description, which can be made in a ``Recipe`` and in the text of a model file alike.
///
/// Layers, groups and losses are meant by their places at the time of the change.
package enum Change: Sendable, Equatable {
  // Layers
  case setArgument(layer: Int, name: String, ArgumentValue?)
  case replace(layer: Int, by: WrittenMember)
  case insert(at: Int, WrittenMember, name: String? = nil, from: [String] = [])
  case remove(layer: Int)
  case setInputs(layer: Int, [String])
  case setWeightsOf(layer: Int, String)
  case setOutput(loss: Int, String)
  case setLossWeight(loss: Int, Double)
  case dropWeights

  // Data
  case setNormalization(Normalization)
  case setMissing(CSVSource.MissingValues)

  // Training
  case setLearningRate(Double)
  case setGroupRate(group: Int, Double)
  case removeGroup(Int)
  case setOptimizer(WrittenMember)
  case setMomentum(Double)
  case setWeightDecay(Double)
  case setClipping(Clipping?)
  case removeSchedule
  case warmUp(steps: Int)
  case setPatience(epochs: Int)
  case setBatch(Int)

  /// Where each of `count` layers stands after this change, nil for one that is gone; nil if the names stay what they are.
  func newPlaces(of count: Int) -> [Int?]? {
    switch self {
    case .insert(let place, _, _, _): (0..<count).map { $0 < place ? $0 : $0 + 1 }
    case .remove(let place): (0..<count).map { $0 == place ? nil : $0 < place ? $0 : $0 - 1 }
    case .replace: (0..<count).map { $0 }
    default: nil
    }
  }
}

extension ModelText {
  /// Makes a change in the file's text.
  package mutating func apply(_ change: Change) {
    switch change {
    case .setArgument(let place, let name, let value): set(name, ofLayer: place, to: value)
    case .replace(let place, let member): replaceLayer(place, by: member)
    case .insert(let place, let member, let name, let inputs):
      insertLayer(member, at: place, name: name, from: inputs)
    case .remove(let place): removeLayer(place)
    case .setInputs(let place, let names):
      set("from", ofLayer: place, to: names.isEmpty ? nil : .names(names))
    case .setWeightsOf(let place, let name): set("weights-of", ofLayer: place, to: .text(name))
    case .setOutput(let place, let name): set("output", ofLoss: place, to: .text(name))
    case .setLossWeight(let place, let weight): set("weight", ofLoss: place, to: .number(weight))
    case .dropWeights: set("weights", to: nil)
    case .setNormalization(let normalization):
      set("data", "normalize", to: .text(normalization.rawValue))
    case .setMissing(let missing): set("data", "missing", to: .text(missing.word))
    case .setLearningRate(let rate): set("learning-rate", ofOptimizerTo: .number(rate))
    case .setGroupRate(let place, let rate):
      set("learning-rate", ofGroup: place, to: .number(rate))
    case .removeGroup(let place): removeGroup(place)
    case .setOptimizer(let member): setOptimizer(member)
    case .setMomentum(let momentum): set("momentum", ofOptimizerTo: .number(momentum))
    case .setWeightDecay(let decay): set("weight-decay", ofOptimizerTo: .number(decay))
    case .setClipping(let clipping): set("training", "clip", to: clipping?.written)
    case .removeSchedule: set("training", "schedule", to: nil)
    case .warmUp(let steps):
      prependSchedule(WrittenMember("warmup", [.init("steps", .integer(steps))]))
    case .setPatience(let epochs): set("training", "stop", "patience", to: .integer(epochs))
    case .setBatch(let batch): set("training", "batch", to: .integer(batch))
    }
  }
}

extension CSVSource.MissingValues {
  fileprivate var word: String {
    switch self {
    case .error: "error"
    case .dropRow: "drop-row"
    case .mean: "mean"
    }
  }
}

extension Clipping {
  fileprivate var written: ArgumentValue {
    switch self {
    case .value(let limit): .map(["value": .number(limit)])
    case .norm(let limit): .map(["norm": .number(limit)])
    case .globalNorm(let limit): .map(["global-norm": .number(limit)])
    }
  }

  /// The limit.
  var limit: Double {
    switch self {
    case .value(let limit), .norm(let limit), .globalNorm(let limit): limit
    }
  }

  /// The same way of clipping with another limit.
  func with(limit: Double) -> Clipping {
    switch self {
    case .value: .value(limit)
    case .norm: .norm(limit)
    case .globalNorm: .globalNorm(limit)
    }
  }
}
