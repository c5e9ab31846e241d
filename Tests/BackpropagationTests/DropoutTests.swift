import Testing

@testable import Backpropagation

struct DropoutTests {
  private let ones = Tensor<Double>(shape: [8, 1000], scalars: [Double](repeating: 1, count: 8000))

  @Test(arguments: [0.1, 0.5, 0.9])
  func dropsTheShareAndKeepsTheMean(rate: Double) throws {
    let result = try LoneLayer(Dropout(rate), ones).forward()
    let kept = result.filter { $0 != 0 }
    // 4 standard deviations of a binomial distribution.
    let deviation = 4 * (rate * (1 - rate) / 8000).squareRoot()
    #expect(abs(1 - Double(kept.count) / 8000 - rate) < deviation)
    #expect(kept.allSatisfy { abs($0 - 1 / (1 - rate)) < 1e-15 })
  }

  /// Neither the elements of an example nor the examples have their choices in common.
  @Test func choicesAreIndependent() throws {
    let kept = try LoneLayer(Dropout(0.5), ones).forward().map { $0 != 0 }
    for lag in [1, 2, 3, 32, 64, 1000, 2000] {
      let agreeing = zip(kept, kept.dropFirst(lag)).count { $0 == $1 }
      let count = Double(8000 - lag)
      #expect(abs(Double(agreeing) / count - 0.5) < 2 / count.squareRoot(), "lag \(lag)")
    }
  }

  @Test func theSameElementsAreDroppedBackward() throws {
    let lone = try LoneLayer(Dropout(0.3), ones)
    #expect(lone.forward() == lone.backward([Double](repeating: 1, count: 8000)))
    let once = lone.forward()
    #expect(lone.forward() == once)
    lone.context.seed = 2
    #expect(lone.forward() != once)
    // In Float the same ones as in Double.
    let narrow = try LoneLayer(
      Dropout(0.3), Tensor<Float>(shape: ones.shape, scalars: ones.scalars.map { Float($0) }))
    #expect(narrow.forward().map { $0 != 0 } == once.map { $0 != 0 })
  }

  @Test func bothEndsAreLegal() throws {
    let strange = Tensor<Float>(shape: [2, 2], scalars: [1, -.infinity, .nan, 3])
    let all = try LoneLayer(Dropout(1), strange)
    #expect(all.forward() == [0, 0, 0, 0])
    #expect(all.backward([1, .infinity, .nan, 2]) == [0, 0, 0, 0])
    let none = try LoneLayer(Dropout(0), ones)
    #expect(none.forward() == ones.scalars)
    #expect(none.backward(ones.scalars) == ones.scalars)
  }

  @Test func evaluationPassesEverythingOn() throws {
    let x = Tensor<Double>.random([3, 4, 5])
    for layer in [Dropout(0.7), Dropout(1), SpatialDropout(0.7)] as [any Layer] {
      let lone = try LoneLayer(layer, x)
      #expect(lone.forward(training: false) == x.scalars)
      #expect(lone.backward(x.scalars) == x.scalars)
    }
  }

  @Test func spatialDropoutDropsWholeChannels() throws {
    let x = Tensor<Double>(shape: [50, 20, 2, 3], scalars: [Double](repeating: 1, count: 6000))
    let result = try LoneLayer(SpatialDropout(0.25), x).forward()
    var dropped = 0
    for channel in 0..<1000 {
      let values = Set(result[channel * 6..<channel * 6 + 6])
      #expect(values == [0] || values == [1 / 0.75])
      dropped += values == [0] ? 1 : 0
    }
    #expect(abs(dropped - 250) < 55)
  }

  /// What is dropped of an example doesn't depend on how far the batch is padded.
  @Test func paddingChangesNoChoice() throws {
    let short = Tensor<Double>(shape: [3, 4, 5], scalars: [Double](repeating: 1, count: 60))
    let long = Tensor<Double>(shape: [3, 9, 5], scalars: [Double](repeating: 1, count: 135))
    let (a, b) = (
      try LoneLayer(Dropout(0.5), short).forward(), try LoneLayer(Dropout(0.5), long).forward()
    )
    for example in 0..<3 {
      #expect(
        Array(a[example * 20..<example * 20 + 20]) == Array(b[example * 45..<example * 45 + 20]))
    }
  }

  @Test func ratesOutOfRangeAreRefused() {
    for (value, written) in [(ArgumentValue.number(-0.1), "-0.1"), (.number(1.01), "1.01")] {
      let error = #expect(throws: ArgumentError.self) {
        try LayerCatalog.all.make("dropout", ["rate": value])
      }
      #expect(error?.message == "rate of dropout is \(written), expected a number from 0 to 1")
    }
    let error = #expect(throws: ShapeError.self) {
      try SpatialDropout(0.5).outputShape(of: [[7]])
    }
    #expect(error?.message == "takes C × length or C × H × W, got 7")
  }
}
