import Foundation
import Testing

@testable import Backpropagation

/// Ten steps of each optimizer beside its recurrence written out for one weight, in both types of number.
struct OptimizerTests {
  /// A recurrence for one weight: from the gradient, the weight, what is kept, and the step's number to the new weight.
  typealias Rule = @Sendable (Double, Double, inout [Double], Double) -> Double

  struct Example: Sendable, CustomTestStringConvertible {
    var optimizer: any Optimizer
    var rule: Rule
    var testDescription: String { "\(optimizer)" }
  }

  static func adam(_ o: Adam, decoupled: Bool = false) -> Rule {
    { g, w, s, t in
      let slope = decoupled ? g : g + o.weightDecay * w
      let start = decoupled ? w - o.learningRate * o.weightDecay * w : w
      s[0] = o.betas.first * s[0] + (1 - o.betas.first) * slope
      s[1] = o.betas.second * s[1] + (1 - o.betas.second) * slope * slope
      s[2] = max(s[2], s[1])
      let mean = s[0] / (1 - pow(o.betas.first, t))
      let square = (o.amsgrad ? s[2] : s[1]) / (1 - pow(o.betas.second, t))
      return start - o.learningRate * mean / (square.squareRoot() + o.epsilon)
    }
  }

  static func rmsprop(_ o: RMSprop) -> Rule {
    { g, w, s, t in
      let slope = g + o.weightDecay * w
      s[0] = o.alpha * s[0] + (1 - o.alpha) * slope * slope
      s[1] = o.alpha * s[1] + (1 - o.alpha) * slope
      let variance = o.centered ? s[0] - s[1] * s[1] : s[0]
      s[2] = o.momentum * s[2] + slope / (variance.squareRoot() + o.epsilon)
      return w - o.learningRate * s[2]
    }
  }

  static func adagrad(_ o: Adagrad) -> Rule {
    { g, w, s, t in
      let slope = g + o.weightDecay * w
      if t == 1 { s[0] = o.initialAccumulatorValue }
      s[0] += slope * slope
      let rate = o.learningRate / (1 + (t - 1) * o.learningRateDecay)
      return w - rate * slope / (s[0].squareRoot() + o.epsilon)
    }
  }

  static func adadelta(_ o: Adadelta) -> Rule {
    { g, w, s, t in
      let slope = g + o.weightDecay * w
      s[0] = o.rho * s[0] + (1 - o.rho) * slope * slope
      let step = slope * ((s[1] + o.epsilon) / (s[0] + o.epsilon)).squareRoot()
      s[1] = o.rho * s[1] + (1 - o.rho) * step * step
      return w - o.learningRate * step
    }
  }

  static func lion(_ o: Lion) -> Rule {
    { g, w, s, t in
      let blend = o.betas.first * s[0] + (1 - o.betas.first) * g
      s[0] = o.betas.second * s[0] + (1 - o.betas.second) * g
      let sign = blend > 0 ? 1.0 : blend < 0 ? -1 : 0
      return w * (1 - o.learningRate * o.weightDecay) - o.learningRate * sign
    }
  }

  static let examples: [Example] = {
    let adams = [
      Adam(), Adam(learningRate: 0.1, betas: Betas(0.5, 0.7), epsilon: 0.1, weightDecay: 0.2),
      Adam(learningRate: 0.1, betas: Betas(0.5, 0.3), amsgrad: true),
    ]
    let rmsprops = [
      RMSprop(), RMSprop(learningRate: 0.1, alpha: 0.5, epsilon: 0.1, weightDecay: 0.1),
      RMSprop(momentum: 0.9), RMSprop(alpha: 0.6, centered: true),
      RMSprop(alpha: 0.6, momentum: 0.5, centered: true),
    ]
    let adagrads = [
      Adagrad(),
      Adagrad(
        learningRate: 0.5, learningRateDecay: 0.1, weightDecay: 0.1,
        initialAccumulatorValue: 0.3, epsilon: 0.01),
    ]
    let adadeltas = [
      Adadelta(), Adadelta(learningRate: 0.5, rho: 0.5, epsilon: 0.01, weightDecay: 0.1),
    ]
    let lions = [Lion(), Lion(learningRate: 0.1, betas: Betas(0.5, 0.7), weightDecay: 0.3)]
    let decoupled: [Adam] = adams.map {
      var adam = $0
      adam.weightDecay = 0.2
      return adam
    }
    return adams.map { Example(optimizer: $0, rule: adam($0)) }
      + decoupled.map {
        Example(
          optimizer: AdamW(
            learningRate: $0.learningRate, betas: $0.betas, epsilon: $0.epsilon,
            weightDecay: $0.weightDecay, amsgrad: $0.amsgrad),
          rule: adam($0, decoupled: true))
      }
      + rmsprops.map { Example(optimizer: $0, rule: rmsprop($0)) }
      + adagrads.map { Example(optimizer: $0, rule: adagrad($0)) }
      + adadeltas.map { Example(optimizer: $0, rule: adadelta($0)) }
      + lions.map { Example(optimizer: $0, rule: lion($0)) }
  }()

