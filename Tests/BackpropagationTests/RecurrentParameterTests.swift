import Foundation
import Testing

@testable import Backpropagation

/// The parameters of recurrent layers, and what they refuse.
struct RecurrentParameterTests {
  @Test func parametersAreThoseOfPyTorch() throws {
    let network = try NeuralNetwork(input: [6, 3], loss: .halfSquaredError) {
      LSTM(5, layers: 2, bidirectional: true).named("l")
    }
    #expect(
      network.parameters.map { "\($0.name) \($0.shape)" } == [
        "l/weight-input-0 20 × 3", "l/weight-hidden-0 20 × 5", "l/bias-input-0 20",
        "l/bias-hidden-0 20", "l/weight-input-0-reverse 20 × 3", "l/weight-hidden-0-reverse 20 × 5",
        "l/bias-input-0-reverse 20", "l/bias-hidden-0-reverse 20", "l/weight-input-1 20 × 10",
        "l/weight-hidden-1 20 × 5", "l/bias-input-1 20", "l/bias-hidden-1 20",
        "l/weight-input-1-reverse 20 × 10", "l/weight-hidden-1-reverse 20 × 5",
        "l/bias-input-1-reverse 20", "l/bias-hidden-1-reverse 20",
      ])
    // One gate has as many outputs as there are units.
    #expect(network.parameters[0].fans == Fans(inputs: 3, outputs: 5))
    #expect(network.parameters[1].fans == Fans(inputs: 5, outputs: 5))
    #expect(network.parameters[8].fans == Fans(inputs: 10, outputs: 5))
    #expect(GRU(5).parameters(for: [[6, 3]]).map(\.shape) == [[15, 3], [15, 5], [15], [15]])
    #expect(RNN(5).parameters(for: [[6, 3]]).map(\.shape) == [[5, 3], [5, 5], [5], [5]])
  }

  @Test(arguments: ["rnn", "lstm", "gru"])
  func weightsOfTheHiddenStateStartAsAsked(kind: String) throws {
    let layer = try LayerCatalog.all.make(
      kind, ["units": .integer(5), "recurrent-initializer": .text("orthogonal")])
    let weight = try #require(
      layer.parameters(for: [[6, 3]]).first { $0.name == "weight-hidden-0" })
    var random = RandomSource(seed: 1, stream: "w")
    let values = try #require(weight.initializer).values(
      for: weight.shape, fans: Fans(inputs: 5, outputs: 5), from: &random)
    // Within each gate the rows are orthonormal; with those of another gate they are not.
    func product(_ first: Int, _ second: Int) -> Double {
      (0..<5).reduce(0) { $0 + values[first * 5 + $1] * values[second * 5 + $1] }
    }
    for gate in 0..<values.count / 25 {
      for row in 0..<5 {
        for other in 0..<5 {
          let expected = row == other ? 1.0 : 0
          #expect(abs(product(gate * 5 + row, gate * 5 + other) - expected) < 1e-12)
        }
      }
    }
    if values.count > 25 { #expect(abs(product(0, 5)) > 1e-3) }
    let usual = try LayerCatalog.all.make(kind, ["units": .integer(5)])
    #expect(usual.parameters(for: [[6, 3]])[1].initializer is RandomValues)
  }

  /// Gates that hold for m steps let 1 − 1/m pass: of the hidden state and the cell, (1 − 1/m)^m ≈ 1/e is left after them.
  @Test func gatesHoldForAsLongAsAsked() throws {
    func biases(_ layer: any Layer) throws -> [Double] {
      let bias = try #require(layer.parameters(for: [[6, 3]]).first { $0.name == "bias-input-0" })
      var random = RandomSource(seed: 1, stream: "b")
      return try #require(bias.initializer).values(
        for: bias.shape, fans: Fans(of: bias.shape), from: &random)
    }
    let open = log(99.0)
    #expect(
      try biases(LSTM(2, memory: 100)) == [-open, -open, open, open, 0, 0, 0, 0])
    #expect(try biases(GRU(2, memory: 100)) == [0, 0, open, open, 0, 0])
    #expect(try biases(LSTM(2)) == [Double](repeating: 0, count: 8))
    #expect(try biases(GRU(2)) == [Double](repeating: 0, count: 6))
    let passed = 1 / (1 + exp(-open))
    #expect(abs(passed - 0.99) < 1e-12)
  }

  @Test func whatDoesNotFitIsRefused() {
    func message(_ layer: any Layer, _ input: Shape = [6, 3]) -> String? {
      #expect(throws: ShapeError.self) { try layer.outputShape(of: [input]) }?.message
    }
    #expect(message(LSTM(3), [6]) == "takes a sequence, steps × features, got 6")
    #expect(message(GRU(3), [1, 8, 8]) == "takes a sequence, steps × features, got 1 × 8 × 8")
    #expect(message(RNN(0)) == "takes 1 to 16,777,216 units, got 0")
    #expect(message(LSTM(3, layers: 0)) == "takes 1 to 1,000 layers, got 0")
    #expect(message(LSTM(3, layers: 1001)) == "takes 1 to 1,000 layers, got 1001")
    #expect(
      networkMessage(LSTM(maximumSize, layers: 1000, bidirectional: true), [1 << 30, 1])
        == "with it the network has 6750896109998047232 parameters; at most 2147483647 are supported"
    )
    #expect(
      networkMessage(RNN(1 << 12), [1 << 20, 1])
        == "needs more than the 2147483647 numbers of memory that are supported")
    func argument(_ id: String, _ arguments: [String: ArgumentValue]) -> String? {
      #expect(throws: ArgumentError.self) { try LayerCatalog.all.make(id, arguments) }?.message
    }
    #expect(argument("gru", [:]) == "gru needs \"units\", a whole number from 1 to 16777216")
    #expect(
      argument("lstm", ["units": .integer(3), "output": .text("first")])
        == "output of lstm is \"first\", expected last or sequence")
    #expect(
      argument("rnn", ["units": .integer(3), "activation": .text("gelu")])
        == "activation of rnn is \"gelu\", expected tanh or relu")
    #expect(
      argument("lstm", ["units": .integer(3), "layers": .integer(0)])
        == "layers of lstm is 0, expected a whole number from 1 to 1000")
    #expect(
      argument("gru", ["units": .integer(3), "memory": .integer(1)])
        == "memory of gru is 1, expected a whole number from 2 to 16777216")
    #expect(
      argument("rnn", ["units": .integer(3), "recurrent-initializer": .text("zzz")])
        == "unknown initializer \"zzz\"")
    #expect(
      argument("lstm", ["units": .integer(3), "bidirectional": .integer(1)])
        == "bidirectional of lstm is 1, expected true or false")
  }
}
