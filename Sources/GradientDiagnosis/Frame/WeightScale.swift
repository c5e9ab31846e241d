import Foundation
import GradientTrace

/// What the weights alone do to δ on its way down, as far as their scale at the start tells.
///
/// The product Wᵀδ of a random W changes the L2 norm by σ·√inputs, σ being the RMS of the weights and `inputs` the
/// weights that each unit has. He's scale makes √2, half of whose square a ReLU takes away again; Xavier's makes 1.
struct WeightScale: Sendable {
  private let context: AnalysisContext
  private var scales: [Int: Double] = [:]

  init(_ context: AnalysisContext) {
    self.context = context
    for layer in context.graph.weightLayers {
      for parameter in context.header.layers[layer].parameters where parameter.isWeight {
        scales[layer] = scales[layer] ?? parameter.initialRMS
      }
    }
  }

  /// Takes the scale of layers whose start was not recorded from the first step.
  mutating func observe(_ step: StepRecord) {
    guard scales.count < context.graph.weightLayers.count else { return }
    for layer in context.graph.weightLayers where scales[layer] == nil && layer < step.layers.count
    {
      let parameters = context.header.layers[layer].parameters
      for (parameter, statistics) in zip(parameters, step.layers[layer]?.parameters ?? [])
      where parameter.isWeight {
        scales[layer] = scales[layer] ?? statistics?.rms
      }
    }
  }

  /// The decades that δ gains by the weights of `layer`, next to the scale that keeps it: negative where they are small.
  ///
  /// Nil where the scale is unknown or zero.
  func gain(_ layer: Int) -> Double? {
    guard let scale = scales[layer], scale.isFinite, scale > 0, let fan = fanIn(layer) else {
      return nil
    }
    return log10(scale * fan.squareRoot() / (followsReLU(layer) ? 2.0.squareRoot() : 1))
  }

  /// The factor by which the weights of `layer` exceed the scale that keeps δ, or nil.
  func factor(_ layer: Int) -> Double? { gain(layer).map { Magnitude.power($0) } }

  /// The RMS of the weights of `layer` at the start, or nil.
  func rms(_ layer: Int) -> Double? { scales[layer] }

  private func fanIn(_ layer: Int) -> Double? {
    context.header.layers[layer].parameters.first(where: \.isWeight).map { parameter in
      parameter.shape.dropFirst().reduce(1.0) { $0 * Double($1) }
    }
  }

  /// Whether an activation with a zero branch stands between `layer` and the weights below it, and takes half of δ.
  func followsReLU(_ layer: Int) -> Bool {
    var open = context.graph.inputs[layer]
    var seen = Set<Int>()
    while let below = open.popLast() {
      guard seen.insert(below).inserted, !context.hasWeights(below) else { continue }
      if ActivationKind.reluFamily.contains(context.kind(below)) { return true }
      open += context.graph.inputs[below]
    }
    return false
  }
}

/// The activations, by what they do to δ.
package enum ActivationKind {
  /// Those with a zero branch, which can die.
  static let withZeroBranch: Set<String> = ["relu", "relu-6"]
  /// Those that pass about half of δ.
  static let reluFamily: Set<String> = withZeroBranch.union([
    "leaky-relu", "prelu", "elu", "selu", "celu", "gelu", "silu", "mish", "softplus",
  ])
  /// Those with two flat ends, whose outputs near an end are counted.
  static let withFlatEnds: Set<String> = ["sigmoid", "tanh", "hard-sigmoid", "hard-tanh"]
  /// Those whose slope goes to zero on both sides.
  static let saturating: Set<String> = [
    "sigmoid", "tanh", "hard-sigmoid", "hard-tanh", "softsign", "softmax",
  ]
  /// All that act on each element alone.
  package static let elementwise: Set<String> = reluFamily.union(saturating).subtracting(["softmax"]
  )
}
