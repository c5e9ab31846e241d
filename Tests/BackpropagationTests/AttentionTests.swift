import Foundation
import Testing

@testable import Backpropagation

/// Attention against its formula, written with loops; the gradient check holds the backward pass to the forward one.
struct AttentionTests {
  /// softmax(q kᵀ/√width) v of each head, with the four products around it, of one example.
  private func reference(
    _ lone: LoneLayer<Double>, heads: Int, bias: Bool = true, sees: (Int, Int) -> Bool
  ) -> [Double] {
    let shapes = lone.inputs.map { Shape(Array($0.shape.sizes.dropFirst())) }
    let width = shapes[0][1], part = width / heads
    func project(_ place: Int, _ rows: [Double], of size: Int) -> [Double] {
      let weight = lone.parameters[place * (bias ? 2 : 1)].numbers
      return (0..<rows.count / size * width).map { index in
        let (row, unit) = (index / width, index % width)
        let sum = (0..<size).reduce(0) { $0 + rows[row * size + $1] * weight[unit * size + $1] }
        return sum + (bias ? lone.parameters[place * 2 + 1][unit] : 0)
      }
    }
    let sources = lone.inputs.count == 1 ? [0, 0, 0] : [0, 1, 2]
    let projected = sources.enumerated().map { place, source in
      project(place, lone.inputs[source].numbers, of: shapes[source][1])
    }
    let queries = projected[0].count / width, keys = projected[1].count / width
    var mixture = [Double](repeating: 0, count: queries * width)
    for head in 0..<heads {
      for query in 0..<queries {
        let scores = (0..<keys).map { key in
          (0..<part).reduce(0) {
            let column = head * part + $1
            return $0 + projected[0][query * width + column] * projected[1][key * width + column]
          } / Double(part).squareRoot()
        }
        let terms = scores.enumerated().map { sees(query, $0.offset) ? exp($0.element) : 0 }
        let sum = terms.reduce(0, +)
        guard sum > 0 else { continue }
        for column in head * part..<(head + 1) * part {
          mixture[query * width + column] = (0..<keys).reduce(0) {
            $0 + terms[$1] / sum * projected[2][$1 * width + column]
          }
        }
      }
    }
    return project(3, mixture, of: width)
  }

  private func withBiases(_ layer: any Layer, _ inputs: [Tensor<Double>]) throws
    -> LoneLayer<Double>
  {
    let lone =
      inputs.count == 1
      ? try LoneLayer(layer, inputs[0]) : try LoneLayer(layer, inputs[0], inputs[1], inputs[2])
    for (index, parameter) in lone.parameters.enumerated() where parameter.shape.rank == 1 {
      parameter.assign(Tensor<Double>.random(parameter.shape, seed: UInt64(index)))
    }
    return lone
  }

  @Test(arguments: [1, 2, 3, 6], [false, true])
  func selfAttentionIsItsFormula(heads: Int, isCausal: Bool) throws {
    // More positions than the lanes in which the largest score is looked for.
    let lone = try withBiases(
      Attention(heads: heads, causal: isCausal), [.random([1, 19, 6])])
    let expected = reference(lone, heads: heads) { !isCausal || $1 <= $0 }
    #expect(distance(lone.forward(), expected) < 1e-14)
  }

