import Testing

@testable import Backpropagation

/// Recurrent layers against their formulas step by step, and example by example.
struct RecurrentLayerTests {
  @Test(arguments: RecurrentCase.layers.indices, [nil, RecurrentCase.lengths])
  func aPassIsItsFormulas(_ place: Int, lengths: [Int]?) throws {
    let layer = RecurrentCase.layers[place],
      data = RecurrentCase.sequences(layer.output, lengths: lengths)
    let passes = try RecurrentCase.prepared(layer, on: data)
    passes.run()
    let parameters = passes.workspace.parameters.views.map { $0.copy.scalars }
    var expected: [Double] = []
    for example in 0..<data.count {
      let length = lengths?[example] ?? 6
      let rows = (0..<length).map { step in
        Array(data.inputs[(example * 6 + step) * 3..<(example * 6 + step + 1) * 3])
      }
      let result = ReferenceRecurrence(layer).run(rows, parameters)
      expected += layer.output == .last ? result.last : result.sequence.flatMap { $0 }
      if layer.output == .sequence {
        expected += [Double](repeating: 0, count: (6 - length) * layer.directions * layer.units)
      }
    }
    let output = passes.output(of: "recurrent")
    #expect(output.count == expected.count)
    for (value, expected) in zip(output, expected) { #expect(abs(value - expected) < 1e-14) }
  }

  /// So many examples that they are split over threads; each gives what it gives alone.
  @Test(arguments: RecurrentCase.layers.indices)
  func aBatchsGradientIsTheSumOfItsExamples(_ place: Int) throws {
    let layer = RecurrentCase.layers[place]
    let data = RecurrentCase.sequences(layer.output, count: 70, steps: 20)
    let whole = try RecurrentCase.prepared(layer, on: data)
    whole.run(divisor: 1)
    var sum = [Double](repeating: 0, count: whole.gradients.count)
    for example in 0..<data.count {
      let single = try RecurrentCase.prepared(layer, on: data.selecting([example]))
      single.run(divisor: 1)
      for (place, gradient) in single.gradients.enumerated() { sum[place] += gradient }
    }
    let largest = sum.reduce(0) { max($0, abs($1)) }
    for (gradient, expected) in zip(whole.gradients, sum) {
      #expect(abs(gradient - expected) < 1e-13 * largest)
    }
  }

  /// A number that is none spreads to what it reaches: all later steps of its example, and no other example.
  @Test func notANumberStaysInItsExample() throws {
    let layer = LSTM(4, output: .sequence)
    var data = RecurrentCase.sequences(.sequence)
    var inputs = data.inputs
    inputs[(2 * 6 + 3) * 3] = .nan
    data = Dataset(inputShape: [6, 3], inputs: inputs, targets: data.targets)
    let passes = try RecurrentCase.prepared(layer, on: data)
    passes.run()
    let output = passes.output(of: "recurrent")
    for example in 0..<5 {
      for step in 0..<6 {
        let values = output[(example * 6 + step) * 4..<(example * 6 + step + 1) * 4]
        #expect(values.allSatisfy { $0.isNaN == (example == 2 && step >= 3) })
      }
    }
  }
}