  @Test(arguments: examples)
  func tenStepsFollowTheRecurrence(_ example: Example) {
    run(example, Double.self, tolerance: 1e-13)
    run(example, Float.self, tolerance: 2e-5)
  }

  /// Runs on ½c(w − 1)² in each of 19 places, with the statistics of every step.
  private func run<S: TensorScalar & BinaryFloatingPoint>(
    _ example: Example, _: S.Type, tolerance: Double
  ) {
    let count = 19, optimizer = example.optimizer
    var weights = Tensor<S>(shape: [count], scalars: (0..<count).map { S($0) / 3 - 2 })
    var expected = weights.scalars.map { Double($0) }
    var kept = [[Double]](repeating: [0, 0, 0], count: count)
    let state = Arena<S>(counts: (0..<optimizer.stateCount).map { _ in count })
    let views = (0..<optimizer.stateCount).map { state.view($0, [count]) }
    for view in views { view.fill(S(optimizer.initialState)) }
    for step in 1...10 {
      // Of numbers that both types hold, so that neither is led astray by the other's rounding.
      let slopes = (0..<count).map { (expected[$0] - 1) * Double($0 + 1) / 10 }
      var gradient = Tensor<S>(shape: [count], scalars: slopes.map { S($0) })
      let before = expected
      for place in 0..<count {
        expected[place] = example.rule(
          slopes[place], expected[place], &kept[place], Double(step))
      }
      let summary = weights.withMutableView { weights in
        gradient.withMutableView { gradient in
          optimizer.update(
            weights, gradient: gradient, state: views,
            UpdateStep(number: step, learningRate: optimizer.learningRate))
        }
      }
      for place in 0..<count {
        #expect(abs(Double(weights[place]) - expected[place]) < tolerance)
      }
      let given = gradient.withView { $0.summary }
      #expect(summary.gradient == given)
      #expect(abs(summary.weightRMS - rms(expected)) < tolerance)
      let change = rms(zip(expected, before).map { $0 - $1 })
      #expect(abs(summary.updateRMS - change) < tolerance)
      #expect(summary.weightNonFinite == 0)
    }
  }

  private func rms(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
  }

  /// Clipping acts on the gradient behind the statistics and before the optimizer.
  @Test func clippingActsBetweenStatisticsAndUpdate() {
    let optimizer = SGD(learningRate: 1)
    func update(_ scalars: [Double], factor: Double, limit: Double) -> ([Double], UpdateSummary) {
      var weights = Tensor<Double>(zeros: [scalars.count])
      var gradient = Tensor<Double>(shape: [scalars.count], scalars: scalars)
      var velocity = Tensor<Double>(zeros: [scalars.count])
      let summary = weights.withMutableView { weights in
        gradient.withMutableView { gradient in
          velocity.withMutableView {
            optimizer.update(
              weights, gradient: gradient, state: [$0],
              UpdateStep(
                number: 1, learningRate: 1, gradientFactor: factor, gradientLimit: limit))
          }
        }
      }
      return (weights.scalars, summary)
    }
    let (weights, summary) = update([3, -8, 0.5], factor: 0.5, limit: 1)
    #expect(weights == [-1, 1, -0.25])
    #expect(summary.gradient.maxMagnitude == 8)
    // What is no number isn't cut down to one.
    let (broken, found) = update([.nan, .infinity, 1], factor: 1, limit: 2)
    #expect(broken[0].isNaN && broken[1] == -2 && broken[2] == -1)
    #expect(found.gradient.nonFinite == 2 && found.weightNonFinite == 1)
  }

  @Test func argumentsOutOfRangeAreRefused() {
    func message(_ id: String, _ key: String, _ value: ArgumentValue) -> String? {
      #expect(throws: ArgumentError.self) { try OptimizerCatalog.all.make(id, [key: value]) }?
        .message
    }
    let betas = "betas of adam is a list of 2, expected two numbers from 0 to below 1"
    #expect(message("adam", "betas", .list([.number(0.9), .number(1)])) == betas)
    #expect(message("adam", "betas", .list([.text("a"), .number(0.5)])) == betas)
    #expect(
      message("lion", "betas", .number(0.9))
        == "betas of lion is 0.9, expected two numbers from 0 to below 1")
    #expect(
      message("adamw", "eps", .number(-1)) == "eps of adamw is -1.0, expected 0 or more")
    #expect(
      message("rmsprop", "alpha", .integer(1))
        == "alpha of rmsprop is 1, expected from 0 to below 1"
    )
    #expect(
      message("adagrad", "learning-rate", .integer(0))
        == "learning-rate of adagrad is 0, expected a positive number")
    #expect(
      message("adadelta", "rho", .text("x"))
        == "rho of adadelta is \"x\", expected from 0 to below 1")
  }
}
