import Foundation
import Testing

@testable import Backpropagation

struct LearnerTests {
  private static func lower() throws -> NeuralNetwork {
    try NeuralNetwork(input: [5], loss: .halfSquaredError) {
      Dense(7).named("a")
      Tanh()
    }
  }

  private static func upper() throws -> NeuralNetwork {
    try NeuralNetwork(input: [7], loss: .halfSquaredError) {
      Dense(6).named("b")
      Tanh()
      Dense(2).named("c")
    }
  }

  private static func whole() throws -> NeuralNetwork {
    try NeuralNetwork(input: [5], loss: .halfSquaredError) {
      Dense(7).named("a")
      Tanh()
      Dense(6).named("b")
      Tanh()
      Dense(2).named("c")
    }
  }

  private static func tensor(_ rows: Int, _ columns: Int, seed: UInt64) -> Tensor<Double> {
    var random = RandomSource(seed: seed)
    return Tensor(
      shape: [rows, columns], scalars: (0..<rows * columns).map { _ in random.normal() })
  }

  /// δ at one network's input is δ at the output of the one that feeds it.
  @Test func twoNetworksInARowAreOne() throws {
    let rule = UpdateRule(.sgd(learningRate: 0.1))
    let lower = try Learner<Double>(Self.lower(), rule, capacity: 8)
    let upper = try Learner<Double>(Self.upper(), rule, capacity: 8, wantsInputDeltas: true)
    let whole = try Learner<Double>(Self.whole(), rule, capacity: 8)
    let inputs = Self.tensor(8, 5, seed: 1)
    let targets = Targets.values(Self.tensor(8, 2, seed: 2).scalars, perExample: 2)

    whole.forward(inputs)
    let expected = whole.backward(targets)
    whole.update()

    upper.forward(lower.forward(inputs))
    let loss = upper.backward(targets)
    lower.backward(delta: upper.inputDelta, loss: loss)
    lower.update()

    #expect(loss == expected && lower.summary.loss == expected)
    for index in 0..<2 {
      #expect(lower.parameters.views[index].copy == whole.parameters.views[index].copy)
      #expect(
        lower.summary.parameters[index].update == whole.summary.parameters[index].update)
    }
    #expect(lower.summary.layers[1].delta == whole.summary.layers[1].delta)
    // The upper one was only passed through.
    #expect(upper.updates == 0 && lower.updates == 1)
    let untouched = try Learner<Double>(Self.upper(), rule, capacity: 8)
    for (view, start) in zip(upper.parameters.views, untouched.parameters.views) {
      #expect(view.copy == start.copy)
    }
  }

  @Test func aPassThatUpdatesNothingLeavesNoTrace() throws {
    let rule = UpdateRule(.sgd(learningRate: 0.1))
    let learner = try Learner<Double>(Self.upper(), rule, capacity: 8)
    let alone = try Learner<Double>(Self.upper(), rule, capacity: 8)
    let inputs = Self.tensor(8, 7, seed: 1), others = Self.tensor(3, 7, seed: 3)
    let targets = Targets.values(Self.tensor(8, 2, seed: 2).scalars, perExample: 2)
    for _ in 0..<3 {
      learner.forward(others)
      learner.backward(.values([1, 2, 3, 4, 5, 6], perExample: 2))
      for one in [learner, alone] {
        one.forward(inputs)
        one.backward(targets)
        one.update()
      }
      #expect(learner.summary.step == alone.summary.step)
      #expect(learner.summary.loss == alone.summary.loss)
      #expect(learner.summary.layers.map(\.delta) == alone.summary.layers.map(\.delta))
      #expect(
        learner.summary.parameters.map(\.update) == alone.summary.parameters.map(\.update))
    }
  }
}
