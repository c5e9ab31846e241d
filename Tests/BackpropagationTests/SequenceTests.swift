import Testing

@testable import Backpropagation

/// Sequences of unequal length: what stands behind an example's end has no part in anything.
struct SequenceTests {
  static let network = Result {
    try NeuralNetwork(input: [5, 3], loss: .softmaxCrossEntropy) {
      Dense(4)
      Sigmoid()
      Dense(2)
    }
  }

  /// Two examples of 5 positions, of which 5 and 2 are valid; the padding holds `padding`.
  static func data(padding: Double) -> Dataset {
    var source = RandomSource(seed: 1, stream: "sequences")
    var values = (0..<30).map { _ in source.normal() }
    for index in 21..<30 { values[index] = padding }
    return Dataset(
      features: [.init(shape: [5, 3], values: values)],
      targetSets: [.classes([0, 1, 1, 0, 1, 1, 0, 0, 0, 0], names: [], perExample: 5)],
      lengths: [5, 2])
  }

  struct Outcome: Equatable {
    var loss: Double
    var gradients: [[Double]]
    var activations: [TensorSummary]
    var deltas: [TensorSummary]
  }

  func outcome(of data: Dataset) throws -> Outcome {
    let network = try Self.network.get()
    let workspace = Workspace<Double>(
      network, parameters: ParameterStore(network, seed: 1), capacity: data.count)
    let targets = data.targetSets.map { TargetBuffer<Double>($0, capacity: data.count) }
    MemorySource<Double>(data).gather(0..<data.count, into: workspace, targets: targets)
    let batch = targets.map { $0.batch(of: data.count) }
    workspace.forward(examples: data.count)
    let loss = workspace.loss(batch, examples: data.count, divisors: [2])
    workspace.backward(batch, examples: data.count, divisors: [2])
    return Outcome(
      loss: loss, gradients: workspace.gradients.views.map(\.copy.scalars),
      activations: workspace.activations, deltas: workspace.deltas)
  }

  @Test func paddingHasNoPartInLossGradientsOrStatistics() throws {
    let zero = try outcome(of: Self.data(padding: 0))
    #expect(try outcome(of: Self.data(padding: 1e3)) == zero)
    #expect(zero.activations.map(\.count) == [21, 28, 28, 14])
    #expect(zero.deltas.map(\.count) == [0, 28, 28, 14])
    // A logistic function of zero is a half; none of that is counted.
    #expect(zero.activations[2].zeros == 0)
  }

  /// The mean over an example's positions, and then over the examples.
  @Test func anExampleWeighsTheSameWhateverItsLength() throws {
    let data = Self.data(padding: 0)
    let both = try outcome(of: data)
    let alone = try (0..<2).map { try outcome(of: data.selecting([$0])) }
    #expect(abs(both.loss - (alone[0].loss + alone[1].loss)) < 1e-15)
    for place in both.gradients.indices {
      for (gradient, parts) in zip(
        both.gradients[place], zip(alone[0].gradients[place], alone[1].gradients[place]))
      {
        #expect(abs(gradient - parts.0 - parts.1) < 1e-15)
      }
    }
  }

  @Test func dataOfAnotherKindAreRefused() throws {
    let network = try Self.network.get()
    func message(_ targets: Targets) -> String? {
      do throws(NetworkError) {
        try network.check(
          Dataset(
            features: [.init(shape: [5, 3], values: [Double](repeating: 0, count: 15))],
            targetSets: [targets]))
        return nil
      } catch { return error.message }
    }
    #expect(message(.classes([0, 1, 1, 0, 0], names: [], perExample: 5)) == nil)
    #expect(
      message(.classes([0], names: []))
        == "the data have 1 targets an example, but the output has 5 positions")
    #expect(
      message(.classes([0, 1, 2, 0, 0], names: [], perExample: 5))
        == "the data have 3 classes, but the output has 2")
  }
}
