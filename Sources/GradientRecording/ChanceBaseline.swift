import Backpropagation

/// How many units of a rectifier would be silent by chance: the share of random directions, without bias, that no
/// example of the training data lies on the positive side of.
///
/// In a deep network the examples' activations point into nearly the same direction, so that a fifth of all directions
/// miss every one of them: without this baseline a healthy network's units count as dead.
struct ChanceBaseline {
  /// The directions that are tried.
  static let directions: Int = 256
  /// The examples that they are tried on.
  static let examples: Int = 256

  private let probe: Dataset
  /// For each rectifier the node whose output its unit's weights act on; nil where no dense layer feeds it.
  private let sources: [Int: Int]

  init(_ run: TrainingRun) {
    probe = run.training.prefix(Self.examples)
    var sources: [Int: Int] = [:]
    for (index, node) in run.network.nodes.enumerated()
    where node.layer.nonlinearity == .rectifier {
      let feeding = run.network.nodes[node.inputs[0]]
      if feeding.layer is Dense { sources[index] = feeding.inputs[0] }
    }
    self.sources = sources
  }

  /// The share of silent directions for each of the rectifiers, as the network is at this moment.
  func measure(_ rectifiers: [Int], in run: TrainingRun, step: Int) -> [Int: Double] {
    let known = rectifiers.filter { sources[$0] != nil }
    guard !known.isEmpty else { return [:] }
    let nodes = known.compactMap { sources[$0] }
    var result: [Int: Double] = [:]
    for (rectifier, inputs) in zip(known, run.outputs(nodes, probe)) {
      var random = RandomSource(seed: UInt64(step), stream: "chance/\(rectifier)")
      result[rectifier] = silentShare(of: inputs, &random)
    }
    return result
  }

  private func silentShare(of inputs: Tensor<Double>, _ random: inout RandomSource) -> Double {
    let features = inputs.shape.last
    var directions = Tensor<Double>(zeros: [Self.directions, features])
    for index in directions.scalars.indices { directions[index] = random.normal() }
    var sides = Tensor<Double>(zeros: [inputs.shape.count / max(features, 1), Self.directions])
    inputs.withView { inputs in
      directions.withView { directions in
        sides.withMutableView { $0.assignProduct(of: inputs, byTransposeOf: directions) }
      }
    }
    var active = [Bool](repeating: false, count: Self.directions)
    for (index, side) in sides.scalars.enumerated() where side > 0 {
      active[index % Self.directions] = true
    }
    return Double(active.count { !$0 }) / Double(Self.directions)
  }
}
