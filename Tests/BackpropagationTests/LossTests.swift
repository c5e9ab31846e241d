import Foundation
import Testing

@testable import Backpropagation

struct LossTests {
  /// A network that passes its input on, so that the topmost delta can be read beside the outputs.
  private func passes(_ loss: any Loss, _ data: Dataset) throws -> Passes<Double> {
    let network = try NeuralNetwork(input: data.inputShape, loss: loss) {
      Dense(data.inputShape.count, bias: false, initializer: Orthogonal()).named("output")
    }
    return Passes(network, on: data)
  }

  /// δ_k = y_k − t_k for ½Σ(y − t)², 2(y_k − t_k) for Σ(y − t)², per example.
  @Test(arguments: [(SquaredError.halfSquaredError, 1.0), (.sumOfSquares, 2.0)])
  func topmostDeltasOfSquaredErrors(_ loss: SquaredError, factor: Double) throws {
    let data = randomExamples(5, input: [3], outputs: 3, classes: false)
    let passes = try passes(loss, data)
    let error = passes.run(divisor: 1)
    guard case .values(let targets, _) = data.targets else { return }
    let differences = zip(passes.output(of: "output"), targets).map { $0 - $1 }
    for (delta, difference) in zip(passes.delta(of: "output"), differences) {
      #expect(abs(delta - factor * difference) < 1e-15)
    }
    let squares = differences.reduce(0) { $0 + $1 * $1 }
    #expect(abs(error - factor / 2 * squares) < 1e-13)
  }

  /// δ_k = softmax(y)_k − [k = t], per example.
  @Test func topmostDeltasOfSoftmaxCrossEntropy() throws {
    let data = randomExamples(6, input: [4], outputs: 4)
    let passes = try passes(.softmaxCrossEntropy, data)
    let error = passes.run(divisor: 1)
    guard case .classes(let classes, _, _) = data.targets else { return }
    let logits = passes.output(of: "output"), deltas = passes.delta(of: "output")
    var expectedError = 0.0
    for (example, target) in classes.enumerated() {
      let powers = logits[example * 4..<(example + 1) * 4].map { Foundation.exp($0) }
      let total = powers.reduce(0, +)
      for k in 0..<4 {
        let expected = powers[k] / total - (k == target ? 1 : 0)
        #expect(abs(deltas[example * 4 + k] - expected) < 1e-15)
      }
      expectedError -= Foundation.log(powers[target] / total)
    }
    #expect(abs(error - expectedError) < 1e-13)
  }

  @Test func softmaxDoesNotOverflow() throws {
    let data = Dataset(
      inputShape: [3], inputs: [1e4, -1e4, 0], targets: .classes([1], names: []))
    let network = try NeuralNetwork(input: [3], loss: .softmaxCrossEntropy) { Identity() }
    #expect(Passes<Float>(network, on: data).run() == 2e4)
  }

  /// The loss of the best constant prediction, against a search over constants.
  @Test func constantLossesAreThoseOfTheBestConstant() {
    let values = Targets.values([1, 10, 2, 20, 6, 60], perExample: 2)
    // The means are 3 and 30; the variances 14/3 and 1400/3.
    #expect(
      abs(SquaredError.halfSquaredError.constantLoss(of: values, outputs: 2) - 707 / 3) < 1e-12)
    #expect(abs(SquaredError.sumOfSquares.constantLoss(of: values, outputs: 2) - 1414 / 3) < 1e-12)
    let classes = Targets.classes([0, 0, 0, 2], names: [])
    let entropy = -0.75 * Foundation.log(0.75) - 0.25 * Foundation.log(0.25)
    #expect(abs(SoftmaxCrossEntropy().constantLoss(of: classes, outputs: 3) - entropy) < 1e-15)
  }

  @Test func targetsThatDoNotFitAreRefused() {
    func message(_ loss: any Loss, _ output: Shape, _ targets: Targets?) -> String? {
      #expect(throws: ShapeError.self) { try loss.check(output: output, targets: targets) }?
        .message
    }
    let classes = Targets.classes([0, 3], names: []),
      values = Targets.values([1, 2], perExample: 1)
    let softmax = SoftmaxCrossEntropy()
    #expect(
      message(softmax, [1], nil)
        == "softmax-cross-entropy takes an output for each class, at least 2, got 1")
    #expect(
      message(softmax, [3], classes) == "the data have 4 classes, but the output has 3")
    #expect(
      message(softmax, [3], values)
        == "softmax-cross-entropy takes class numbers as targets, got other numbers")
    #expect(
      message(SquaredError.sumOfSquares, [3], classes)
        == "sum-of-squares takes numbers as targets, got classes")
    #expect(
      message(SquaredError.halfSquaredError, [3], values)
        == "the data have 1 targets an example, but the output is 3")
  }
}
