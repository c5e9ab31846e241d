import GradientHealth

extension Dataset {
  /// Random examples for a network that comes without data: normal inputs, and targets of the loss's kind.
  static func random(for network: NeuralNetwork, examples: Int, seed: UInt64) -> Dataset {
    var source = RandomSource(seed: seed, stream: "random examples")
    let inputs = (0..<examples * network.inputShape.count).map { _ in source.normal() }
    let outputs = network.nodes[network.output].shape.count
    let classes = Dataset(
      inputShape: network.inputShape, inputs: inputs,
      targets: .classes((0..<examples).map { _ in source.below(outputs) }, names: []))
    do {
      try network.check(classes)
      return classes
    } catch {
      return Dataset(
        inputShape: network.inputShape, inputs: inputs,
        targets: .values(
          (0..<examples * outputs).map { _ in source.normal() }, perExample: outputs))
    }
  }
}
