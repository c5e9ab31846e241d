import Testing

@testable import Backpropagation

/// Weighted classes divide by the sum of their weights, and bad targets and arguments are refused.
struct ClassWeightTests {
  /// Twice the weight is as good as being there twice.
  @Test func aWeightOfTwoIsAnExampleTwice() throws {
    let once = Dataset(
      inputShape: [2], inputs: [1, 2, -1, 0.5, 0.3, 0.2], targets: .classes([0, 1, 0], names: []))
    let twice = once.selecting([0, 0, 1, 2, 2])
    func passes(_ data: Dataset, _ weights: [Double]?) throws -> (Double, [Double]) {
      let network = try NeuralNetwork(
        input: [2], loss: .softmaxCrossEntropy(classWeights: weights)
      ) { Dense(2) }
      let passes = Passes<Double>(network, on: data)
      let divisor = weights.map { $0[0] * 2 + $0[1] } ?? 5
      return (passes.run(divisor: divisor), passes.gradients)
    }
    let weighted = try passes(once, [2, 1]), repeated = try passes(twice, nil)
    #expect(abs(weighted.0 - repeated.0) < 1e-15)
    for (a, b) in zip(weighted.1, repeated.1) { #expect(abs(a - b) < 1e-15) }
  }

  /// An example counts by the mean weight of its valid positions; padding counts for nothing.
  @Test func positionsShareTheirExamplesWeight() throws {
    let network = try NeuralNetwork(
      input: [3, 2], loss: .softmaxCrossEntropy(classWeights: [1, 4])
    ) { Dense(2) }
    let classes: [Int32] = [0, 1, 1, 1, 0, 0]
    let lengths: [Int32] = [2, 3]
    let head = network.heads[0]
    try classes.withUnsafeBufferPointer { classes in
      let targets = BatchTargets<Double>.classes(try #require(classes.baseAddress))
      #expect(head.divisor(of: targets, examples: 2, lengths: nil) == 3 + 2)
      lengths.withUnsafeBufferPointer {
        #expect(head.divisor(of: targets, examples: 2, lengths: $0.baseAddress) == 2.5 + 2)
      }
    }
    let plain = try NeuralNetwork(input: [3, 2], loss: .softmaxCrossEntropy) { Dense(2) }
    classes.withUnsafeBufferPointer { classes in
      let targets = classes.baseAddress.map { BatchTargets<Double>.classes($0) }
      #expect(
        targets.map { plain.heads[0].divisor(of: $0, examples: 2, lengths: nil) } == 2)
    }
  }

  /// What is measured at the end is Σ w E / Σ w over all examples, in however many batches they are run.
  @Test func aPartsLossIsTheWeightedMeanOfAllItsExamples() throws {
    let weights = [1.0, 10]
    let classes = (0..<300).map { $0 < 280 ? 0 : 1 }
    let data = Dataset(
      inputShape: [1], inputs: (0..<300).map { Double($0 % 7) },
      targets: .classes(classes, names: []))
    let network = try NeuralNetwork(
      input: [1], loss: .softmaxCrossEntropy(classWeights: weights)
    ) { Dense(2, initializer: .constant(0)) }
    let split = DataSplit(training: data, validation: data.prefix(0), test: data.prefix(0))
    let result = try Trainer(network, optimizer: .sgd(learningRate: 1e-300), precision: .double)
      .train(on: split, for: .steps(1))
    // Equal outputs cost log 2 whatever the class; a mean of the batches' means would say so too, so one is favored.
    #expect(abs(result.parts[0].loss - 0.6931471805599453) < 1e-12)
    let biased = try NeuralNetwork(
      input: [1], loss: .softmaxCrossEntropy(classWeights: weights)
    ) { Dense(2, initializer: .constant(0), biasInitializer: FirstOnly()) }
    let loss = try Trainer(biased, optimizer: .sgd(learningRate: 1e-300), precision: .double)
      .train(on: split, for: .steps(1)).parts[0].loss
    // log(e + 1) − 1 for the first class, log(e + 1) for the other: (280 · 0.3133 + 20 · 10 · 1.3133) / 480.
    #expect(abs(loss - (280 * 0.31326168751822286 + 200 * 1.3132616875182228) / 480) < 1e-12)
  }

  private struct FirstOnly: Initializer {
    func values(for shape: Shape, fans: Fans, from source: inout RandomSource) -> [Double] {
      (0..<shape.count).map { $0 == 0 ? 1 : 0 }
    }
  }

  /// A batch whose classes all count for nothing has the loss 0, not 0/0.
  @Test func classesWithoutWeightCostNothing() throws {
    let network = try NeuralNetwork(
      input: [2], loss: .softmaxCrossEntropy(classWeights: [0, 1])
    ) { Dense(2) }
    let data = Dataset(inputShape: [2], inputs: [1, 2], targets: .classes([0], names: []))
    let split = DataSplit(
      training: data, validation: data.prefix(0), test: data.prefix(0))
    let result = try Trainer(network, optimizer: .sgd(learningRate: 0.1)).train(
      on: split, for: .steps(2))
    #expect(result.parts[0].loss == 0)
  }

  private func message(_ id: String, _ arguments: [String: ArgumentValue]) -> String? {
    #expect(throws: ArgumentError.self) { try LossCatalog.all.make(id, arguments) }?.message
  }

  @Test func argumentsThatCanNotBeAreRefused() {
    for delta in [ArgumentValue.integer(0), .number(-1), .text("x"), .number(.infinity)] {
      #expect(
        message("huber", ["delta": delta])
          == "delta of huber is \(delta.written), expected a positive number")
    }
    for smoothing in [ArgumentValue.number(-0.1), .number(1.1)] {
      #expect(
        message("softmax-cross-entropy", ["label-smoothing": smoothing])
          == "label-smoothing of softmax-cross-entropy is \(smoothing.written), "
          + "expected a number from 0 to 1")
    }
    let expected = ", expected a list of numbers from 0, not all of them 0"
    for weights: [ArgumentValue] in [
      [], [.integer(0), .number(0)], [.integer(1), .number(-1)], [.number(.nan)], [.text("a")],
    ] {
      #expect(
        message("negative-log-likelihood", ["class-weights": .list(weights)])
          == "class-weights of negative-log-likelihood is a list of \(weights.count)" + expected)
    }
    #expect(
      message("softmax-cross-entropy", ["class-weights": .integer(2)])
        == "class-weights of softmax-cross-entropy is 2" + expected)
    #expect(
      message("hinge", ["margin": .integer(2)]) == "unknown key \"margin\" in hinge")
  }

  private func refusal(_ loss: any Loss, _ output: Shape, _ targets: Targets?) -> String? {
    #expect(throws: ShapeError.self) { try loss.check(output: output, targets: targets) }?.message
  }

  @Test func targetsOutsideOfTheDomainAreRefused() {
    let numbers = Targets.values([0, 1, 0.5, -2], perExample: 2)
    #expect(
      refusal(.binaryCrossEntropy, [2], numbers)
        == "binary-cross-entropy takes numbers from 0 to 1 as targets, got -2.0")
    #expect(
      refusal(.poisson, [2], numbers) == "poisson takes numbers from 0 as targets, got -2.0")
    #expect(
      refusal(.klDivergence, [2], numbers)
        == "kl-divergence takes numbers from 0 as targets, got -2.0")
    #expect(refusal(.hinge, [2], numbers) == "hinge takes -1 and 1 as targets, got 0.0")
    #expect(
      refusal(.hinge, [2], .classes([0], names: []))
        == "hinge takes -1 and 1 as targets, got classes")
    #expect(
      refusal(.cosine, [3], numbers) == "the data have 2 targets an example, but the output is 3")
    #expect(
      refusal(.softmaxCrossEntropy(classWeights: [1, 2]), [3], nil)
        == "softmax-cross-entropy has 2 class-weights, but the output has 3 classes")
    #expect(
      refusal(NegativeLogLikelihood(), [3], .classes([3], names: []))
        == "the data have 4 classes, but the output has 3")
  }
}
