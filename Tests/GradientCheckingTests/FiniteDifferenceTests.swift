import Backpropagation
import Foundation
import Testing

@testable import GradientChecking

/// A function of one number, and what is claimed of its derivative there.
private func variable(
  at x: Double, claiming derivative: Double = 0, _ f: @escaping (Double) -> Double
) -> Variable {
  let input = Buffer<Double>([1], filledWith: x), output = Buffer<Double>([1])
  let function = ScalarFunction([.init(output: output.view, cotangent: [1])]) {
    output.elements[0] = f(input.elements[0])
  }
  return Variable(
    "x", of: "f", shape: [1], function: function, elements: input.elements,
    gradient: [derivative], equation: .weight, owner: input)
}

private func judge(_ claimed: Double, at x: Double, _ f: @escaping (Double) -> Double) -> Judgement
{
  Judge.entry(gradientRMS: abs(claimed))
    .judge(claimed, along: Line(entry: 0, of: variable(at: x, f)))
}

struct FiniteDifferenceTests {
  static let smooth: [(@Sendable (Double) -> Double, @Sendable (Double) -> Double)] = [
    ({ sin($0) }, { cos($0) }), ({ exp($0) }, { exp($0) }), ({ $0 * $0 * $0 }, { 3 * $0 * $0 }),
    ({ 1 / (1 + exp(-$0)) }, { exp(-$0) / ((1 + exp(-$0)) * (1 + exp(-$0))) }),
    ({ tanh($0) }, { 1 / (cosh($0) * cosh($0)) }),
    ({ log(2 + $0 * $0) }, { 2 * $0 / (2 + $0 * $0) }),
    ({ 1e6 + $0 }, { _ in 1 }), ({ 1e-9 * sin(30 * $0) }, { 3e-8 * cos(30 * $0) }),
  ]

  /// The error estimate is what the verdicts rest on: it must hold the true error at every step.
  @Test func theErrorEstimateHoldsTheError() throws {
    var source = RandomSource(seed: 1, stream: "points")
    for (f, derivative) in Self.smooth {
      for _ in 0..<200 {
        let x = 3 * source.normal()
        let line = Line(entry: 0, of: variable(at: x, f))
        let estimates = FiniteDifference.sweep(line, from: 1.0 / 64, rows: 12)
        let best = try #require(estimates.min { $0.floor < $1.floor })
        let error = abs(best.value - derivative(x))
        #expect(error <= best.floor, "at \(x)")
        #expect(best.floor < 1e-6 * max(abs(best.value), 1e-3))
      }
    }
  }

  @Test func aRightDerivativePassesAndASlightlyWrongOneFails() {
    var source = RandomSource(seed: 2, stream: "points")
    for (f, derivative) in Self.smooth.prefix(5) {
      for _ in 0..<100 {
        let x = source.normal()
        #expect(judge(derivative(x), at: x, f).outcome == .pass)
        #expect(judge(derivative(x) * (1 + 1e-5), at: x, f).outcome == .fail)
        #expect(judge(-derivative(x), at: x, f).outcome == .fail)
      }
    }
  }

  @Test func exactZerosPassAndClaimsAgainstThemFail() {
    #expect(judge(0, at: 0.3, { _ in 7 }).outcome == .pass)
    #expect(judge(1e-3, at: 0.3, { _ in 7 }).outcome == .fail)
    #expect(judge(0, at: 0.3, { 1e-3 * $0 }).outcome == .fail)
  }

  @Test func aDerivativeBelowTheNoiseIsUnverifiable() {
    // x changes the last digit of 1 at steps that are too large to say anything of the point.
    let f: (Double) -> Double = { 1 + 1e-18 * sin($0) }
    #expect(judge(1e-18, at: 0.5, f).outcome == .unverifiable)
    #expect(judge(-1e-18, at: 0.5, f).outcome == .unverifiable)
    // The same derivative without the 1 beside it can be told.
    #expect(judge(1e-18 * cos(0.5), at: 0.5, { 1e-18 * sin($0) }).outcome == .pass)
    #expect(judge(-1e-18 * cos(0.5), at: 0.5, { 1e-18 * sin($0) }).outcome == .fail)
    // And where the function is linear, larger steps get it out of the noise.
    #expect(judge(1e-14, at: 0.5, { 1 + 1e-14 * $0 }).outcome == .pass)
    #expect(judge(-1e-14, at: 0.5, { 1 + 1e-14 * $0 }).outcome == .fail)
  }

