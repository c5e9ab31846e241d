import Foundation

@testable import GradientChecking

/// A made-up gradient check with the shape of a real one.
enum SampleCheck {
  /// Four tensors of two layers, every entry right to 11 digits.
  static func right() -> GradientCheck {
    var check = GradientCheck(
      seed: 1, evaluations: 1_234,
      tensors: [
        tensor("hidden/weight", [16, 8], .weight, seed: 1),
        tensor("hidden/input", [8, 8], .recursion, seed: 2, scale: 1e-3),
        tensor("my-layer/weight", [4, 16], .weight, seed: 3, scale: 10),
        tensor("my-layer/bias", [4], .bias, seed: 4, scale: 0.3),
        whole("hidden/weight (whole network)"),
      ], oracles: ["dual", "finite-difference"])
    check.float = FloatComparison(relativeError: 2.1e-7, tensor: "hidden/weight", tensors: 3)
    check.effects = [
      effect("my-layer/weight", [2, 11], -0.12), effect("hidden/weight", [3, 7], 0.031),
      effect("my-layer/bias", [1], 0.02), effect("hidden/weight", [0, 2], -0.011),
    ]
    check.curve = curve(factor: 1)
    return check
  }

  /// The same with a weight gradient that is twice what it should be.
  static func doubled() -> GradientCheck {
    var check = right()
    var tensors = check.tensors
    tensors[2] = tensor("my-layer/weight", [4, 16], .weight, seed: 3, scale: 10, factor: 2)
    tensors.removeLast()
    let result = GradientCheck(
      seed: 1, evaluations: 999, tensors: tensors, oracles: check.oracles)
    check = result
    check.curve = curve(factor: 2)
    return check
  }

  /// With entries at a kink, too small to say, and exactly zero.
  static func mixed() -> GradientCheck {
    var check = right()
    var kink = check.tensors[0].entries[0]
    kink.isAtKink = true
    kink.verdict = .unverifiable
    kink.numeric = kink.analytic * 0.6
    var zero = check.tensors[0].entries[1]
    zero.analytic = 0
    zero.numeric = 0
    check.tensors[0].entries[0] = kink
    check.tensors[0].entries[1] = zero
    check.tensors[0].atKink = 1
    check.tensors[0].passed -= 1
    return check
  }

  private static func tensor(
    _ name: String, _ shape: [Int], _ equation: BackpropagationEquation, seed: UInt64,
    scale: Double = 1, factor: Double = 1
  ) -> TensorCheck {
    var noise = SampleRun.Noise(seed: seed)
    let count = shape.reduce(1, *)
    var entries = (0..<min(count, 40)).map { place in
      let index = shape.count == 1 ? [place] : [place / shape[1], place % shape[1]]
      let numeric = scale * noise.normal() * pow(10, -2 * noise.uniform())
      let analytic = factor * numeric * (1 + 1e-11 * noise.normal())
      var entry = EntryCheck(
        index: index, analytic: analytic, numeric: numeric,
        relativeError: abs(analytic - numeric) / max(abs(analytic), abs(numeric)),
        floor: 1e-13 * scale, step: 0, verdict: factor == 1 ? .pass : .fail)
      entry.oracle = .dual
      if place.isMultiple(of: 8) {
        entry.secondOpinion = EntryCheck.SecondOpinion(
          numeric: numeric, floor: 1e-11 * scale, step: 3e-4)
      }
      return entry
    }
    entries.sort { $0.relativeError > $1.relativeError }
    let layer = String(name.prefix { $0 != "/" })
    var check = TensorCheck(
      name: name, layer: layer, count: count, checked: count, passed: factor == 1 ? count : 0,
      failed: factor == 1 ? 0 : count, unverifiable: 0, atKink: 0, worst: entries.first,
      signature: factor == 1 ? nil : "the analytic gradient is the numeric one times 2.000")
    check.entries = entries
    check.relativeError = factor == 1 ? 1e-11 : 1.0 / 3
    check.tallies = [
      OracleTally(
        oracle: .dual, checked: count, agreed: check.passed, failed: check.failed,
        relativeError: check.relativeError),
      OracleTally(
        oracle: .finiteDifference, checked: 5, agreed: factor == 1 ? 5 : 0,
        failed: factor == 1 ? 0 : 5, relativeError: factor == 1 ? 3e-11 : 1.0 / 3),
    ]
    if factor != 1 {
      check.equation = equation
      check.likelyCause = "the ½ of the error is missing, or a contribution is added twice"
    }
    return check
  }

  private static func whole(_ name: String) -> TensorCheck {
    var check = TensorCheck(
      name: name, layer: "hidden", count: 128, checked: 3, passed: 3, failed: 0, unverifiable: 0,
      atKink: 0, worst: nil, signature: nil)
    check.isWholeNetwork = true
    check.relativeError = 2e-14
    check.entries = [0.1, -0.4, 2].map {
      EntryCheck(
        index: [], analytic: $0, numeric: $0, relativeError: 0, floor: 1e-14, step: 0,
        verdict: .pass)
    }
    return check
  }

  private static func effect(
    _ tensor: String, _ index: [Int], _ derivative: Double
  ) -> WeightEffect {
    WeightEffect(
      tensor: tensor, index: index, value: 0.5, derivative: derivative, step: 0.01,
      predicted: 0.01 * derivative, measured: 0.0099 * derivative, floor: 1e-16)
  }

  /// The V of a function with f‴/6 of order one and rounding of its last digit.
  private static func curve(factor: Double) -> StepCurve {
    var noise = SampleRun.Noise(seed: 8)
    let derivative = 0.4206
    let points = (0...48).map { number in
      let step = pow(10, 1 - Double(number) / 3)
      let rounding = 1e-16 / step * noise.normal()
      return StepCurve.Point(step: step, derivative: derivative + 0.2 * step * step + rounding)
    }
    return StepCurve(
      tensor: "my-layer/weight", index: [2, 11], analytic: factor * derivative,
      numeric: derivative * (1 + 3e-13), floor: 2e-12, step: 2e-4, points: points)
  }
}
