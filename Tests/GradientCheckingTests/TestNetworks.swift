import Backpropagation

/// The kinds of network that the project is about, at their real sizes, with random data.
enum TestNetwork: String, CaseIterable, Sendable {
  case digits, vanishing, exploding, deadReLU, leaky, tanh

  /// The network; `plant` may replace the layer at a place by a wrong one.
  func make(plant: (Int, any Layer) -> any Layer = { $1 }) throws -> NeuralNetwork {
    let layers = layers.enumerated().map { LayerNode(plant($0.offset, $0.element)) }
    return try NeuralNetwork(input: [64], loss: .softmaxCrossEntropy, layers: layers)
  }

  private var layers: [any Layer] {
    switch self {
    case .digits: [Dense(128, initializer: .heNormal), ReLU(), Dense(10)]
    case .vanishing: repeated(12) { [Dense(64), Sigmoid()] }
    case .exploding:
      repeated(12) {
        let deviation = 3 * (2.0 / 64).squareRoot()
        return [Dense(64, initializer: .normal(standardDeviation: deviation)), ReLU()]
      }
    case .deadReLU: repeated(3) { [Dense(64, initializer: .heNormal), ReLU()] }
    case .leaky: repeated(6) { [Dense(32, initializer: .heNormal), LeakyReLU()] }
    case .tanh: repeated(6) { [Dense(32), Tanh()] }
    }
  }

  private func repeated(_ count: Int, _ block: () -> [any Layer]) -> [any Layer] {
    (0..<count).flatMap { _ in block() } + [Dense(10)]
  }
}

/// Examples with normal inputs and random classes.
func randomExamples(
  _ count: Int, features: Int = 64, classes: Int = 10, seed: UInt64 = 1
) -> Dataset {
  var source = RandomSource(seed: seed, stream: "examples")
  return Dataset(
    inputShape: [features], inputs: (0..<count * features).map { _ in source.normal() },
    targets: .classes((0..<count).map { _ in source.below(classes) }, names: []))
}

/// Examples with normal inputs and normal targets.
func randomValues(_ count: Int, features: Int, outputs: Int, seed: UInt64 = 1) -> Dataset {
  var source = RandomSource(seed: seed, stream: "examples")
  return Dataset(
    inputShape: [features], inputs: (0..<count * features).map { _ in source.normal() },
    targets: .values((0..<count * outputs).map { _ in source.normal() }, perExample: outputs))
}
