import Testing

@testable import Backpropagation

/// The layers that normalize against their formula, written over lists of the places that belong together.
struct NormalizationTests {
  /// (x − mean)/√(variance + ε) over each group of places.
  private func normalized(
    _ x: [Double], _ groups: [[Int]], epsilon: Double = 1e-5, isCentered: Bool = true
  ) -> [Double] {
    var result = x
    for group in groups {
      let count = Double(group.count)
      let mean = isCentered ? group.reduce(0) { $0 + x[$1] } / count : 0
      let variance = group.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / count
      for place in group { result[place] = (x[place] - mean) / (variance + epsilon).squareRoot() }
    }
    return result
  }

  /// The places 0 ..< count by a number that those which belong together share.
  private func groups(_ count: Int, by key: (Int) -> Int) -> [[Int]] {
    Dictionary(grouping: 0..<count, by: key).values.map { $0.sorted() }
  }

  /// 4 examples of 6 channels with 5 × 3 places each.
  private let images = Tensor<Double>.random([4, 6, 5, 3])

  @Test func batchNormIsOverTheBatch() throws {
    let lone = try LoneLayer(BatchNorm(), images)
    let expected = normalized(images.scalars, groups(images.shape.count) { $0 / 15 % 6 })
    #expect(distance(lone.forward(), expected) < 1e-14)
    // The weight and the bias are each channel's own.
    lone.parameters[0].assign(numbers: [1, 2, 3, 4, 5, 6])
    lone.parameters[1].assign(numbers: [6, 5, 4, 3, 2, 1])
    let moved = expected.enumerated().map { place, value in
      let channel = Double(place / 15 % 6)
      return value * (channel + 1) + 6 - channel
    }
    #expect(distance(lone.forward(), moved) < 1e-13)
  }

  /// More channels than are handled together, with one value an example.
  @Test(arguments: [1, 63, 64, 65, 130])
  func batchNormOfFeaturesIsOverTheExamples(channels: Int) throws {
    let features = Tensor<Double>.random([9, channels])
    let expected = normalized(features.scalars, groups(9 * channels) { $0 % channels })
    #expect(distance(try LoneLayer(BatchNorm(), features).forward(), expected) < 1e-14)
  }

