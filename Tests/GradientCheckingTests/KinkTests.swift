import Backpropagation
import Testing

@testable import GradientChecking

/// Entries without a derivative: what is told of them, and what isn't called one.
struct KinkTests {
  /// A network in which one unit's pre-activation is `value` for every example; `plant` may replace the rectifier.
  private func network(
    _ value: Double, _ rectifier: any Layer = ReLU()
  ) throws -> NeuralNetwork {
    let network = try NeuralNetwork(input: [4], loss: .halfSquaredError) {
      Dense(6)
      LayerNode(rectifier, name: "bend")
      Dense(3)
    }
    var source = RandomSource(seed: 3)
    let weight = (0..<24).map { $0 / 4 == 2 ? 0 : source.normal() }
    let bias = (0..<6).map { $0 == 2 ? value : source.normal() }
    return network.starting(from: [0: weight, 1: bias])
  }

  private let examples = Dataset(
    inputShape: [4], inputs: (0..<20).map { Double($0 * 7 % 11) / 5 - 1 },
    targets: .values((0..<15).map { Double($0 * 5 % 7) / 3 }, perExample: 3))

  private func tensor(_ name: String, of check: GradientCheck) throws -> TensorCheck {
    try #require(check.tensors.first { $0.name == name })
  }

  @Test(arguments: [0, 1e-300, -1e-300, 1e-15])
  func aStencilThatCrossesAtEveryStepIsNamed(_ value: Double) throws {
    let check = try GradientCheck(network(value), on: examples, method: .finiteDifference)
    #expect(check.verdict == .pass, "\(check)")
    let bend = try tensor("bend/input", of: check)
    #expect(bend.atKink == 5 && bend.failed == 0 && bend.unverifiable == 0)
    let kinks = bend.entries.filter(\.isAtKink).sorted { $0.index[0] < $1.index[0] }
    // Of the five entries a few are kept.
    #expect(kinks.count >= 4)
    for entry in kinks {
      #expect(entry.index[1] == 2)
      #expect(entry.kink == Kink(layer: "bend", unit: 2, example: entry.index[0] + 1))
      let slopes = try #require(entry.slopes)
      #expect(slopes.lowerBound < slopes.upperBound)
      #expect(slopes.contains(entry.analytic) || abs(entry.analytic) < 1e-12)
    }
    let words = check.description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("5 of them at a kink: bend, unit 2, and others"))
    // Nothing else is at a kink but the directions that move this unit.
    for tensor in check.tensors where tensor.atKink > 0 {
      #expect(tensor.name == "bend/input" || tensor.isWholeNetwork, "\(tensor.name)")
      #expect(tensor.entries.allSatisfy { !$0.isAtKink || $0.kink?.unit == 2 })
    }
    let read = try #require(GradientCheck(json: check.jsonText))
    #expect(read.tensors.map(\.entries) == check.tensors.map(\.entries))
  }

  @Test(arguments: [1e-3, -1e-4, 1e-6])
  func aSmallerStepIsTakenBesideAKink(_ value: Double) throws {
    let check = try GradientCheck(network(value), on: examples, method: .finiteDifference)
    #expect(check.verdict == .pass)
    #expect(check.tensors.allSatisfy { $0.atKink == 0 && $0.failed == 0 }, "\(check)")
  }

  /// ReLU with another derivative where its input is exactly zero.
  private struct Opinionated: Layer {
    var slope: Double
    func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
    func forward<S>(_ pass: ForwardPass<S>) { ReLU().forward(pass) }
    func backward<S>(_ pass: BackwardPass<S>) {
      ReLU().backward(pass)
      guard let delta = pass.inputDelta else { return }
      for place in 0..<delta.count where pass.input[place] == 0 {
        delta[place] = S(slope) * pass.outputDelta[place]
      }
    }
    func decisions(of pass: ForwardPass<Double>) -> [Int] { ReLU().decisions(of: pass) }
  }

  @Test(arguments: [CheckMethod.automatic, .finiteDifference])
  func onlySlopesBetweenThoseToBothSidesAreRight(_ method: CheckMethod) throws {
    for slope in [0, 0.5, 1] {
      let check = try GradientCheck(
        network(0, Opinionated(slope: slope)), on: examples, method: method)
      #expect(check.verdict == .pass, "\(check)")
      let bend = try tensor("bend/input", of: check)
      // Dual numbers decide for one of the sides themselves.
      #expect(bend.atKink == (method == .automatic && slope == 0 ? 0 : 5))
    }
    for slope in [-0.5, 1.5, 2] {
      let check = try GradientCheck(
        network(0, Opinionated(slope: slope)), on: examples, method: method)
      let bend = try tensor("bend/input", of: check)
      #expect(bend.failed == 5, "\(slope): \(check)")
      #expect(bend.worst?.index.last == 2)
    }
  }

  /// Beside a kink a wrong gradient is as wrong as anywhere.
  @Test func aMistakeBesideAKinkIsFound() throws {
    for value in [0, 1e-9] {
      let check = try GradientCheck(
        network(value, PlantedLayer(.doubled, at: .input(0), in: ReLU())), on: examples,
        method: .finiteDifference)
      #expect(check.failures.map(\.name) == ["bend/input"])
      let bend = try tensor("bend/input", of: check)
      #expect(bend.failed > 0 && bend.worst?.index.last != 2)
    }
  }

  /// Of equal numbers of a window any may have the slope; they are told by the channel.
  @Test func aTieOfAMaximumIsOne() throws {
    let network = try NeuralNetwork(input: [2, 4, 4], loss: .halfSquaredError) {
      MaxPool2D(2)
      Flatten()
      Dense(2)
    }
    var numbers = (0..<32).map { Double($0 * 13 % 37) / 8 }
    // The first window of the second channel.
    numbers[16] = 9
    numbers[21] = 9
    let data = Dataset(
      inputShape: [2, 4, 4], inputs: numbers, targets: .values([1, -1], perExample: 2))
    let check = try GradientCheck(network, on: data, method: .finiteDifference)
    #expect(check.verdict == .pass, "\(check)")
    let pool = try tensor("max-pool-2d-1/input", of: check)
    #expect(pool.atKink == 2)
    let kinks = pool.entries.filter(\.isAtKink)
    #expect(Set(kinks.map(\.index)) == [[0, 1, 0, 0], [0, 1, 1, 1]])
    for entry in kinks {
      #expect(entry.kink == Kink(layer: "max-pool-2d-1", unit: 1, example: 1))
    }
  }

  /// Where windows overlap, a number is in several ties at once, whose slopes may cancel.
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func tiesInSeveralWindowsAreNoMistake(seed: UInt64) throws {
    let network = try NeuralNetwork(input: [1, 5, 5], loss: .halfSquaredError) {
      MaxPool2D(3, stride: 1)
      Flatten()
      Dense(2)
    }
    let data = Dataset(
      inputShape: [1, 5, 5], inputs: [Double](repeating: 1, count: 50),
      targets: .values([1, -1, 0, 2], perExample: 2))
    for method in [CheckMethod.automatic, .finiteDifference] {
      let check = try GradientCheck(network, on: data, method: method, seed: seed)
      #expect(check.failures.isEmpty, "\(check)")
    }
  }

  @Test func theLossHasKinksToo() throws {
    let network = try NeuralNetwork(input: [4], loss: .hinge) { Dense(3) }
      .starting(from: [0: [Double](repeating: 0, count: 12), 1: [0, 1, 0.5]])
    let data = Dataset(
      inputShape: [4], inputs: [1, 2, 3, 4, 5, 6, 7, 8],
      targets: .values([1, 1, -1, -1, -1, 1], perExample: 3))
    let check = try GradientCheck(network, on: data, method: .finiteDifference)
    let loss = try tensor("loss/input", of: check)
    #expect(loss.atKink == 1 && loss.failed == 0)
    #expect(
      loss.entries.filter(\.isAtKink).map(\.kink) == [Kink(layer: "loss", unit: 1, example: 1)])
  }

  /// Of a layer that doesn't tell what it decides the slopes alone speak, without a place.
  @Test func aLayerThatDoesNotTellIsNotNamed() throws {
    struct Magnitude: Layer {
      func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
      func forward<S>(_ pass: ForwardPass<S>) {
        for place in 0..<pass.output.count { pass.output[place] = abs(pass.input[place]) }
      }
      func backward<S>(_ pass: BackwardPass<S>) {
        guard let delta = pass.inputDelta else { return }
        for place in 0..<delta.count {
          let sign: S = pass.input[place] > 0 ? 1 : -1
          delta[place] = sign * pass.outputDelta[place]
        }
      }
    }
    let check = try GradientCheck(
      network(0, Magnitude()), on: examples, method: .finiteDifference)
    #expect(check.verdict == .pass, "\(check)")
    let bend = try tensor("bend/input", of: check)
    #expect(bend.atKink == 5)
    #expect(bend.entries.allSatisfy { $0.kink == nil })
    let words = check.description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("5 of them at a kink"))
  }

  /// However steep, a smooth function has no kinks.
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func aSmoothNetworkHasNone(seed: UInt64) throws {
    for deviation in [0.3, 3, 1e3, 1e6] {
      for bend in [Tanh(), Softplus(), Sigmoid()] as [any Layer] {
        let network = try NeuralNetwork(input: [4], loss: .halfSquaredError) {
          Dense(5, initializer: .normal(standardDeviation: deviation))
          LayerNode(bend)
          Dense(3, initializer: .normal(standardDeviation: deviation))
          LayerNode(bend)
        }
        let data = Dataset(
          inputShape: [4], inputs: examples.inputs, targets: examples.targets)
        let check = try GradientCheck(network, on: data, method: .finiteDifference, seed: seed)
        #expect(check.tensors.allSatisfy { $0.atKink == 0 }, "\(deviation): \(check)")
        #expect(check.failures.isEmpty, "\(deviation): \(check)")
      }
    }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func aRightNetworkWithKinksNeverFails(seed: UInt64) throws {
    for bend in [ReLU(), LeakyReLU(), PReLU(), SELU(), HardTanh(), HardSigmoid()] as [any Layer] {
      for start in [.heNormal, .zeros, .constant(0.1)] as [any Initializer] {
        let network = try NeuralNetwork(input: [9], loss: .softmaxCrossEntropy) {
          Dense(13, initializer: start)
          LayerNode(bend)
          Dense(11, initializer: start)
          LayerNode(bend)
          Dense(4, initializer: start)
        }
        let data = randomExamples(8, features: 9, classes: 4, seed: seed)
        for method in [CheckMethod.finiteDifference, .taylor] {
          let check = try GradientCheck(network, on: data, method: method, seed: seed)
          #expect(check.failures.isEmpty, "\(bend.kind), \(method): \(check)")
          let kinks = check.tensors.flatMap(\.entries).filter(\.isAtKink)
          #expect(kinks.allSatisfy { $0.kink != nil })
        }
      }
    }
  }
}
