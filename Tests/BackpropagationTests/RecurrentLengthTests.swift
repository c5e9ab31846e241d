import Testing

@testable import Backpropagation

/// Recurrent layers over sequences of unequal length.
struct RecurrentLengthTests {
  /// Whatever stands in the padding is never read, and more of it changes but the order of sums.
  @Test(arguments: RecurrentCase.layers.indices)
  func paddingChangesNothing(_ place: Int) throws {
    let layer = RecurrentCase.layers[place], lengths = [6, 1, 4, 2, 3]
    func results(
      padding: Int = 0, of value: Double = .nan
    ) throws -> (loss: Double, gradients: [Double], byTime: TimeDeltas) {
      let data = RecurrentCase.sequences(layer.output, padding: padding, lengths: lengths)
        .mappingInputs { $0.values.map { $0.isNaN ? value : $0 } }
      let passes = try RecurrentCase.prepared(layer, on: data)
      let loss = passes.run()
      var byTime: TimeDeltas?
      passes.workspace.addTimeDelta(of: 1, examples: 5, to: &byTime)
      return (loss, passes.gradients, try #require(byTime))
    }
    let tight = try results(), other = try results(of: 1e3), loose = try results(padding: 7)
    #expect(tight.loss.isFinite && tight.gradients.contains { $0 != 0 })
    #expect(tight == other)
    #expect(abs(tight.loss - loose.loss) < 1e-14)
    for (one, other) in zip(tight.gradients, loose.gradients) { #expect(abs(one - other) < 1e-14) }

    let numbers = layer.directions * layer.units
    #expect(tight.byTime.counts == [5, 4, 3, 2, 1, 1].map { $0 * numbers })
    #expect(loose.byTime.counts == tight.byTime.counts + [0, 0, 0, 0, 0, 0, 0])
    #expect(loose.byTime.rms.suffix(7) == [0, 0, 0, 0, 0, 0, 0])
    for (one, other) in zip(tight.byTime.rms, loose.byTime.rms) {
      #expect(one > 0 && abs(one - other) < 1e-14)
    }
  }

  @Test(arguments: RecurrentCase.layers.indices)
  func fullLengthsAreNoLengths(_ place: Int) throws {
    let layer = RecurrentCase.layers[place]
    let free = try RecurrentCase.prepared(layer, on: RecurrentCase.sequences(layer.output))
    let stated = try RecurrentCase.prepared(
      layer, on: RecurrentCase.sequences(layer.output, lengths: [Int](repeating: 6, count: 5)))
    #expect(free.run() == stated.run())
    #expect(free.gradients == stated.gradients)
  }

  /// Lengths speak of the input's positions, and are none of a layer's whose steps are others.
  @Test func lengthsOfOtherPositionsAreNotTaken() throws {
    let data = RecurrentCase.sequences(.last, lengths: [6, 6, 6, 6, 1])
    let network = try NeuralNetwork(input: [6, 3], loss: .halfSquaredError) {
      Halves()
      LSTM(4)
      Dense(2)
    }
    var byTime: TimeDeltas?
    let passes = Passes<Double>(
      network,
      on: Dataset(
        features: [
          .init(shape: [6, 3], values: data.inputs.map { $0.isNaN ? 0 : $0 })
        ], targetSets: data.targetSets, lengths: data.lengths))
    passes.run()
    passes.workspace.addTimeDelta(of: 2, examples: 5, to: &byTime)
    #expect(byTime?.counts == [20, 20])
  }

  /// The sequence as two steps, each half of it.
  private struct Halves: Layer {
    func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
      [2, try inputs.single.count / 2]
    }
    var keepsPositions: Bool { false }
    func forward<S>(_ pass: ForwardPass<S>) {
      pass.output.assign(pass.input.reshaped(pass.output.shape))
    }
    func backward<S>(_ pass: BackwardPass<S>) {
      pass.inputDelta.map { $0.assign(pass.outputDelta.reshaped($0.shape)) }
    }
  }
}