  @Test(arguments: [1, 1.0.nextUp, 1.0.nextDown])
  func atAKinkAnySlopeBetweenIsRight(x: Double) {
    let relu: (Double) -> Double = { max(0, $0 - 1) }
    #expect(judge(0, at: x, relu).outcome == .atKink)
    #expect(judge(1, at: x, relu).outcome == .atKink)
    #expect(judge(0.5, at: x, relu).outcome == .atKink)
    #expect(judge(-0.5, at: x, relu).outcome == .fail)
    #expect(judge(1.5, at: x, relu).outcome == .fail)
    #expect(judge(3, at: x, relu).outcome == .fail)
  }

  /// Of the larger of two equal numbers either may have the slope, also where two such jumps cancel in the sum.
  ///
  /// Slopes that none of them has are a mistake.
  @Test func jumpsThatCancelAreKinksToo() {
    func outcome(_ gradient: [Double], at point: [Double] = [0, 0, 0, 0]) -> Judgement.Outcome {
      let input = Buffer<Double>([4]), output = Buffer<Double>([2])
      _ = input.elements.update(from: point)
      let function = ScalarFunction([.init(output: output.view, cotangent: [1, -1])]) {
        output.elements[0] = max(input.elements[0], input.elements[1])
        output.elements[1] = max(input.elements[2], input.elements[3])
      }
      let direction = [1, 0, 0.9, 0]
      let variable = Variable(
        "x", of: "f", shape: [4], function: function, elements: input.elements,
        gradient: gradient, equation: .weight, owner: input)
      let claimed = zip(direction, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      return Judge.direction(size: 1)
        .judge(claimed, along: Line(direction: direction, of: variable)).outcome
    }
    #expect(outcome([1, 0, -1, 0]) == .atKink)
    #expect(outcome([0, 1, -1, 0]) == .atKink)
    #expect(outcome([1, 0, 0, -1]) == .atKink)
    #expect(outcome([5, 0, -1, 0]) == .fail)
    // Beside the kinks nothing is allowed.
    #expect(outcome([1, 0, -1, 0], at: [1, 0, 1, 0]) == .pass)
    #expect(outcome([0, 1, -1, 0], at: [1, 0, 1, 0]) == .fail)
    #expect(outcome([1 + 1e-6, 0, -1, 0], at: [1, 0, 1, 0]) == .fail)
  }

  @Test(arguments: [1e-2, 1e-4, 1e-6, -1e-3, -1e-5])
  func besideAKinkSmallerStepsTell(x: Double) {
    let leaky: (Double) -> Double = { $0 > 0 ? $0 : 0.01 * $0 }
    #expect(judge(x > 0 ? 1 : 0.01, at: x, leaky).outcome == .pass)
    #expect(judge(x > 0 ? 0.01 : 1, at: x, leaky).outcome == .fail)
  }

  @Test func whatIsNotANumberFails() {
    #expect(judge(.nan, at: 1, { $0 }).outcome == .fail)
    #expect(judge(.infinity, at: 1, { $0 }).outcome == .fail)
    #expect(judge(1, at: 1, { _ in .nan }).outcome == .unverifiable)
  }

  @Test func thePointIsLeftAsItWas() {
    let variable = variable(at: 0.1) { $0 * $0 }
    _ = Judge.entry(gradientRMS: 1).judge(5, along: Line(entry: 0, of: variable))
    _ = Judge.direction(size: 1).judge(5, along: Line(direction: [0.7], of: variable))
    #expect(variable.elements[0] == 0.1)
  }
}