  @Test func crossAttentionTakesItsOwnShapes() throws {
    let inputs: [Tensor<Double>] = [
      .random([1, 5, 4]), .random([1, 3, 7], seed: 2), .random([1, 3, 2], seed: 3),
    ]
    let lone = try withBiases(Attention(heads: 2, bias: false), inputs)
    #expect(lone.parameters.map(\.shape) == [[4, 4], [4, 7], [4, 2], [4, 4]])
    #expect(
      distance(lone.forward(), reference(lone, heads: 2, bias: false) { _, _ in true }) < 1e-14)
    let causal = try withBiases(Attention(heads: 2, causal: true), inputs)
    #expect(distance(causal.forward(), reference(causal, heads: 2) { $1 <= $0 }) < 1e-14)
  }

  @Test func everyExampleIsByItself() throws {
    let batch = Tensor<Double>.random([3, 5, 4])
    let together = try LoneLayer(Attention(heads: 2), batch).forward()
    for example in 0..<3 {
      let alone = Tensor(
        shape: [1, 5, 4], scalars: Array(batch.scalars[example * 20..<example * 20 + 20]))
      let part = Array(together[example * 20..<example * 20 + 20])
      #expect(distance(try LoneLayer(Attention(heads: 2), alone).forward(), part) < 1e-15)
    }
  }

  /// Keys that are padding get no weight, whatever they hold.
  @Test func paddedKeysAreNotSeen() throws {
    let lone = try withBiases(Attention(heads: 2), [.random([1, 6, 4])])
    let lengths: [Int32] = [4]
    lengths.withUnsafeBufferPointer { lengths in
      lone.context.lengths = lengths.baseAddress
      let result = lone.forward()
      let expected = reference(lone, heads: 2) { $1 < 4 }
      #expect(distance(Array(result[..<16]), Array(expected[..<16])) < 1e-14)
      let delta = Tensor<Double>.random([6, 4], seed: 4).scalars
      let before = lone.backward(delta)
      #expect(before[16...].allSatisfy { $0 == 0 })
      for index in 16..<24 { lone.inputs[0][index] = 1e6 }
      #expect(Array(lone.forward()[..<16]) == Array(result[..<16]))
      #expect(lone.backward(delta) == before)
    }
  }

  /// A sequence without a valid position mixes nothing: no 0/0.
  @Test func anExampleThatSeesNothingGivesTheOutputsBias() throws {
    let lone = try withBiases(Attention(heads: 1), [.random([1, 3, 2])])
    let lengths: [Int32] = [0]
    lengths.withUnsafeBufferPointer {
      lone.context.lengths = $0.baseAddress
      let bias = lone.parameters[7].numbers
      #expect(lone.forward() == bias + bias + bias)
      #expect(lone.backward([1, 2, 3, 4, 5, 6]) == [0, 0, 0, 0, 0, 0])
      #expect(lone.gradients.allSatisfy { $0.numbers.allSatisfy { $0.isFinite } })
    }
  }

  /// Scores of hundreds overflow no exponential, and a NaN stays to be found.
  @Test func strangeNumbersAreHandled() throws {
    let large = Tensor<Float>(
      shape: [1, 4, 2], scalars: Tensor<Float>.random([4, 2]).scalars.map { $0 * 300 })
    let lone = try LoneLayer(Attention(heads: 1), large)
    #expect(lone.forward().allSatisfy { $0.isFinite })
    #expect(lone.backward([Double](repeating: 1, count: 8)).allSatisfy { $0.isFinite })
    lone.inputs[0][3] = .nan
    #expect(lone.forward().allSatisfy { $0.isNaN })
  }

  @Test func inputsThatDoNotFitAreRefused() {
    func message(_ layer: Attention, _ inputs: Shape...) -> String? {
      #expect(throws: ShapeError.self) { try layer.outputShape(of: inputs) }?.message
    }
    #expect(
      message(Attention(heads: 3), [5, 4])
        == "divides the features among 3 heads, got 4 features in 5 × 4")
    #expect(
      message(Attention(heads: 0), [5, 4])
        == "divides the features among 0 heads, got 4 features in 5 × 4")
    #expect(message(Attention(heads: 1), [5]) == "takes sequences of features, got 5")
    #expect(
      message(Attention(heads: 1), [5, 4], [5, 4])
        == "takes one input, or a query, a key and a value, got 2")
    #expect(
      message(Attention(heads: 1), [5, 4], [3, 4], [2, 4])
        == "takes as many values as keys, got 3 × 4 and 2 × 4")
    #expect(
      networkMessage(Attention(heads: 1), [100_000, 1])
        == "needs more than the 2147483647 numbers of memory that are supported")
    #expect(
      networkMessage(Attention(heads: 1), [1, 100_000])
        == "with it the network has 40000400000 parameters; at most 2147483647 are supported")
    let error = #expect(throws: ArgumentError.self) {
      try LayerCatalog.all.make("attention", ["heads": .integer(0)])
    }
    #expect(
      error?.message == "heads of attention is 0, expected a whole number from 1 to 16777216")
  }
}
