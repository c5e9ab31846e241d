import Backpropagation
import Testing

@testable import GradientChecking

/// Back-propagation through time against finite differences: cells, stacks, directions, and sequences of unequal length.
struct RecurrentCheckTests {
  static let layers: [any RecurrentLayer] = [
    RNN(3), RNN(4, activation: .relu), RNN(2, layers: 2, bidirectional: true, output: .sequence),
    LSTM(3), LSTM(2, layers: 3, output: .sequence), LSTM(3, layers: 2, bidirectional: true),
    GRU(3), GRU(2, layers: 2, bidirectional: true, output: .sequence), GRU(1, bidirectional: true),
  ]

  @Test(arguments: layers.indices, [1, 8])
  func aRecurrentLayerIsRightAlone(_ place: Int, examples: Int) throws {
    for input in [[1, 1], [7, 3], [4, 5]] as [Shape] {
      let check = try GradientCheck(
        layer: Self.layers[place], inputs: [input], examples: examples, seed: UInt64(place))
      #expect(check.verdict == .pass, "\(Self.layers[place]) of \(input): \(check)")
    }
  }

  @Test(arguments: layers.indices)
  func aRecurrentLayerIsRightOnUnequalLengths(_ place: Int) throws {
    let layer = Self.layers[place]
    let network = try NeuralNetwork(input: [6, 3], loss: .halfSquaredError) {
      Dense(4)
      LayerNode(layer, name: "recurrent")
      Dense(2)
    }
    var source = RandomSource(seed: 5, stream: "sequences")
    let perExample = layer.output == .sequence ? 12 : 2
    let data = Dataset(
      features: [.init(shape: [6, 3], values: (0..<90).map { _ in source.normal() })],
      targetSets: [
        .values((0..<5 * perExample).map { _ in source.normal() }, perExample: perExample)
      ], lengths: [6, 1, 4, 2, 3])
    let check = try GradientCheck(network, on: data)
    #expect(check.verdict == .pass, "\(layer): \(check)")
  }

  /// What forgets that a hidden state feeds the next step is found out, as is what reads past an example's end.
  @Test func aDeltaThatIsNotPassedBackThroughTimeIsFound() throws {
    let check = try GradientCheck(layer: Forgetful(), input: [4, 3])
    #expect(check.verdict == .fail)
    #expect(check.failures.contains { $0.name == "forgetful/weight-hidden-0" })
    // Of what the last step alone decides, nothing is wrong where there is no other.
    #expect(try GradientCheck(layer: Forgetful(), input: [1, 3]).verdict == .pass)
  }

  /// A recurrent layer whose backward pass takes each step's δ for the whole of it.
  private struct Forgetful: Layer {
    let layer = RNN(3)

    func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
      try layer.outputShape(of: inputs)
    }
    func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
      layer.parameters(for: inputs)
    }
    func memory(for inputs: [Shape]) -> [MemorySpecification] { layer.memory(for: inputs) }
    func forward<S>(_ pass: ForwardPass<S>) { layer.forward(pass) }
    func backward<S>(_ pass: BackwardPass<S>) {
      let hidden = pass.parameters[1].copy
      pass.parameters[1].fill(0)
      layer.backward(pass)
      pass.parameters[1].assign(hidden)
    }
  }
}
