import Backpropagation
import Foundation
import Testing

@testable import GradientChecking

/// The order of the remainder as the only oracle.
struct TaylorRemainderTests {
  private func judge(
    _ claimed: Double, at x: Double, _ f: @escaping (Double) -> Double
  ) -> Judgement.Outcome {
    let input = Buffer<Double>([1], filledWith: x), output = Buffer<Double>([1])
    let function = ScalarFunction([.init(output: output.view, cotangent: [1])]) {
      output.elements[0] = f(input.elements[0])
    }
    let variable = Variable(
      "x", of: "f", shape: [1], function: function, elements: input.elements,
      gradient: [claimed], equation: .weight, owner: input)
    return TaylorRemainder.judge(
      claimed, along: Line(direction: [1], of: variable), size: abs(claimed)
    ).outcome
  }

  @Test func aSmoothFunctionsOrderTells() {
    var source = RandomSource(seed: 6)
    for _ in 0..<200 {
      let x = source.normal()
      for error in [1e-3, -0.5, 1, -1] {
        #expect(judge(cos(x), at: x) { sin($0) } == .pass)
        #expect(judge(cos(x) + error, at: x) { sin($0) } == .fail)
        #expect(judge(exp(x), at: x) { exp($0) } == .pass)
        #expect(judge(exp(x) * (1 + error), at: x) { exp($0) } == .fail)
      }
    }
  }

  /// A straight function leaves nothing but rounding: it passes where that is below a millionth of the slope.
  @Test func aStraightFunctionLeavesRoundingAlone() {
    #expect(judge(3, at: 0.7) { 3 * $0 + 5 } == .pass)
    #expect(judge(3 + 1e-5, at: 0.7) { 3 * $0 + 5 } == .fail)
    #expect(judge(0, at: 0.7) { _ in 5 } == .pass)
    #expect(judge(1e-30, at: 0.7) { _ in 5 } == .unverifiable)
    #expect(judge(-1e-12, at: 0.7) { 1e-12 * $0 + 5 } == .unverifiable)
  }

  @Test func atAKinkAnySlopeBetweenIsRight() {
    for claim in [0, 0.5, 1] { #expect(judge(claim, at: 0) { max($0, 0) } != .fail) }
    #expect(judge(0.5, at: 0) { max($0, 0) } == .atKink)
    #expect(judge(4, at: 0) { max($0, 0) } == .fail)
    #expect(judge(0, at: 1e-5) { max($0, 0) } == .fail)
    #expect(judge(1, at: 1e-5) { max($0, 0) } == .pass)
  }

  @Test func whereTheFunctionEndsSmallerStepsAreTaken() {
    #expect(judge(-1 / 0.8, at: 0.2) { log(1 - $0) } == .pass)
    #expect(judge(1e3, at: 0.999) { -log(1 - $0) } == .pass)
    #expect(judge(-1e3, at: 0.999) { -log(1 - $0) } == .fail)
    #expect(judge(.nan, at: 1) { $0 } == .fail)
    #expect(judge(1, at: 1) { _ in .nan } == .unverifiable)
  }

  @Test(arguments: Mistake.allCases)
  func aMistakeInALayerIsFound(_ mistake: Mistake) throws {
    for (inputs, units) in [(7, 5), (6, 6), (61, 67)] {
      let right = try GradientCheck(layer: Dense(units), input: [inputs], method: .taylor)
      #expect(right.verdict == .pass, "\(right)")
      let check = try GradientCheck(
        layer: PlantedLayer(mistake, in: Dense(units)), input: [inputs], method: .taylor)
      #expect(check.failures.count == 1, "\(check)")
      #expect(check.tallies.map(\.oracle) == [.taylor])
    }
  }

  @Test(arguments: [Mutation.doubled, .negated, .detached, .scaledUp, .stale, .otherActivation])
  func aMistakeInAnActivationIsFound(_ mutation: Mutation) throws {
    for layer in [Tanh(), Sigmoid(), GELU(), Softmax()] as [any Layer] {
      let planted = PlantedLayer(mutation, at: .input(0), in: layer)
      let check = try GradientCheck(layer: planted, input: [7], method: .taylor)
      #expect(check.verdict == .fail, "\(layer.kind): \(check)")
    }
  }

  /// The layers are all right; the network assigns where it should add.
  @Test func aMistakeInTheWiringIsFound() throws {
    for activation in [Tanh(), Identity()] as [any Layer] {
      let network = try GradientCheckNetworkTests.graph(activation)
      let data = GradientCheckNetworkTests.graphExamples
      let right = try GradientCheck(network, on: data, method: .taylor)
      #expect(right.verdict == .pass, "\(right)")
      #expect(right.oracles == ["taylor"] && right.tallies.map(\.oracle) == [.taylor])
      #expect(right.tensors.contains { $0.isWholeNetwork && $0.checked >= 3 })
      let wrong = try GradientCheck(
        network, on: data, method: .taylor, seed: 1, combination: .overwrite)
      #expect(Set(wrong.failures.map(\.layer)) == ["bend", "stem", "left"], "\(wrong)")
      #expect(wrong.failures.allSatisfy { $0.isWholeNetwork && $0.signature != nil })
    }
  }

  @Test(arguments: TestNetwork.allCases)
  func aRightNetworkIsNotFailed(_ kind: TestNetwork) throws {
    let check = try GradientCheck(kind.make(), on: randomExamples(8), method: .taylor)
    #expect(check.failures.isEmpty, "\(check)")
    #expect(check.tensors.contains { $0.isWholeNetwork })
  }

  @Test(arguments: LayerSample.all)
  func theCatalogIsNotFailed(_ sample: LayerSample) throws {
    let layer = try sample.layer()
    var passed = 0, checked = 0
    for seed in 1...10 as ClosedRange<UInt64> {
      for shapes in LayerSample.inputs(of: layer) {
        let check = try GradientCheck(
          layer: layer, inputs: shapes, examples: 3, method: .taylor, seed: seed)
        #expect(check.failures.isEmpty, "\(sample) of \(shapes), seed \(seed): \(check)")
        passed += check.tensors.reduce(0) { $0 + $1.passed }
        checked += check.tensors.reduce(0) { $0 + $1.checked }
      }
    }
    #expect(Double(passed) > 0.9 * Double(checked), "\(passed) of \(checked)")
  }
}
