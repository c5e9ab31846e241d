import Backpropagation
import Testing

@testable import GradientChecking

/// Functions of people's own: right ones pass, wrong ones are told where and how.
struct FunctionCheckTests {
  struct Rosenbrock: DifferentiableFunction {
    var factor = 1.0

    func value(at x: NamedArrays<Double>) -> Double {
      let rest = 1 - x[0], bend = x[1] - x[0] * x[0]
      return rest * rest + 100 * bend * bend
    }

    func gradient(at x: NamedArrays<Double>) -> NamedArrays<Double> {
      let rest = 1 - x[0], bend = x[1] - x[0] * x[0]
      let first = -2 * rest - 400 * x[0] * bend
      return [first, factor * 200 * bend]
    }
  }

  /// A logistic regression on two examples, for every type of number.
  struct Regression: GenericDifferentiableFunction {
    /// What the bias's gradient is wrong by.
    var error = 0.0

    func value<S: TensorScalar>(at point: NamedArrays<S>) -> S {
      let yes = S.log(S.sigmoid(activation(at: point, 0.5, -1.5)))
      let no = S.log(1 - S.sigmoid(activation(at: point, 2, 0.25)))
      return (yes + no) / -2
    }

    func gradient(at point: NamedArrays<Double>) -> NamedArrays<Double> {
      let yes = Double.sigmoid(activation(at: point, 0.5, -1.5)) - 1
      let no = Double.sigmoid(activation(at: point, 2, 0.25))
      let first = (0.5 * yes + 2 * no) / 2, second = (-1.5 * yes + 0.25 * no) / 2
      return ["bias": [(yes + no) / 2 + error], "weight": [first, second]]
    }

    private func activation<S: TensorScalar>(
      at point: NamedArrays<S>, _ first: Double, _ second: Double
    ) -> S {
      let weight = point["weight"]
      let sum: S = weight[0] * S(first)
      return sum + weight[1] * S(second) + point["bias"][0]
    }

    static let start: NamedArrays<Double> = ["weight": [0.3, -0.2], "bias": [0.1]]
  }

  @Test func aRightGradientPasses() throws {
    let check = try checkGradients(of: Rosenbrock(), at: [-1.2, 1])
    #expect(check.tensors.map(\.name) == ["x"])
    #expect(check.tensors[0].passed == 2)
    #expect(check.oracles == ["finite-difference"])
    try checkGradients(at: [3]) { x in
      x[0] * x[0]
    } gradient: { x in
      [2 * x[0]]
    }
  }

