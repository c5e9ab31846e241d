import Testing

@testable import Backpropagation

/// What layers tell of the pieces that they are put together of.
struct DecisionTests {
  /// A layer's pass over one input, and what it decided.
  private func decisions(
    of layer: any Layer, _ input: Shape, at numbers: [Double]
  ) throws -> (decisions: [Int], output: [Double]) {
    let network = try NeuralNetwork(
      input: input, loss: .sumOfSquares,
      layers: [LayerNode(layer), LayerNode(Flatten(), name: "end")])
    let examples = numbers.count / input.count
    let workspace = Workspace(
      network, parameters: ParameterStore<Double>(network, seed: 1), capacity: examples)
    _ = workspace.input(examples: examples).elements.update(from: numbers)
    workspace.forward(examples: examples)
    return (
      workspace.decisions(of: 1, examples: examples),
      Array(workspace.output(of: 1, examples: examples).elements)
    )
  }

  @Test func piecesAreCountedFromBelow() throws {
    let numbers = [-4.0, -3, -2.9, -1, -0.5, 0, 1e-300, 1, 1.5, 3, 3.5]
    func pieces(_ layer: any Layer) throws -> [Int] {
      try decisions(of: layer, [11], at: numbers).decisions
    }
    let corner = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    for layer in [ReLU(), LeakyReLU(), PReLU(), ELU(), CELU(), SELU()] as [any Layer] {
      #expect(try pieces(layer) == corner, "\(layer.kind)")
    }
    #expect(try pieces(HardTanh()) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2])
    #expect(try pieces(HardSigmoid()) == [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2])
    for layer in [Tanh(), Sigmoid(), GELU(), Softplus(), Identity()] as [any Layer] {
      #expect(try pieces(layer).isEmpty)
    }
  }

  /// Of every window the number that is the output, the first of equals.
  @Test func aPoolingTellsWhichNumberItTook() throws {
    var source = RandomSource(seed: 4)
    let layers: [(any Layer, Shape)] = [
      (MaxPool2D(2), [3, 6, 5]), (MaxPool2D(3, stride: 1, padding: 1), [2, 5, 4]),
      (MaxPool1D(3, stride: 2), [4, 9]), (GlobalMaxPool(), [3, 4, 2]),
    ]
    for (layer, shape) in layers {
      // Few values, so that there are ties.
      let numbers = (0..<2 * shape.count).map { _ in Double(source.below(4)) - 2 }
      let (places, output) = try decisions(of: layer, shape, at: numbers)
      #expect(places.map { numbers[$0] } == output, "\(layer.kind)")
    }
    let (places, _) = try decisions(of: MaxPool1D(2), [1, 6], at: [1, 1, 0, 2, 3, 3])
    #expect(places == [0, 3, 4])
  }

  /// A unit's decisions at all steps count, those of its stacked layers too.
  @Test(arguments: [RecurrentOutput.last, .sequence])
  func aRecurrentRectifierTellsOfEveryStep(_ output: RecurrentOutput) throws {
    let layer = RNN(3, layers: 2, bidirectional: true, output: output, activation: .relu)
    var source = RandomSource(seed: 2)
    let numbers = (0..<2 * 8).map { _ in source.normal() }
    let (before, first) = try decisions(of: layer, [4, 2], at: numbers)
    #expect(before.count == first.count)
    #expect(try decisions(of: layer, [4, 2], at: numbers).decisions == before)
    // The second example's steps changed sign; nothing of the first did.
    let turned = numbers.prefix(8) + numbers.suffix(8).map { -$0 }
    let (after, _) = try decisions(of: layer, [4, 2], at: Array(turned))
    let half = before.count / 2
    #expect(after.prefix(half) == before.prefix(half))
    #expect(after.suffix(half) != before.suffix(half))
    #expect(try decisions(of: RNN(3), [4, 2], at: numbers).decisions.isEmpty)
  }

  @Test func lossesTellOnWhichSideAnOutputIs() {
    var outputs = Tensor<Double>(shape: [1, 4], scalars: [-3, -0.5, 1, 4])
    var targets = Tensor<Double>(shape: [1, 4], scalars: [-1, 1, 1, 1])
    func decisions(_ loss: any Loss) -> [Int] {
      outputs.withMutableView { output in
        targets.withMutableView { loss.decisions(output, .values($0)) }
      }
    }
    #expect(decisions(MeanAbsoluteError()) == [0, 0, 0, 1])
    #expect(decisions(Huber(delta: 1)) == [-1, -1, 0, 1])
    #expect(decisions(Hinge()) == [0, 1, 0, 0])
    #expect(decisions(SquaredError.halfSquaredError).isEmpty)
  }
}
