import GradientHealth

/// A network, its optimizer and a batch: what `peers/workloads.py` has under the same name in PyTorch.
struct Workload {
  /// The name by which the comparison asks for it.
  let name: String
  /// The optimizer.
  let optimizer: any Optimizer
  /// A batch of random examples; every step sees the same, as in the peer.
  let data: Dataset
  /// Builds the network.
  let network: () throws -> NeuralNetwork

  init(
    _ name: String, optimizer: any Optimizer = .sgd(learningRate: 0.01, momentum: 0.9),
    input: Shape, batch: Int, @NetworkBuilder layers: @escaping () -> [LayerNode]
  ) {
    self.name = name
    self.optimizer = optimizer
    var source = RandomSource(seed: 1, stream: "examples")
    data = Dataset(
      inputShape: input, inputs: (0..<batch * input.count).map { _ in source.normal() },
      targets: .classes((0..<batch).map { $0 % 10 }, names: []))
    network = { try NeuralNetwork(input: input, loss: .softmaxCrossEntropy, layers: layers()) }
  }
}

extension Workload {
  /// The workloads, in the order of the table.
  static var all: [Workload] { [wide, small, deep] }

  /// Wide products dominate.
  static var wide: Workload {
    Workload("mlp-784-512", input: [784], batch: 128) {
      Dense(512)
      ReLU()
      Dense(512)
      ReLU()
      Dense(512)
      ReLU()
      Dense(10)
    }
  }

  /// Calls dominate.
  static var small: Workload {
    Workload("mlp-64-32", input: [64], batch: 32) {
      Dense(32)
      ReLU()
      Dense(10)
    }
  }

  /// Many small layers.
  static var deep: Workload {
    Workload("deep-tanh", input: [64], batch: 64) {
      for _ in 0..<50 {
        Dense(64)
        Tanh()
      }
      Dense(10)
    }
  }
}
