import Testing

@testable import Backpropagation

/// Every layer that works on sequences, on the same examples padded to different lengths: bit-equal losses and gradients.
struct PaddedTransformerTests {
  private static let lengths = [5, 2, 4]

  private func network(positions: Int) throws -> NeuralNetwork {
    try NeuralNetwork(input: [positions], loss: .softmaxCrossEntropy) {
      Embedding(vocabulary: 9, units: 6).named("tokens")
      PositionalEncoding(.learned, length: 12)
      PositionalEncoding().named("embedded")
      LayerNorm()
      Attention(heads: 2, causal: true)
      Dropout(0.25)
      Add().from("dropout-1", "embedded").named("mixed")
      RMSNorm()
      Attention(heads: 3).named("all")
      Add().from("all", "mixed")
      Dense(4)
    }
  }

  private func outcome(positions: Int, padding: Double = 0) throws -> (Double, [[Double]]) {
    var source = RandomSource(seed: 1, stream: "tokens")
    var tokens: [Double] = [], classes: [Int] = []
    for length in Self.lengths {
      let drawn = (0..<length).map { _ in (source.below(9), source.below(4)) }
      let rest = positions - length
      tokens += drawn.map { Double($0.0) } + [Double](repeating: padding, count: rest)
      classes += drawn.map(\.1) + [Int](repeating: 3, count: rest)
    }
    let data = Dataset(
      features: [.init(shape: [positions], values: tokens)],
      targetSets: [.classes(classes, names: [], perExample: positions)], lengths: Self.lengths)
    let network = try network(positions: positions)
    let workspace = Workspace<Float>(
      network, parameters: ParameterStore(network, seed: 1), capacity: 3)
    let targets = data.targetSets.map { TargetBuffer<Float>($0, capacity: 3) }
    MemorySource<Float>(data).gather(0..<3, into: workspace, targets: targets)
    let batch = targets.map { $0.batch(of: 3) }
    workspace.forward(examples: 3)
    let loss = workspace.loss(batch, examples: 3, divisors: [3])
    workspace.backward(batch, examples: 3, divisors: [3])
    return (loss, workspace.gradients.views.map(\.numbers))
  }

  @Test(arguments: [6, 9, 12])
  func paddingChangesNothing(positions: Int) throws {
    let (loss, gradients) = try outcome(positions: 5)
    let (longer, longerGradients) = try outcome(positions: positions, padding: 7)
    #expect(loss == longer)
    #expect(gradients == longerGradients)
    #expect(gradients.joined().contains { $0 != 0 })
  }
}
