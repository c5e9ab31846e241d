import Foundation
import Testing

@testable import Backpropagation

/// The loss of the best constant prediction, against a search over constants that knows the loss alone.
struct ConstantLossTests {
  struct Case: CustomTestStringConvertible {
    var loss: any Loss
    /// Whether outputs are log-probabilities, so that only those are searched.
    var isNormalized = false
    var testDescription: String { loss.id }
  }

  static let weights = [0.5, 2, 1.0]
  static let cases = [
    Case(loss: .halfSquaredError), Case(loss: .sumOfSquares), Case(loss: .meanSquaredError),
    Case(loss: .meanAbsoluteError), Case(loss: .huber()), Case(loss: .huber(delta: 0.2)),
    Case(loss: .binaryCrossEntropy), Case(loss: .poisson), Case(loss: .hinge),
    Case(loss: .cosine), Case(loss: .klDivergence, isNormalized: true),
    Case(loss: .softmaxCrossEntropy), Case(loss: .softmaxCrossEntropy(labelSmoothing: 0.3)),
    Case(loss: .softmaxCrossEntropy(classWeights: weights)),
    Case(loss: .softmaxCrossEntropy(labelSmoothing: 0.3, classWeights: weights)),
    Case(loss: .negativeLogLikelihood, isNormalized: true),
    Case(loss: NegativeLogLikelihood(classWeights: weights), isNormalized: true),
  ]

  @Test(arguments: cases)
  func isThatOfTheBestConstant(_ test: Case) throws {
    var source = RandomSource(seed: 5, stream: "targets")
    let targets = test.loss.sampleTargets(for: [3], count: 24, from: &source)
    let network = try NeuralNetwork(input: [3], loss: test.loss) { Identity() }
    let data = Dataset(
      inputShape: [3], inputs: [Double](repeating: 0, count: 72), targets: targets)

    func cost(_ point: [Double]) -> Double {
      let shift = test.isNormalized ? log(point.map { exp($0) }.reduce(0, +)) : 0
      let outputs = (0..<24).flatMap { _ in point.map { $0 - shift } }
      let found = LossClosedFormTests.results(
        of: test.loss, at: outputs, shape: [3], targets)
      var divisor = 24.0
      if let weights = test.loss.classWeights, case .classes(let classes, _, _) = targets {
        divisor = classes.reduce(0) { $0 + weights[$1] }
      }
      return found.errors.reduce(0, +) / divisor
    }
    // Steps along each axis and both diagonals, halved when none helps.
    var best = [0.1, -0.2, 0.3], least = cost(best), width = 1.0
    while width > 1e-9 {
      let before = least
      for axis in 0..<3 {
        for step in [-width, width] {
          var point = best
          point[axis] += step
          let found = cost(point)
          if found < least { (best, least) = (point, found) }
        }
      }
      if least == before { width /= 2 }
    }
    let constant = network.heads[0].constantLoss(of: data, 0)
    #expect(abs(constant - least) < 1e-8, "found \(least) at \(best)")
  }

  /// Targets of one value are met exactly.
  @Test func equalTargetsCostNothing() {
    let targets = Targets.values([1, 1, 1, 1], perExample: 1)
    for loss in [.meanSquaredError, .meanAbsoluteError, .huber(), .binaryCrossEntropy] as [any Loss]
    {
      #expect(loss.constantLoss(of: targets, outputs: 1) == 0)
    }
    #expect(Hinge().constantLoss(of: targets, outputs: 1) == 0)
    #expect(abs(CosineDistance().constantLoss(of: targets, outputs: 1)) < 1e-15)
    // One expected count: e⁰ − 1 · 0.
    #expect(Poisson().constantLoss(of: targets, outputs: 1) == 1)
  }

  /// Far outliers and ties: the estimate is reached where Newton's step alone would jump to and fro.
  @Test func huberFindsItsLocation() {
    for targets in [[0, 0, 0, 1e6], [-1e9, 1, 2, 3, 1e9], [0, 10], [0, 0, 10, 10], [5]] {
      let loss = Huber(delta: 1)
      let found = loss.constantLoss(ofOne: targets)
      let low = targets.min() ?? 0, high = targets.max() ?? 0
      func cost(_ at: Double) -> Double {
        targets.map { abs($0 - at) <= 1 ? ($0 - at) * ($0 - at) / 2 : abs($0 - at) - 0.5 }.mean
      }
      var ends = (low, high)
      for _ in 0..<300 {
        let third = (ends.1 - ends.0) / 3
        if cost(ends.0 + third) < cost(ends.1 - third) { ends.1 -= third } else { ends.0 += third }
      }
      #expect(abs(found - cost(ends.0)) <= 1e-9 * max(1, abs(found)))
    }
  }
}
