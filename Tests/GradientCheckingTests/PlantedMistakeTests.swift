import Backpropagation
import Testing

@testable import GradientChecking

struct PlantedMistakeTests {
  /// What each mistake is called, and which equation it breaks.
  static let expected: [Mistake: (String, BackpropagationEquation)] = [
    .inputSign: ("times -1.000", .recursion),
    .inputDetached: ("is zero where the numeric one is not", .recursion),
    .weightSign: ("times -1.000", .weight),
    .weightDoubled: ("times 2.000", .weight),
    .weightHalved: ("times 0.500", .weight),
    .weightTransposed: ("with rows and columns exchanged", .weight),
    .weightShiftedByRow: ("moved by one row", .weight),
    .weightUnwritten: ("is not a number, or was never written", .weight),
    .entryZeroed: ("some analytic entries are zero", .weight),
    .biasDropped: ("is zero where the numeric one is not", .bias),
    .biasTimesBatch: ("times 8.000", .bias),
  ]

  @Test(arguments: Mistake.allCases)
  func aMistakeInOneLayerIsNamed(_ mistake: Mistake) throws {
    for (inputs, units) in [(7, 5), (5, 7), (6, 6), (61, 67)] {
      let check = try GradientCheck(layer: PlantedLayer(mistake, in: Dense(units)), input: [inputs])
      #expect(check.verdict == .fail)
      let failure = try #require(check.failures.first)
      let (signature, equation) = try #require(Self.expected[mistake])
      #expect(check.failures.count == 1)
      #expect(failure.signature?.contains(signature) == true, "\(check)")
      #expect(failure.equation == equation)
    }
  }

  @Test(arguments: Mistake.allCases, [TestNetwork.vanishing, .exploding])
  func aMistakeInADeepNetworkIsFoundInItsLayer(_ mistake: Mistake, _ kind: TestNetwork) throws {
    let network = try kind.make { $0 == 2 ? PlantedLayer(mistake, in: $1) : $1 }
    let check = try GradientCheck(network, on: randomExamples(8, seed: 2))
    #expect(check.failures.map(\.layer) == ["dense-2"], "\(check)")
  }

  @Test func aWrongActivationDerivativeFails() throws {
    let network = try TestNetwork.vanishing.make {
      $0 == 3 ? PlantedLayer(.atOutput, at: .input(0), in: $1) : $1
    }
    let check = try GradientCheck(network, on: randomExamples(8))
    #expect(check.failures.map(\.name) == ["sigmoid-2/input"])
    #expect(check.failures.first?.equation == .recursion)
    #expect(check.failures.first?.likelyCause == "h′ is taken at z = h(a), where a belongs")
  }

  @Test func aStaleMaskFails() throws {
    let network = try TestNetwork.deadReLU.make {
      $0 == 3 ? PlantedLayer(.stale, at: .input(0), in: $1) : $1
    }
    let check = try GradientCheck(network, on: randomExamples(8))
    #expect(check.failures.map(\.name) == ["relu-2/input"])
    #expect(
      check.failures.first?.likelyCause
        == "what the forward pass decided or kept is stale, of another batch or example")
    // A single example has no neighbor whose mask could be taken.
    #expect(try GradientCheck(network, on: randomExamples(1)).verdict == .pass)
  }

  /// A single zeroed entry is found by the directions even where the sample doesn't hold it.
  @Test(arguments: [40, 100, 300])
  func oneWrongEntryAmongManyIsFound(size: Int) throws {
    let layer = OneEntryWrong(.halved, at: size / 3 * size + size / 2, in: Dense(size))
    let check = try GradientCheck(layer: layer, input: Shape([size]))
    let failure = try #require(check.failures.first)
    #expect(failure.failed == 1)
    #expect(failure.worst?.index == [size / 3, size / 2])
    #expect(failure.signature?.hasPrefix("one of the entries checked is off, by ") == true)
  }

  /// The biases of a large layer are sampled, and the one that is wrong is found by the directions.
  @Test func oneWrongBiasOfALargeLayerIsFound() throws {
    let check = try GradientCheck(
      layer: OneEntryWrong(.halved, of: 1, at: 137, in: Dense(400)), input: [400])
    let failure = try #require(check.failures.first)
    #expect(check.failures.count == 1)
    #expect(failure.count == 400)
    #expect((200...203).contains(failure.checked))
    #expect(failure.failed == 1)
    #expect(failure.worst?.index == [137])
  }

  /// No absolute tolerance: a mistake is one at every magnitude, and what is right is right.
  @Test(arguments: [1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3, 1e6])
  func magnitudesDoNotMatter(_ scale: Double) throws {
    let right = try GradientCheck(layer: Scaled(scale, wrongBy: 1), input: [9])
    #expect(right.verdict == .pass, "\(right)")
    for factor in [-1, 0, 0.5, 0.999, 1.00001, 2] {
      let wrong = try GradientCheck(layer: Scaled(scale, wrongBy: factor), input: [9])
      #expect(wrong.verdict == .fail, "times \(factor)")
      #expect(wrong.failures.first?.failed == 72)
    }
    // The same with inputs and weights of that size.
    let dense = Dense(5, initializer: .normal(standardDeviation: scale))
    let check = try GradientCheck(layer: dense, inputs: [[7]], scale: scale)
    #expect(check.verdict == .pass, "\(check)")
    #expect(check.tensors.allSatisfy { $0.unverifiable == 0 })
    for mistake in Mistake.allCases {
      let planted = try GradientCheck(
        layer: PlantedLayer(mistake, in: dense), inputs: [[7]], scale: scale)
      #expect(planted.failures.count == 1, "\(mistake): \(planted)")
    }
  }

  @Test func correctLayersNeverFail() throws {
    let activations: [any Layer] = [ReLU(), LeakyReLU(), Sigmoid(), Tanh()]
    let starts: [any Initializer] = [
      .heNormal, .zeros, .constant(0.1), .normal(standardDeviation: 1e-12),
      .normal(standardDeviation: 1e6),
    ]
    var failed = 0, checked = 0, unverifiable = 0
    for seed in 1...50 as ClosedRange<UInt64> {
      let start = starts[Int(seed) % starts.count]
      for activation in activations {
        let network = try NeuralNetwork(input: [9], loss: .softmaxCrossEntropy) {
          Dense(13, initializer: start)
          LayerNode(activation)
          Dense(11, initializer: start)
          LayerNode(activation)
          Dense(4, initializer: start)
        }
        let check = try GradientCheck(
          network, on: randomExamples(8, features: 9, classes: 4, seed: seed), seed: seed)
        failed += check.tensors.reduce(0) { $0 + $1.failed }
        checked += check.tensors.reduce(0) { $0 + $1.checked }
        unverifiable += check.tensors.reduce(0) { $0 + $1.unverifiable }
      }
    }
    #expect(failed == 0)
    #expect(checked > 100_000)
    #expect(unverifiable < checked / 1_000)
  }
}

/// z = s·a, with a backward pass that is off by a factor.
private struct Scaled: Layer {
  var scale: Double
  var factor: Double

  init(_ scale: Double, wrongBy factor: Double) {
    self.scale = scale
    self.factor = factor
  }

  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
  func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(S(scale) * pass.input) }
  func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(S(scale * factor) * pass.outputDelta)
  }
}
