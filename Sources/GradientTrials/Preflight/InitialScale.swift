import Backpropagation
import Foundation
import GradientDiagnosis

/// Whether activations keep their scale on the way through the network, at its initial values.
///
/// A layer's output is held against what the layers before it started from: the input, or the output of the last layer that
/// brings everything to a scale of its own, as normalizations, sigmoids and embeddings do. No absolute size counts.
struct InitialScale {
  /// How many times as large activations may get, and what may be left of them.
  ///
  /// He's initialization keeps them at √2 times the input, and 81 healthy networks on handwritten digits between 0.007 and 3.6
  /// times; hundredfold weights make 140 in one layer.
  static let limits = 1e-6...100.0

  private let network: NeuralNetwork
  private let activations: [Double]
  /// For each node what its output is held against; nil where nothing is known of it.
  let origins: [Double?]
  private let bypassed: [Bool]

  init(_ first: FirstPass<some TensorScalar>) {
    network = first.network
    activations = network.nodes.indices.map(first.activation)
    let biases = network.nodes.map { node in
      node.parameters.filter { first.network.parameters[$0].nameInLayer == "bias" }
        .map { first.workspace.parameters.views[$0].summary.rms }.max() ?? 0
    }
    var origins: [Double?] = []
    for (index, node) in network.nodes.enumerated() {
      let carried = node.inputs.compactMap { origins[$0] }.max()
      let isOrigin = index < network.inputCount || node.layer.setsScale
      let origin = isOrigin ? activations[index] : carried.map { max($0, biases[index]) }
      origins.append(origin.flatMap { $0 > 0 && $0.isFinite ? $0 : nil })
    }
    self.origins = origins
    bypassed = network.bypassedNodes
  }

  var outcome: PreflightOutcome {
    let judged = network.nodes.indices.filter(isJudged)
    let growths = judged.compactMap { node in growth(of: node).map { (node: node, value: $0) } }
    guard let largest = growths.max(by: { $0.value < $1.value }) else {
      return .notChecked("no layer with weights passes on a scale")
    }
    if largest.value > Self.limits.upperBound {
      return .warning(warning(largest.node, largest.value, among: judged))
    }
    let trunk = growths.filter { !bypassed[$0.node] && !isOutput($0.node) }
    if let least = trunk.min(by: { $0.value < $1.value }), least.value < Self.limits.lowerBound {
      return .warning(warning(least.node, least.value, among: judged))
    }
    let least = trunk.map(\.value).min() ?? largest.value
    return .passed(
      "from \(Wording.short(least)) to \(Wording.short(largest.value)) times what goes in")
  }

  /// Whether a node has weights, and nothing behind it sets the scale anew.
  private func isJudged(_ node: Int) -> Bool {
    let layer = network.nodes[node]
    guard layer.parameters.contains(where: { network.parameters[$0].shape.rank > 1 }),
      !layer.layer.setsScale
    else { return false }
    return !network.isNormalized(node)
  }

  private func isOutput(_ node: Int) -> Bool { network.heads.contains { $0.output == node } }

  /// How many times its origin a node's output is; nil for an exact zero, which gates and last layers may start from.
  private func growth(of node: Int) -> Double? {
    guard activations[node] != 0 else { return nil }
    guard activations[node].isFinite else { return .infinity }
    return origins[node].map { activations[node] / $0 }
  }

  /// How many times its input's a node's own output is.
  private func gain(of node: Int) -> Double {
    let input = network.nodes[node].inputs.map { activations[$0] }.max() ?? 0
    return input > 0 && input.isFinite ? activations[node] / input : 1
  }

  private func warning(
    _ worst: Int, _ growth: Double, among judged: [Int]
  ) -> Preflight.Warning {
    let grows = growth > 1
    let gains = judged.filter { gain(of: $0).isFinite }.map { node in
      (node: node, decades: log10(gain(of: node)) * (grows ? 1 : -1))
    }
    let most = gains.map(\.decades).max() ?? 0
    let named = gains.filter { $0.decades > max(most / 2, 0.3) }.map(\.node)
    let name = network.nodes[worst].name
    let layers = named.isEmpty ? [name] : named.map { network.nodes[$0].name }
    let places = named.compactMap(judged.firstIndex(of:))
    let isStretch = zip(places, places.dropFirst()).allSatisfy { $1 == $0 + 1 }
    let list = Wording.list(layers, contiguous: isStretch)
    let factor = Wording.short(pow(10, grows ? most : -most))
    let part =
      layers.count == 1
      ? "\(list) alone multiplies it by \(factor)." : "\(list) multiply it by up to \(factor) each."
    let size =
      growth.isFinite
      ? "\(Wording.short(growth)) times as large as what goes in" : "no number any more"
    return Preflight.Warning(
      .initialScale, layers: layers, value: growth,
      limit: grows ? Self.limits.upperBound : Self.limits.lowerBound,
      message: "The output of \(name) is \(size), before the first step; \(part)",
      cause: Cause(
        id: "initial-scale",
        text: "Initial weights that are too \(grows ? "large" : "small") for the number of inputs "
          + "multiply whatever passes them, and δ on its way back."),
      remedies: [.heInitialization, .xavierInitialization, .batchNormalization])
  }
}

extension Layer {
  /// Whether the output's mean and deviation are fixed by the layer.
  var normalizes: Bool {
    self is BatchNorm || self is InstanceNorm || self is LayerNorm || self is RMSNorm
      || self is GroupNorm
  }

  /// Whether the output's scale is the layer's own, whatever the input's is.
  fileprivate var setsScale: Bool {
    if case .saturating = nonlinearity { return true }
    // Without a bound, what a recurrent layer gives grows with its weights.
    if let layer = self as? any RecurrentLayer { return layer.cell != .relu }
    return normalizes || self is Embedding || self is Softmax || self is LogSoftmax
  }
}

extension NeuralNetwork {
  /// Whether all that reads a node brings it to a scale of its own first, so that the node's doesn't matter.
  func isNormalized(_ node: Int) -> Bool {
    let consumers = nodes.filter { $0.inputs.contains(node) }
    return !consumers.isEmpty && consumers.allSatisfy(\.layer.normalizes)
  }

  /// For each node whether some edge leads past it.
  var bypassedNodes: [Bool] {
    var consumers = nodes.map { _ in 0 }
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { consumers[input] = max(consumers[input], index) }
    }
    var furthest = -1
    return nodes.indices.map { node in
      defer { furthest = max(furthest, consumers[node]) }
      return furthest > node
    }
  }
}