  @Test func layerAndRMSNormAreOverTheLastAxisOrTheWholeImage() throws {
    let sequence = Tensor<Double>.random([4, 5, 7]), image = images
    let positions = groups(140) { $0 / 7 }, examples = groups(360) { $0 / 90 }
    for (input, parts) in [(sequence, positions), (image, examples)] {
      #expect(
        distance(try LoneLayer(LayerNorm(), input).forward(), normalized(input.scalars, parts))
          < 1e-14)
      #expect(
        distance(
          try LoneLayer(RMSNorm(epsilon: 0.5), input).forward(),
          normalized(input.scalars, parts, epsilon: 0.5, isCentered: false)) < 1e-14)
    }
    #expect(LayerNorm().parameters(for: [[6, 5, 3]]).map(\.shape) == [[6, 5, 3], [6, 5, 3]])
    #expect(RMSNorm().parameters(for: [[5, 7]]).map(\.shape) == [[7]])
  }

  @Test func groupAndInstanceNormAreOverChannels() throws {
    for size in [1, 2, 3, 6] {
      let expected = normalized(images.scalars, groups(360) { $0 / (15 * size) })
      let lone = try LoneLayer(GroupNorm(groups: 6 / size), images)
      #expect(distance(lone.forward(), expected) < 1e-14)
      guard size == 1 else { continue }
      #expect(distance(try LoneLayer(InstanceNorm(), images).forward(), expected) < 1e-14)
    }
  }

  /// running ← 0.9 · running + 0.1 · batch's, the variance unbiased.
  @Test func trainingMovesTheRunningStatistics() throws {
    let x = Tensor<Double>(shape: [2, 2, 2], scalars: [1, 2, 10, 10, 3, 6, 10, 10])
    let lone = try LoneLayer(BatchNorm(affine: false), x)
    lone.forward()
    // Of 1, 2, 3, 6 the mean is 3 and the variance 14/3.
    #expect(distance(lone.parameters[0].numbers, [0.3, 1]) < 1e-15)
    #expect(distance(lone.parameters[1].numbers, [0.9 + 0.1 * 14 / 3, 0.9]) < 1e-15)
    lone.forward()
    #expect(distance(lone.parameters[0].numbers, [0.57, 1.9]) < 1e-15)

    let instance = try LoneLayer(InstanceNorm(affine: false, runningStatistics: true), x)
    instance.forward()
    // Of 1, 2 and 3, 6 the means are 1.5 and 4.5, the variances 0.5 and 4.5.
    #expect(distance(instance.parameters[0].numbers, [0.3, 1]) < 1e-15)
    #expect(distance(instance.parameters[1].numbers, [0.9 + 0.1 * 2.5, 0.9]) < 1e-15)
  }

  @Test func evaluationUsesTheRunningStatistics() throws {
    let layers: [any Layer] = [BatchNorm(), InstanceNorm(runningStatistics: true)]
    for layer in layers {
      let lone = try LoneLayer(layer, images)
      lone.parameters[0].fill(2)
      lone.parameters[2].assign(numbers: [0, 1, 2, 3, 4, 5])
      lone.parameters[3].fill(4)
      let before = lone.parameters.map(\.numbers)
      let factor = 2 / (4 + 1e-5).squareRoot()
      let expected = images.scalars.enumerated().map { place, value in
        (value - Double(place / 15 % 6)) * factor
      }
      #expect(distance(lone.forward(training: false), expected) < 1e-14)
      #expect(lone.parameters.map(\.numbers) == before)
      // What is constant has no part in δ.
      let delta = Tensor<Double>.random(images.shape, seed: 2).scalars
      #expect(distance(lone.backward(delta), delta.map { $0 * factor }) < 1e-15)
    }
    // Without running statistics evaluation is as training.
    let instance = try LoneLayer(InstanceNorm(), images)
    #expect(instance.forward(training: false) == instance.forward())
  }

  /// The statistics of numbers far from zero come out of their differences, not of their squares.
  @Test func anOffsetDoesNotSpoilTheVariance() throws {
    let shifted = Tensor<Float>.random([16, 3, 40], around: 4096)
    let exact = Tensor<Double>(shape: shifted.shape, scalars: shifted.scalars.map { Double($0) })
    for layer in [BatchNorm(), InstanceNorm(), GroupNorm(groups: 3), LayerNorm()] as [any Layer] {
      let difference = distance(
        try LoneLayer(layer, shifted).forward(), try LoneLayer(layer, exact).forward())
      #expect(difference < 2e-3, "\(layer.kind)")
    }
  }

  @Test func aConstantInputGivesTheBiasAndFiniteDeltas() throws {
    let constant = Tensor<Float>(shape: [3, 4, 6], scalars: [Float](repeating: 7, count: 72))
    for layer in [BatchNorm(), InstanceNorm(), GroupNorm(groups: 2), LayerNorm()] as [any Layer] {
      let lone = try LoneLayer(layer, constant)
      lone.parameters[1].fill(0.25)
      #expect(lone.forward().allSatisfy { $0 == 0.25 })
      let delta = lone.backward((0..<72).map { Double($0) })
      #expect(delta.allSatisfy { $0.isFinite })
    }
  }

  @Test func whatIsNotANumberIsPassedOn() throws {
    var strange = images
    strange[20] = .nan
    for layer in [BatchNorm(), InstanceNorm(), GroupNorm(groups: 6)] as [any Layer] {
      let result = try LoneLayer(layer, strange).forward()
      // Channel 1 of the first example.
      #expect(result[15..<30].allSatisfy { $0.isNaN }, "\(layer.kind)")
      #expect(result[0..<15].allSatisfy { $0.isFinite }, "\(layer.kind)")
    }
    #expect(try LoneLayer(LayerNorm(), strange).forward()[..<90].allSatisfy { $0.isNaN })
  }

  /// One value has no statistics: training refuses a batch that leaves one.
  @Test func aBatchOfOneValueAChannelIsRefused() throws {
    let network = try NeuralNetwork(input: [3], loss: .softmaxCrossEntropy) {
      BatchNorm().named("norm")
      Dense(2)
    }
    func message(batch: Int, of examples: Int) -> String? {
      let data = randomExamples(examples, input: [3], outputs: 2)
      let split = DataSplit(
        training: data, validation: data.selecting([]), test: data.selecting([0]))
      do {
        try Trainer(network, optimizer: .sgd(learningRate: 0.1), batch: batch)
          .train(on: split, for: .epochs(1))
        return nil
      } catch { return "\(error)" }
    }
    #expect(message(batch: 4, of: 8) == nil)
    #expect(message(batch: 4, of: 10) == nil)
    #expect(
      message(batch: 4, of: 9)
        == "layer \"norm\": batch-norm is trained on batches of at least 2 examples, but batches "
        + "of 4 of the 9 examples leave a last one of 1")
    #expect(
      message(batch: 1, of: 9)
        == "layer \"norm\": batch-norm is trained on batches of at least 2 examples, got 1")
    #expect(BatchNorm().smallestBatch(for: [[3, 2]]) == 1)
  }

  @Test func inputsThatDoNotFitAreRefused() {
    func message(_ layer: any Layer, _ input: Shape) -> String? {
      #expect(throws: ShapeError.self) { try layer.outputShape(of: [input]) }?.message
    }
    #expect(
      message(BatchNorm(), [2, 3, 4, 5])
        == "takes features, C × length or C × H × W, got 2 × 3 × 4 × 5")
    #expect(message(InstanceNorm(), [7]) == "takes C × length or C × H × W, got 7")
    #expect(
      message(LayerNorm(), [2, 3, 4, 5])
        == "takes features, a sequence of features or C × H × W, got 2 × 3 × 4 × 5")
    #expect(
      message(GroupNorm(groups: 4), [6, 2, 2])
        == "divides the channels into 4 groups, got 6 channels in 6 × 2 × 2")
    #expect(
      message(GroupNorm(groups: 0), [6])
        == "divides the channels into 0 groups, got 6 channels in 6")
  }

  @Test func argumentsOutOfRangeAreRefused() {
    func message(_ id: String, _ arguments: [String: ArgumentValue]) -> String? {
      #expect(throws: ArgumentError.self) { try LayerCatalog.all.make(id, arguments) }?.message
    }
    #expect(
      message("batch-norm", ["momentum": .number(1.5)])
        == "momentum of batch-norm is 1.5, expected a number from 0 to 1")
    #expect(
      message("layer-norm", ["epsilon": .integer(0)])
        == "epsilon of layer-norm is 0, expected a positive number")
    #expect(
      message("group-norm", [:])
        == "group-norm needs \"groups\", a whole number from 1 to 16777216")
  }
}