  @Test func aWrongEntryIsNamed() throws {
    let check = try GradientCheck(of: Rosenbrock(factor: 2), at: [-1.2, 1])
    #expect(check.verdict == .fail)
    let failure = try #require(check.failures.first)
    #expect(failure.worst?.index == [1])
    #expect(
      failure.signature
        == "one of the entries checked is off, by 0.447 of the tensor's root mean square")
    #expect(failure.equation == nil)
    let error = #expect(throws: GradientCheckFailure.self) { try check.requirePass() }
    #expect(
      "\(try #require(error))".hasPrefix("the gradients are wrong\n  FAIL   x   1 of 2 entries"))
  }

  /// A value that is a number has a gradient of numbers: what isn't one is wrong.
  @Test func aGradientThatIsNoNumberIsWrong() throws {
    struct Sum: DifferentiableFunction {
      var gradient: [Double]
      func value(at x: NamedArrays<Double>) -> Double { x[0] + x[1] + x[2] }
      func gradient(at x: NamedArrays<Double>) -> NamedArrays<Double> { NamedArrays(gradient) }
    }
    #expect(try GradientCheck(of: Sum(gradient: [1, 1, 1]), at: [1, 2, 3]).verdict == .pass)
    for number in [Double.nan, .infinity] {
      for method in [CheckMethod.automatic, .taylor] {
        let check = try GradientCheck(
          of: Sum(gradient: [1, number, 1]), at: [1, 2, 3], method: method)
        #expect(check.verdict == .fail)
        guard method == .automatic else { continue }
        let failure = try #require(check.failures.first)
        #expect(failure.failed == 1 && failure.worst?.index == [1])
        #expect(failure.signature == "the analytic gradient is not a number, or was never written")
      }
    }
  }

  @Test func namedArraysAreCheckedByBothOracles() throws {
    let check = try checkGradients(of: Regression(), at: Regression.start)
    #expect(check.tensors.map(\.name) == ["weight", "bias"])
    #expect(check.oracles == ["dual", "finite-difference"])
    #expect(check.tensors.allSatisfy { $0.relativeError < 1e-12 })
    for method in [CheckMethod.dual, .finiteDifference] {
      let wrong = try GradientCheck(
        of: Regression(error: 1e-4), at: Regression.start, method: method)
      #expect(wrong.failures.map(\.name) == ["bias"], "\(method)")
    }
  }

  /// A derivative far below the last digit of the value: differences can't tell, dual numbers can.
  @Test func aVanishedGradientIsLeftToDualNumbers() throws {
    struct Vanishing: GenericDifferentiableFunction {
      var slope = 1e-30
      func value<S: TensorScalar>(at x: NamedArrays<S>) -> S {
        let square: S = x[0] * x[0]
        return 1 + S(1e-30) * square
      }
      func gradient(at x: NamedArrays<Double>) -> NamedArrays<Double> { [2 * slope * x[0]] }
    }
    #expect(try GradientCheck(of: Vanishing(), at: [1.5]).verdict == .pass)
    #expect(try GradientCheck(of: Vanishing(slope: 1.1e-30), at: [1.5]).verdict == .fail)
    let differences = try GradientCheck(of: Vanishing(), at: [1.5], method: .finiteDifference)
    #expect(differences.verdict == .unverifiable)
  }

  @Test func atAKinkAnySlopeBetweenIsRight() throws {
    func check(_ claim: Double) throws -> TensorCheck {
      struct Magnitude: DifferentiableFunction {
        var claim: Double
        func value(at x: NamedArrays<Double>) -> Double { abs(x[0]) + x[1] }
        func gradient(at x: NamedArrays<Double>) -> NamedArrays<Double> { [claim, 1] }
      }
      return try GradientCheck(of: Magnitude(claim: claim), at: [0, 1]).tensors[0]
    }
    #expect(try check(0.5).atKink == 1)
    #expect(try check(2).failed == 1)
  }

  /// Much larger numbers cancel inside; the value doesn't show how rough it is, its neighbors do.
  @Test func roundingInsideTheFunctionIsMeasured() throws {
    struct Rough: DifferentiableFunction {
      var factor = 1.0
      func value(at x: NamedArrays<Double>) -> Double {
        let large = x[0] * x[0] + 1e9, square = x[1] * x[1]
        return (large - 1e9) + 1e-9 * square / (1 + square)
      }
      func gradient(at x: NamedArrays<Double>) -> NamedArrays<Double> {
        let divisor = 1 + x[1] * x[1]
        let second = 2e-9 * x[1] / (divisor * divisor)
        return [factor * 2 * x[0], second]
      }
    }
    let right = try GradientCheck(of: Rough(), at: [0.7, 0.3]).tensors[0]
    #expect(right.failed == 0 && right.passed == 1 && right.unverifiable == 1, "\(right)")
    let wrong = try GradientCheck(of: Rough(factor: 1.01), at: [0.7, 0.3]).tensors[0]
    #expect(wrong.failed == 1 && wrong.worst?.index == [0])
  }

  @Test(arguments: [nil, 7_777])
  func oneWrongNumberAmongMany(place: Int?) throws {
    struct Wave: DifferentiableFunction {
      var place: Int?
      func value(at x: NamedArrays<Double>) -> Double {
        var sum = 0.0
        for number in x["x"] { sum += number * number * number }
        return sum
      }
      func gradient(at x: NamedArrays<Double>) -> NamedArrays<Double> {
        var gradient = x["x"].map { 3 * $0 * $0 }
        if let place { gradient[place] *= 1.01 }
        return NamedArrays(gradient)
      }
    }
    let numbers: [Double] = (0..<10_000).map { 0.5 + Double($0 % 97) / 97 }
    let check = try GradientCheck(of: Wave(place: place), at: NamedArrays(numbers))
    #expect(check.verdict == (place == nil ? .pass : .fail), "\(check)")
    #expect(check.failures.first?.worst?.index == place.map { [$0] })
  }

  @Test func aFunctionThatIsNotDeterministicGetsNoVerdict() throws {
    final class Drifting: DifferentiableFunction {
      var calls = 0.0
      func value(at x: NamedArrays<Double>) -> Double {
        calls += 1
        return x[0] + calls
      }
      func gradient(at x: NamedArrays<Double>) -> NamedArrays<Double> { [1] }
    }
    let check = try GradientCheck(of: Drifting(), at: [1])
    #expect(check.verdict == .unverifiable)
    #expect(check.tensors.isEmpty)
    #expect(
      check.obstacle
        == "not deterministic: asked three times at the same point, its value was 2.0, 3.0, 4.0")
    #expect(check.description.contains("not deterministic"))
    #expect(try GradientCheck(json: check.jsonText) == check)
  }

  @Test func whatCannotBeCheckedSaysWhy() throws {
    struct Given: DifferentiableFunction {
      var value = 1.0
      var gradient: NamedArrays<Double>
      func value(at x: NamedArrays<Double>) -> Double { value }
      func gradient(at x: NamedArrays<Double>) -> NamedArrays<Double> { gradient }
    }
    func message(_ function: Given, _ point: NamedArrays<Double>) -> String? {
      #expect(throws: FunctionError.self) { try GradientCheck(of: function, at: point) }?.message
    }
    let point: NamedArrays<Double> = ["weight": [1, 2, 3]]
    #expect(
      message(Given(gradient: ["wieght": [1, 2, 3]]), point)
        == "its gradient has \"wieght\", which the point doesn't have; did you mean \"weight\"?")
    #expect(
      message(Given(gradient: NamedArrays<Double>([NamedArrays<Double>.Part]())), point)
        == "its gradient has no \"weight\", which the point has")
    #expect(
      message(Given(gradient: ["weight": [1, 2]]), point)
        == "its gradient by \"weight\" has 2 numbers, expected 3")
    #expect(
      message(Given(value: .infinity, gradient: point), point)
        == "its value is inf at the start, expected a number")
    #expect(
      message(Given(gradient: point), ["weight": [1, 2, -.infinity]])
        == "the point's \"weight\" is -inf at [2], expected a number")
    #expect(
      message(Given(gradient: []), [])
        == "there is nothing to differentiate by: the point has no numbers")
    let error = #expect(throws: FunctionError.self) {
      try GradientCheck(of: Given(gradient: point), at: point, method: .dual)
    }
    #expect(error?.message.hasPrefix("dual numbers need a value that is written for every") == true)
  }

  @Test func whatTheFunctionThrowsIsPassedOn() throws {
    struct Refusal: Error {}
    struct Refusing: DifferentiableFunction {
      func value(at x: NamedArrays<Double>) throws -> Double {
        if x[0] > 1.001 { throw Refusal() }
        return x[0]
      }
      func gradient(at x: NamedArrays<Double>) -> NamedArrays<Double> { [1] }
    }
    #expect(throws: Refusal.self) { try GradientCheck(of: Refusing(), at: [1]) }
  }

  @Test func elementaryFunctionsCarryDerivatives() {
    var x = Dual(0.5)
    x[direction: 2] = 3
    func expect(_ y: Dual, value: Double, derivative: Double) {
      #expect(abs(Double(y) - value) < 1e-14)
      #expect(abs(y[direction: 2] - derivative) < 1e-14)
      #expect(y[direction: 1] == 0)
    }
    expect(Dual.exp(x), value: 1.6487212707001282, derivative: 4.946163812100384)
    expect(Dual.log(x), value: -0.6931471805599453, derivative: 6)
    expect(Dual.sqrt(x), value: 0.7071067811865476, derivative: 2.121320343559643)
    expect(Dual.tanh(x), value: 0.46211715726000979, derivative: 2.359343198897782)
    expect(Dual.sigmoid(x), value: 0.62245933120185459, derivative: 0.7050111366047835)
  }
}
