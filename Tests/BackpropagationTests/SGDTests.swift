import Testing

@testable import Backpropagation

struct SGDTests {
  static let settings: [SGD] = [
    SGD(learningRate: 0.1), SGD(learningRate: 0.1, momentum: 0.9),
    SGD(learningRate: 0.03, momentum: 0.5, nesterov: true),
    SGD(learningRate: 0.2, weightDecay: 0.01),
    SGD(learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.1),
  ]

  /// Ten steps on ½c(w − 1)² in each of 19 places, beside the recurrence written out.
  @Test(arguments: settings)
  func updatesFollowTheRecurrence(_ optimizer: SGD) {
    let count = 19
    var weights = Tensor<Double>(shape: [count], scalars: (0..<count).map { Double($0) / 3 - 2 })
    var velocity = Tensor<Double>(zeros: [count])
    var expected = weights.scalars, speeds = [Double](repeating: 0, count: count)
    for _ in 0..<10 {
      var gradient = Tensor<Double>(
        shape: [count], scalars: (0..<count).map { (weights[$0] - 1) * Double($0 + 1) / 10 })
      let before = expected
      for place in 0..<count {
        let slope = gradient[place] + optimizer.weightDecay * expected[place]
        speeds[place] = optimizer.momentum * speeds[place] + slope
        let step =
          optimizer.nesterov ? slope + optimizer.momentum * speeds[place] : speeds[place]
        expected[place] -= optimizer.learningRate * step
      }
      let summary = weights.withMutableView { weights in
        gradient.withMutableView { gradient in
          velocity.withMutableView { velocity in
            optimizer.update(
              weights, gradient: gradient, state: [velocity], .first(of: optimizer))
          }
        }
      }
      for place in 0..<count { #expect(abs(weights[place] - expected[place]) < 1e-14) }
      func rms(_ values: [Double]) -> Double {
        (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
      }
      #expect(abs(summary.gradient.rms - rms(gradient.scalars)) < 1e-14)
      #expect(abs(summary.weightRMS - rms(expected)) < 1e-14)
      #expect(abs(summary.updateRMS - rms(zip(expected, before).map { $0 - $1 })) < 1e-14)
      #expect(summary.gradient.count == count && summary.weightNonFinite == 0)
    }
  }

  @Test func whatIsNotANumberIsCounted() {
    var weights = Tensor<Float>(shape: [3], scalars: [1, 2, 3])
    var gradient = Tensor<Float>(shape: [3], scalars: [0, .nan, .infinity])
    var velocity = Tensor<Float>(zeros: [3])
    let optimizer = SGD(learningRate: 0.1)
    let summary = weights.withMutableView { weights in
      gradient.withMutableView { gradient in
        velocity.withMutableView {
          optimizer.update(
            weights, gradient: gradient, state: [$0], .first(of: optimizer))
        }
      }
    }
    #expect(summary.gradient.nonFinite == 2 && summary.gradient.zeros == 1)
    #expect(summary.weightNonFinite == 2)
  }

  @Test func argumentsOutOfRangeAreRefused() throws {
    func message(_ arguments: [String: ArgumentValue]) -> String? {
      #expect(throws: ArgumentError.self) { try OptimizerCatalog.all.make("sgd", arguments) }?
        .message
    }
    #expect(message([:]) == "sgd needs \"learning-rate\", a positive number")
    for rate in [ArgumentValue.number(0), .number(-1), .number(.nan), .text("fast")] {
      #expect(
        message(["learning-rate": rate])
          == "learning-rate of sgd is \(rate.written), expected a positive number")
    }
    #expect(
      message(["learning-rate": .number(1), "momentum": .number(1)])
        == "momentum of sgd is 1.0, expected from 0 to below 1")
    #expect(
      message(["lerning-rate": .number(1)])
        == "unknown key \"lerning-rate\" in sgd; did you mean \"learning-rate\"?")
    let made = try OptimizerCatalog.all.member(.map(["sgd": .number(0.3)]))
    #expect(made.learningRate == 0.3)
  }
}

extension UpdateStep {
  /// The first step at an optimizer's own learning rate.
  static func first(of optimizer: some Optimizer) -> UpdateStep {
    UpdateStep(number: 1, learningRate: optimizer.learningRate)
  }
}
