import Testing

@testable import Backpropagation

struct PoolingTests {
  /// The output of a layer for one example, and dE/d(input) for half of the squared output.
  private func run<S: TensorScalar & BinaryFloatingPoint>(
    _ layer: any Layer, _ input: Shape, _ numbers: [Double], _: S.Type = Double.self
  ) throws -> (output: [Double], delta: [Double]) {
    let network = try NeuralNetwork(
      input: input, loss: .halfSquaredError,
      layers: [
        LayerNode(PReLU(), name: "in"), LayerNode(layer, name: "layer"),
        LayerNode(Flatten(), name: "end"),
      ])
    let parameters = ParameterStore<S>(network, seed: 1)
    parameters.views[0].fill(1)
    let outputs = network.nodes[network.output].shape.count
    let passes = Passes(
      network,
      on: Dataset(
        inputShape: input, inputs: numbers,
        targets: .values([Double](repeating: 0, count: outputs), perExample: outputs)),
      parameters: parameters)
    passes.run()
    return (passes.output(of: "layer"), passes.delta(of: "in"))
  }

  @Test func theLargestIsTakenAndTheFirstOfEqualsGetsTheDelta() throws {
    let numbers: [Double] = [1, 5, 2, 2, 5, 3, 2, 2]
    let result = try run(MaxPool2D(2), [1, 2, 4], numbers)
    #expect(result.output == [5, 2])
    #expect(result.delta == [0, 5, 2, 0, 0, 0, 0, 0])
    // Windows that overlap add their deltas; what no window covers has none.
    let overlapping = try run(MaxPool1D(2, stride: 1), [1, 4], [1, 7, 3, 2])
    #expect(overlapping.output == [7, 7, 3])
    #expect(overlapping.delta == [0, 14, 3, 0])
    let odd = try run(MaxPool2D(2), [1, 3, 3], [-1, -2, 9, -3, -4, 9, 9, 9, 9])
    #expect(odd.output == [-1])
    #expect(odd.delta == [-1, 0, 0, 0, 0, 0, 0, 0, 0])
    // The padding is never the largest.
    #expect(try run(MaxPool1D(2, padding: 1), [1, 3], [-5, -6, -7]).output == [-5, -6])
    #expect(try run(GlobalMaxPool(), [2, 1, 2], [-1, -2, 3, 4]).output == [-1, 4])
  }

  @Test func paddedZerosCountInTheAverage() throws {
    let result = try run(AveragePool1D(2, padding: 1), [1, 3], [8, 2, 4])
    #expect(result.output == [4, 3])
    #expect(result.delta == [2, 1.5, 1.5])
    #expect(try run(AveragePool2D(2), [1, 2, 2], [1, 2, 3, 6]).output == [3])
    let global = try run(GlobalAveragePool(), [2, 1, 2], [1, 3, 10, 20])
    #expect(global.output == [2, 15])
    #expect(global.delta == [1, 1, 7.5, 7.5])
  }

  @Test(arguments: [MaxPool2D(2), MaxPool2D(3, stride: 1, padding: 1)])
  func notANumberIsFoundBehindAPooling(_ layer: MaxPool2D) throws {
    for place in 0..<4 {
      var numbers: [Double] = [1, 2, 3, 4]
      numbers[place] = .nan
      let result = try run(layer, [1, 2, 2], numbers, Float.self)
      #expect(result.output.allSatisfy { $0.isNaN })
      #expect(result.delta[place].isNaN)
    }
    #expect(
      try run(layer, [1, 2, 2], [-.infinity, -.infinity, -.infinity, -.infinity]).output
        .allSatisfy { $0 == -.infinity })
  }

  @Test func whatDoesNotFitIsRefused() {
    func message(_ layer: any Layer, _ input: Shape) -> String? {
      #expect(throws: ShapeError.self) { try layer.outputShape(of: [input]) }?.message
    }
    #expect(
      message(MaxPool2D(3), [1, 2, 8])
        == "has a kernel that spans 3 × 3, more than the 2 × 8 of its input and padding")
    #expect(
      message(AveragePool2D(3, padding: 2), [1, 8, 8])
        == "takes a padding of at most half of its kernel, got 2 × 2 and 3 × 3")
    #expect(message(MaxPool1D(2), [8]) == "takes channels × length, got 8")
    #expect(
      message(GlobalAveragePool(), [8])
        == "takes channels × height × width or channels × length, got 8")
  }
}
