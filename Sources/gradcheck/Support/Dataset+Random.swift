import GradientHealth

extension Dataset {
  /// Random examples for a network that comes without data: normal inputs or indices, and targets that its losses take.
  static func random(for network: NeuralNetwork, examples: Int, seed: UInt64) -> Dataset {
    var source = RandomSource(seed: seed, stream: "random examples")
    let features = network.nodes.prefix(network.inputCount).map { node in
      let vocabulary = network.vocabulary(ofInput: node.name)
      return Features(
        name: node.name, shape: node.shape,
        values: (0..<examples * node.shape.count).map { _ in
          vocabulary.map { Double(source.below($0)) } ?? source.normal()
        })
    }
    let targets = network.heads.map { head in
      let terms = head.loss.sampleTargets(
        for: head.termShape, count: examples * (head.positions ?? 1), from: &source)
      return terms.gathering(head.positions ?? 1)
    }
    return Dataset(features: features, targetSets: targets)
  }
}
