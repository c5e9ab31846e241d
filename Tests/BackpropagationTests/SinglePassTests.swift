import Testing

@testable import Backpropagation

/// One pass against what its parts are by definition.
struct SinglePassTests {
  static func network() throws -> NeuralNetwork {
    try NeuralNetwork(input: [3], loss: .halfSquaredError) {
      Dense(4).named("hidden")
      Tanh()
      Dense(2).named("output")
    }
  }

  private func named(_ tensors: [SinglePass.Named], _ name: String) throws -> Tensor<Double> {
    try #require(tensors.first { $0.name == name }).values
  }

  /// δ_k = y_k − t_k, dE/dw = Σ_n δ_n z_nᵀ / N, and the loss is the mean of ½Σδ².
  @Test func followsTheEquations() throws {
    let data = randomExamples(5, input: [3], outputs: 2, classes: false)
    let pass = try SinglePass(Self.network(), on: data)
    #expect(pass.examples == 5 && pass.lossDivisor == 5)
    #expect(pass.activations.map(\.name) == ["input", "hidden", "tanh-1", "output"])
    #expect(pass.deltas.map(\.name) == pass.activations.map(\.name))
    #expect(
      pass.gradients.map(\.name)
        == ["hidden/weight", "hidden/bias", "output/weight", "output/bias"])
    guard case .values(let targets, _) = data.targets else { return }
    let output = try named(pass.activations, "output"), delta = try named(pass.deltas, "output")
    #expect(output.shape == [5, 2])
    for (index, target) in targets.enumerated() {
      #expect(abs(delta[index] - (output[index] - target)) < 1e-15)
    }
    let loss = delta.scalars.reduce(0) { $0 + $1 * $1 / 2 } / 5
    #expect(abs(pass.loss - loss) < 1e-15)
    let hidden = try named(pass.activations, "tanh-1")
    let gradient = try named(pass.gradients, "output/weight")
    #expect(gradient.shape == [2, 4])
    for unit in 0..<2 {
      for input in 0..<4 {
        let sum = (0..<5).reduce(0) { $0 + delta[$1 * 2 + unit] * hidden[$1 * 4 + input] }
        #expect(abs(gradient[unit * 4 + input] - sum / 5) < 1e-15)
      }
    }
  }

  /// δ is of each example's own error: it doesn't depend on the batch that the example is in.
  @Test func deltasAreOfSingleExamples() throws {
    let data = randomExamples(4, input: [3], outputs: 2, classes: false)
    let together = try SinglePass(Self.network(), on: data)
    for example in 0..<4 {
      let alone = try SinglePass(Self.network(), on: data.selecting([example]))
      for (mine, all) in zip(alone.deltas, together.deltas) {
        let size = mine.values.scalars.count
        for (k, value) in mine.values.scalars.enumerated() {
          #expect(abs(value - all.values[example * size + k]) < 1e-15)
        }
      }
    }
  }

  @Test func floatIsTheRoundedDouble() throws {
    let data = randomExamples(4, input: [3], outputs: 2, classes: false)
    let float = try SinglePass(Self.network(), on: data, precision: .float)
    let double = try SinglePass(Self.network(), on: data, precision: .double)
    #expect(float.loss != double.loss && abs(float.loss - double.loss) < 1e-6)
    for (a, b) in zip(float.gradients, double.gradients) {
      #expect(zip(a.values.scalars, b.values.scalars).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test func dataThatDoNotFitAreRefused() throws {
    let data = randomExamples(4, input: [4], outputs: 2, classes: false)
    #expect(
      throws: NetworkError(
        message: "the data's examples are 4, but the network's input is 3")
    ) { try SinglePass(Self.network(), on: data) }
    let none = randomExamples(4, input: [3], outputs: 2, classes: false).prefix(0)
    #expect(throws: NetworkError(message: "the data have no examples")) {
      try SinglePass(Self.network(), on: none)
    }
  }
}
