import Backpropagation

/// How many units of a rectifier would be silent by chance: the share of random directions, without bias, that no
/// example of the training data lies on the positive side of.
///
/// A unit of a convolution is silent if it is so at every place; its directions are tried on patches of its input, at some
/// places of each example.
///
/// In a deep network the examples' activations point into nearly the same direction, so that a fifth of all directions
/// miss every one of them: without this baseline a healthy network's units count as dead.
struct ChanceBaseline {
  /// The directions that are tried.
  static let directions: Int = 256
  /// The examples that they are tried on.
  static let examples: Int = 256
  /// The places of each example at which a convolution's directions are tried, and the numbers that all patches may have.
  static let places: Int = 16
  static let patchNumbers: Int = 1 << 22

  private let probe: Dataset
  /// For each rectifier the layer whose weights are at stake, and the node whose output they act on; nil where neither a
  /// dense layer nor a convolution feeds it.
  private let sources: [Int: (layer: any Layer, node: Int)]

  init(_ run: TrainingRun) {
    probe = run.probe.prefix(Self.examples)
    var sources: [Int: (layer: any Layer, node: Int)] = [:]
    for (index, node) in run.network.nodes.enumerated()
    where node.layer.nonlinearity == .rectifier {
      let feeding = run.network.nodes[node.inputs[0]]
      if feeding.layer is Dense || feeding.layer is any ReceptiveField {
        sources[index] = (feeding.layer, feeding.inputs[0])
      }
    }
    self.sources = sources
  }

  /// The share of silent directions for each of the rectifiers, as the network is at this moment.
  func measure(_ rectifiers: [Int], in run: TrainingRun, step: Int) -> [Int: Double] {
    let known = rectifiers.compactMap { rectifier in sources[rectifier].map { (rectifier, $0) } }
    guard !known.isEmpty else { return [:] }
    var result: [Int: Double] = [:]
    for ((rectifier, source), inputs) in zip(known, run.outputs(known.map(\.1.node), probe)) {
      var random = RandomSource(seed: UInt64(step), stream: "chance/\(rectifier)")
      result[rectifier] =
        if let convolution = source.layer as? any ReceptiveField {
          silentShare(of: convolution, inputs, &random)
        } else {
          silentShare(of: inputs, directions: Self.directions, &random)
        }
    }
    return result
  }

  /// The share for a convolution; of many groups, some are tried.
  private func silentShare(
    of convolution: any ReceptiveField, _ inputs: Tensor<Double>, _ random: inout RandomSource
  ) -> Double {
    let groups = min(convolution.groups, 8)
    let shares = (0..<groups).map { index in
      let group = index * convolution.groups / groups
      let weights = convolution.patches(of: inputs, group: group, places: 1).shape.last
      let places = Self.patchNumbers / max(inputs.shape[0] * weights, 1)
      return silentShare(
        of: convolution.patches(
          of: inputs, group: group, places: min(max(places, 1), Self.places)),
        directions: Self.directions / groups, &random)
    }
    return shares.reduce(0, +) / Double(groups)
  }

  private func silentShare(
    of inputs: Tensor<Double>, directions count: Int, _ random: inout RandomSource
  ) -> Double {
    let features = inputs.shape.last
    var directions = Tensor<Double>(zeros: [count, features])
    for index in directions.scalars.indices { directions[index] = random.normal() }
    var sides = Tensor<Double>(zeros: [inputs.shape.count / max(features, 1), count])
    inputs.withView { inputs in
      directions.withView { directions in
        sides.withMutableView { $0.assignProduct(of: inputs, byTransposeOf: directions) }
      }
    }
    var active = [Bool](repeating: false, count: count)
    for (index, side) in sides.scalars.enumerated() where side > 0 {
      active[index % count] = true
    }
    return Double(active.count { !$0 }) / Double(count)
  }
}
