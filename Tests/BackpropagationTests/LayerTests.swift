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
      (HardSigmoid(), { min(max($0 + 3, 0), 6) / 6 }), (HardTanh(), { min(max($0, -1), 1) }),
      (ELU(), { $0 > 0 ? $0 : expm1($0) }), (ELU(alpha: 0.5), { $0 > 0 ? $0 : 0.5 * expm1($0) }),
      (CELU(alpha: 2), { $0 > 0 ? $0 : 2 * expm1($0 / 2) }),
      (
        SELU(),
        { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0)) }
      ),
      (GELU(), { $0 * 0.5 * erfc(-$0 / 2.0.squareRoot()) }),
      (
        GELU(approximation: .tanh),
        {
          0.5 * $0
            * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
        }
      ),
      (SiLU(), { $0 / (1 + Foundation.exp(-$0)) }),
      (Mish(), { $0 * Foundation.tanh($0 > 30 ? $0 : log1p(Foundation.exp($0))) }),
      (Softplus(), { $0 > 30 ? $0 : log1p(Foundation.exp($0)) }),
    ]
    let input = Tensor(shape: [1, Self.points.count], scalars: Self.points)
    for (layer, formula) in activations {
      let result = try output(of: layer, [input])
      for (value, point) in zip(result.scalars, Self.points) {
        let expected = formula(point)
        #expect(
          abs(value - expected) <= 1e-15 * max(1, abs(expected)), "\(layer.kind) at \(point)")
      }
    }
  }

  static let activations: [any Layer] = [
    ReLU(), LeakyReLU(), PReLU(), ELU(), SELU(), CELU(), GELU(), GELU(approximation: .tanh), SiLU(),
    Mish(), Softplus(), Sigmoid(), Tanh(), HardSigmoid(), HardTanh(), Softmax(), LogSoftmax(),
    Identity(),
  ]

  /// Numbers so large that their squares and exponentials are infinite give finite outputs and deltas.
  @Test func largeMagnitudesDoNotOverflow() throws {
    func check<S: TensorScalar & BinaryFloatingPoint>(_: S.Type) throws {
      let huge = Double(S.greatestFiniteMagnitude) / 4
      for layer in Self.activations {
        for value in [huge, -huge, 100, -100, 1000, -1000] {
          let network = try NeuralNetwork(input: [1], loss: .halfSquaredError) {
            Dense(1, initializer: .constant(1))
            LayerNode(layer, name: "bend")
            Dense(1, initializer: .constant(0))
          }
          let passes = Passes<S>(
            network,
            on: Dataset(
              inputShape: [1], inputs: [value], targets: .values([1], perExample: 1)))
          #expect(passes.run().isFinite)
          #expect(passes.output(of: "bend").allSatisfy { $0.isFinite }, "\(layer.kind) of \(value)")
          #expect(
            passes.delta(of: "dense-1").allSatisfy { $0.isFinite }, "\(layer.kind) at \(value)")
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func infinitiesReachTheLimits() throws {
    let limits: [(any Layer, below: Double, above: Double)] = [
      (ReLU(), 0, .infinity), (LeakyReLU(), -.infinity, .infinity), (ELU(alpha: 2), -2, .infinity),
      (CELU(alpha: 2), -2, .infinity), (SELU(), -1.7580993408473766, .infinity),
      (Softplus(), 0, .infinity), (Sigmoid(), 0, 1), (Tanh(), -1, 1), (HardSigmoid(), 0, 1),
      (HardTanh(), -1, 1),
    ]
    let input = Tensor<Double>(shape: [1, 2], scalars: [-.infinity, .infinity])
    for (layer, below, above) in limits {
      let result = try output(of: layer, [input])
      #expect(abs(result[0] - below) < 1e-15 || result[0] == below, "\(layer.kind)")
      #expect(result[1] == above, "\(layer.kind)")
    }
  }

  @Test func softmaxIsSharesOfOne() throws {
    let input = Tensor<Double>(shape: [2, 3], scalars: [0, log(2), log(5), 1000, 1000, -1000])
    let shares = try output(of: Softmax(), [input]).scalars
    for (share, expected) in zip(shares, [0.125, 0.25, 0.625, 0.5, 0.5, 0]) {
      #expect(abs(share - expected) < 1e-15)
    }
    let logarithms = try output(of: LogSoftmax(), [input]).scalars
    for (value, expected) in zip(logarithms, [-log(8), -log(4), log(0.625), -log(2), -log(2)]) {
      #expect(abs(value - expected) < 1e-15)
    }
    #expect(abs(logarithms[5] + 2000) < 1)
    // Rows longer than what is taken at a time, and as many as are.
    let long = Tensor<Double>(shape: [70, 1100], scalars: (0..<77000).map { Double($0 % 37) / 9 })
    let result = try output(of: Softmax(), [long]),
      inLogarithms = try output(of: LogSoftmax(), [long])
    for row in 0..<70 {
      let sum = (row * 1100..<(row + 1) * 1100).reduce(0) { $0 + result[$1] }
      #expect(abs(sum - 1) < 1e-12)
    }
    for place in 0..<77000 { #expect(abs(log(result[place]) - inLogarithms[place]) < 1e-12) }
  }

  @Test func learnedSlopesAreSharedOrOfTheirChannel() throws {
    let row = Tensor<Double>(shape: [2, 2], scalars: [-1, -1, 2, -3])
    let one = Tensor<Double>(shape: [1], scalars: [0.5])
    let two = Tensor<Double>(shape: [2], scalars: [0.5, 0.1])
    #expect(try output(of: PReLU(), [row], [one]).scalars == [-0.5, -0.5, 2, -1.5])
    #expect(
      try output(of: PReLU(perChannel: true), [row], [two]).scalars == [-0.5, -0.1, 2, 0.1 * -3])
    let image = Tensor<Double>(shape: [1, 2, 1, 2], scalars: [-1, 1, -1, -2])
    #expect(
      try output(of: PReLU(perChannel: true), [image], [two]).scalars == [-0.5, 1, -0.1, -0.2])
    #expect(PReLU(perChannel: true).parameters(for: [[3, 5, 7]])[0].shape == [3])
    #expect(PReLU(perChannel: true).parameters(for: [[5, 7]])[0].shape == [7])
  }

  @Test func activationsLetNaNThroughBothWays() throws {
    for layer in Self.activations {
      let strange = Tensor(shape: [1, 2], scalars: [.nan, -1])
      let slope = Tensor<Double>(shape: [1], scalars: [0.25])
      #expect(try output(of: layer, [strange], [slope])[0].isNaN, "\(layer.kind)")
      let network = try NeuralNetwork(input: [2], loss: .halfSquaredError) {
        Dense(2, initializer: .constant(1))
        LayerNode(layer, name: "bend")
      }
      let passes = Passes<Float>(
        network,
        on: Dataset(
          inputShape: [2], inputs: [.nan, 1], targets: .values([0, 0], perExample: 2)))
      #expect(passes.run().isNaN)
      #expect(passes.delta(of: "dense-1").allSatisfy { $0.isNaN }, "\(layer.kind)")
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
    #expect(
      message(Softmax(), [[1, 8, 8]])
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
