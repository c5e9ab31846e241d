import Foundation
import Testing

@testable import Backpropagation

/// Each layer's forward pass against its formula; the gradient check holds the backward passes to the forward ones.
struct LayerTests {
  private func output(
    of layer: any Layer, _ inputs: [Tensor<Double>], _ parameters: [Tensor<Double>] = []
  ) throws -> Tensor<Double> {
    let shapes = inputs.map { Shape(Array($0.shape.sizes.dropFirst())) }
    let examples = inputs[0].shape[0]
    var result = Tensor<Double>(zeros: try layer.outputShape(of: shapes).batch(of: examples))
    func views(_ tensors: [Tensor<Double>], _ body: ([TensorView<Double>]) -> Void) {
      func collect(_ rest: ArraySlice<Tensor<Double>>, _ found: [TensorView<Double>]) {
        guard let first = rest.first else { return body(found) }
        first.withView { collect(rest.dropFirst(), found + [$0]) }
      }
      collect(tensors[...], [])
    }
    result.withMutableView { result in
      views(inputs) { inputs in
        views(parameters) { parameters in
          layer.forward(ForwardPass(inputs: inputs, parameters: parameters, output: result))
        }
      }
    }
    return result
  }

  private static let points: [Double] = [
    -40, -3, -1, -0.5, -1e-9, 0, 1e-9, 0.5, 1, 3, 40, 800, -800,
  ]

  @Test func activationsAreTheirFormulas() throws {
    let activations: [(any Layer, (Double) -> Double)] = [
      (ReLU(), { max(0, $0) }), (LeakyReLU(), { $0 > 0 ? $0 : 0.01 * $0 }),
      (LeakyReLU(slope: 0.2), { $0 > 0 ? $0 : 0.2 * $0 }),
      (Sigmoid(), { 1 / (1 + Foundation.exp(-$0)) }), (Tanh(), { Foundation.tanh($0) }),
      (Identity(), { $0 }),
    ]
    let input = Tensor(shape: [1, Self.points.count], scalars: Self.points)
    for (layer, formula) in activations {
      let result = try output(of: layer, [input])
      for (value, point) in zip(result.scalars, Self.points) {
        #expect(abs(value - formula(point)) < 1e-15, "\(layer.kind) at \(point)")
      }
    }
  }

  @Test func rectifiersLetNaNThroughBothWays() throws {
    for layer in [ReLU(), LeakyReLU()] as [any Layer] {
      let strange = Tensor(shape: [1, 2], scalars: [.nan, -1])
      #expect(try output(of: layer, [strange])[0].isNaN)
      let network = try NeuralNetwork(input: [2], loss: .halfSquaredError) {
        Dense(2, initializer: .constant(1))
        LayerNode(layer, name: "bend")
      }
      let passes = Passes<Float>(
        network,
        on: Dataset(
          inputShape: [2], inputs: [.nan, 1], targets: .values([0, 0], perExample: 2)))
      #expect(passes.run().isNaN)
      #expect(passes.delta(of: "dense-1").allSatisfy { $0.isNaN })
    }
  }

  @Test func denseActsAtEveryPosition() throws {
    let weight = Tensor<Double>(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6])
    let bias = Tensor<Double>(shape: [2], scalars: [10, 20])
    let sequence = Tensor<Double>(shape: [1, 2, 3], scalars: [1, 0, 0, 0, 1, -1])
    let result = try output(of: Dense(2), [sequence], [weight, bias])
    #expect(result.shape == [1, 2, 2])
    #expect(result.scalars == [11, 24, 9, 19])
    #expect(try output(of: Dense(2, bias: false), [sequence], [weight]).scalars == [1, 4, -1, -1])
  }

  @Test func mergingLayersAddAndJoin() throws {
    let a = Tensor<Double>(shape: [2, 2], scalars: [1, 2, 3, 4])
    let b = Tensor<Double>(shape: [2, 2], scalars: [10, 20, 30, 40])
    let c = Tensor<Double>(shape: [2, 1], scalars: [7, 8])
    #expect(try output(of: Add(), [a, b, a]).scalars == [12, 24, 36, 48])
    #expect(
      try output(of: Concatenate(), [a, c, b]).scalars == [1, 2, 7, 10, 20, 3, 4, 8, 30, 40])
    // Of channels × height × width the channels are joined, of a sequence the features.
    let image = Tensor<Double>(shape: [1, 1, 1, 2], scalars: [1, 2])
    let wide = Tensor<Double>(shape: [1, 2, 1, 2], scalars: [3, 4, 5, 6])
    let joined = try output(of: Concatenate(), [image, wide])
    #expect(joined.shape == [1, 3, 1, 2])
    #expect(joined.scalars == [1, 2, 3, 4, 5, 6])
    let steps = Tensor<Double>(shape: [1, 2, 1], scalars: [1, 2])
    let more = Tensor<Double>(shape: [1, 2, 2], scalars: [3, 4, 5, 6])
    #expect(try output(of: Concatenate(), [steps, more]).scalars == [1, 3, 4, 2, 5, 6])
  }

  @Test func inputsThatDoNotFitAreRefused() {
    func message(_ layer: any Layer, _ inputs: [Shape]) -> String? {
      #expect(throws: ShapeError.self) { try layer.outputShape(of: inputs) }?.message
    }
    #expect(message(ReLU(), [[2], [2]]) == "takes one input, got 2")
    #expect(
      message(Dense(3), [[1, 8, 8]])
        == "takes features or a sequence of features, got 1 × 8 × 8; put flatten before it")
    #expect(message(Add(), [[3]]) == "takes two or more inputs, got 1")
    #expect(message(Add(), [[3], [4]]) == "takes inputs of one shape, got 3 and 4")
    #expect(message(Concatenate(), [[3]]) == "takes two or more inputs, got 1")
    #expect(
      message(Concatenate(), [[2, 8, 8], [2, 4, 8]])
        == "takes inputs that differ on axis 1 alone, got 2 × 8 × 8 and 2 × 4 × 8")
  }

  @Test func aKindIsTheTypeInKebabCase() {
    struct MyOwnGLULayer: Layer {
      func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
      func forward<S>(_ pass: ForwardPass<S>) {}
      func backward<S>(_ pass: BackwardPass<S>) {}
    }
    #expect(MyOwnGLULayer().kind == "my-own-glu-layer")
    #expect(Dense(1).kind == "dense")
    #expect(LeakyReLU().kind == "leaky-relu")
  }
}
