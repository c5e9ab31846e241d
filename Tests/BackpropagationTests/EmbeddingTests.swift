import Foundation
import Testing

@testable import Backpropagation

struct EmbeddingTests {
  private func indices(_ values: [Double]) -> Tensor<Double> {
    Tensor(shape: [1, values.count], scalars: values)
  }

  @Test func looksUpRows() throws {
    let lone = try LoneLayer(Embedding(vocabulary: 4, units: 3), indices([2, 0, 2, 3]))
    lone.parameters[0].assign(numbers: (0..<12).map { Double($0) })
    #expect(lone.forward() == [6, 7, 8, 0, 1, 2, 6, 7, 8, 9, 10, 11])
  }

  /// Rows that are named several times add up, the others are exactly zero.
  @Test func gradientsAreScattered() throws {
    let lone = try LoneLayer(Embedding(vocabulary: 5, units: 2), indices([2, 0, 2, 4]))
    lone.forward()
    lone.backward([1, 2, 10, 20, 100, 200, -1, -2])
    #expect(lone.gradients[0].numbers == [10, 20, 0, 0, 101, 202, 0, 0, -1, -2])
    #expect(lone.inputDeltas[0].numbers == [0, 0, 0, 0])
    // What an earlier pass wrote is gone.
    lone.inputs[0].assign(numbers: [1, 1, 1, 1])
    lone.forward()
    lone.backward([1, 1, 1, 1, 1, 1, 1, 1])
    #expect(lone.gradients[0].numbers == [0, 0, 4, 4, 0, 0, 0, 0, 0, 0])
  }

  /// The sums are the same on any number of threads, since each is of one column in one order.
  @Test func aLargeTableIsScatteredAlike() throws {
    let count = 3000, units = 48
    var source = RandomSource(seed: 1, stream: "indices")
    let named = (0..<count).map { _ in Double(source.below(100)) }
    let lone = try LoneLayer(Embedding(vocabulary: 100, units: units), indices(named))
    let delta = Tensor<Double>.random([count, units]).scalars
    lone.forward()
    lone.backward(delta)
    var expected = [Double](repeating: 0, count: 100 * units)
    for (row, index) in named.enumerated() {
      for unit in 0..<units { expected[Int(index) * units + unit] += delta[row * units + unit] }
    }
    #expect(lone.gradients[0].numbers == expected)
  }

  @Test(arguments: [-1, 4, Double.nan, .infinity, 1e300])
  func anIndexThatNamesNoRowGivesNaN(index: Double) throws {
    let lone = try LoneLayer(Embedding(vocabulary: 4, units: 2), indices([1, index]))
    let result = lone.forward()
    #expect(result[0...1].allSatisfy { $0.isFinite } && result[2...3].allSatisfy { $0.isNaN })
    lone.backward([1, 1, 1, 1])
    #expect(lone.gradients[0].numbers == [0, 0, 1, 1, 0, 0, 0, 0])
  }

  @Test func dataOutsideOfTheVocabularyAreRefused() throws {
    let network = try NeuralNetwork(input: [2], loss: .halfSquaredError) {
      Embedding(vocabulary: 4, units: 3)
    }
    func message(_ values: [Double]) -> String? {
      do throws(NetworkError) {
        try network.check(
          Dataset(
            inputShape: [2], inputs: values,
            targets: .values([Double](repeating: 0, count: 6), perExample: 6)))
        return nil
      } catch { return error.message }
    }
    #expect(message([0, 3]) == nil)
    #expect(
      message([0, 4]) == "an index in the data is 4.0, but the network's vocabulary is 0 to 3")
    #expect(
      message([0.5, 1]) == "an index in the data is 0.5, but the network's vocabulary is 0 to 3")
  }

  @Test func sinesAndCosinesTellThePosition() throws {
    for features in [1, 6, 7] {
      let zeros = Tensor<Double>(zeros: [2, 300, features])
      let result = try LoneLayer(PositionalEncoding(), zeros).forward()
      let expected = (0..<2 * 300 * features).map { place in
        let position = place / features % 300, feature = place % features
        let angle =
          Double(position) / pow(10000, Double(feature / 2 * 2) / Double(features))
        return feature.isMultiple(of: 2) ? sin(angle) : cos(angle)
      }
      #expect(distance(result, expected) < 1e-12)
    }
  }

  @Test func learnedPositionsAreAWeight() throws {
    let lone = try LoneLayer(
      PositionalEncoding(.learned, length: 3), Tensor<Double>(zeros: [2, 2, 2]))
    lone.parameters[0].assign(numbers: [1, 2, 3, 4, 5, 6])
    #expect(lone.forward() == [1, 2, 3, 4, 1, 2, 3, 4])
    #expect(lone.backward([1, 2, 3, 4, 10, 20, 30, 40]) == [1, 2, 3, 4, 10, 20, 30, 40])
    #expect(lone.gradients[0].numbers == [11, 22, 33, 44, 0, 0])
  }

  @Test func whatDoesNotFitIsRefused() {
    func message(_ layer: any Layer, _ input: Shape) -> String? {
      #expect(throws: ShapeError.self) { try layer.outputShape(of: [input]) }?.message
    }
    #expect(
      message(Embedding(vocabulary: 4, units: 3), [5, 2]) == "takes a list of indices, got 5 × 2")
    #expect(
      message(Embedding(vocabulary: 0, units: 3), [5])
        == "takes a vocabulary and units from 1 to 16,777,216, got 0 and 3")
    #expect(
      message(PositionalEncoding(length: 4), [5, 2]) == "takes at most 4 positions, got 5 × 2")
    #expect(message(PositionalEncoding(), [5]) == "takes a sequence of features, got 5")
    let error = #expect(throws: ArgumentError.self) {
      try LayerCatalog.all.make("positional-encoding", ["kind": .text("random")])
    }
    #expect(
      error?.message
        == "kind of positional-encoding is \"random\", expected sinusoidal or learned")
  }
}
