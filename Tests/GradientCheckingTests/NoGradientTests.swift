import Backpropagation
import Testing

@testable import GradientChecking

/// Parameters that nothing depends on, whose gradients are zero but for rounding, on both sides.
///
/// Softmax undoes what is added to every key, a normalization what is added to all that it normalizes.
struct NoGradientTests {
  /// Attention whose key bias has a gradient that isn't there.
  struct WrongKeyBias: Layer {
    var error: Double
    private let attention = Attention(heads: 1)

    init(error: Double) { self.error = error }

    func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
      try attention.outputShape(of: inputs)
    }
    func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
      attention.parameters(for: inputs)
    }
    func memory(for inputs: [Shape]) -> [MemorySpecification] { attention.memory(for: inputs) }
    func forward<S>(_ pass: ForwardPass<S>) { attention.forward(pass) }
    func backward<S>(_ pass: BackwardPass<S>) {
      attention.backward(pass)
      for index in 0..<pass.parameterGradients[3].count {
        pass.parameterGradients[3][index] += S(error)
      }
    }
  }

  @Test func roundingIsNoGradient() throws {
    let check = try GradientCheck(layer: Attention(heads: 1), input: [5, 3])
    #expect(check.verdict == .pass, "\(check)")
    #expect(check.tensors.allSatisfy { $0.unverifiable == 0 })
  }

  @Test(arguments: [1e-3, -1e-9])
  func moreThanRoundingIs(error: Double) throws {
    let check = try GradientCheck(layer: WrongKeyBias(error: error), input: [5, 3])
    #expect(check.failures.map(\.name) == ["wrong-key-bias/key/bias"], "\(check)")
  }

  /// A gradient that is claimed to be zero and isn't.
  @Test func zeroInItsPlaceIsFound() throws {
    let check = try GradientCheck(layer: PlantedLayer(.biasDropped, in: Dense(5)), input: [7])
    #expect(check.failures.map(\.name) == ["dense/bias"])
  }

  @Test func aBiasBelowANormalizationPasses() throws {
    let network = try NeuralNetwork(input: [7], loss: .halfSquaredError) {
      Dense(5)
      BatchNorm()
      Tanh()
      Dense(6)
      LayerNorm()
      Dense(3)
    }
    let check = try GradientCheck(network, on: GradientCheckNetworkTests.graphExamples)
    #expect(check.verdict == .pass, "\(check)")
  }
}
