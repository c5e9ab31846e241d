import Foundation

/// What a derivative means: how the error changes when one weight does.
public struct WeightEffect: Sendable, Equatable, Codable {
  /// The parameter: `hidden/weight`.
  public var tensor: String
  /// The weight's index in it.
  public var index: [Int]
  /// The weight's value, w.
  public var value: Double
  /// DE/dw, as the backward pass says.
  public var derivative: Double
  /// How far the weight was raised, Δw.
  public var step: Double
  /// The change that the derivative promises, dE/dw · Δw.
  public var predicted: Double
  /// The change that happened, E(w + Δw) − E(w).
  public var measured: Double
  /// The rounding of what was measured.
  public var floor: Double
  /// Whether the error has a kink there: raising and lowering the weight change it at different rates however small the
  /// step.
  public var isAtKink = false

  /// Whether the change is large enough, against the rounding of the error, to be seen.
  public var isVisible: Bool { measured.isFinite && abs(measured) > 4 * floor }

  /// The effect in a sentence without a full stop.
  ///
  /// `raising hidden/weight[3, 17] by 0.01 lowers the error by 0.0012, predicted 0.0012`
  public var text: String {
    "raising \(tensor)\(index) by \(step.figures(1)) " + outcome
      + (isAtKink ? " (the error has a kink there)" : "")
  }

  private var outcome: String {
    guard isVisible else {
      return "should \(predicted < 0 ? "lower" : "raise") the error by "
        + "\(abs(predicted).figures(2)), which its rounding hides"
    }
    let verb = measured < 0 ? "lowers" : "raises"
    guard (measured < 0) == (predicted < 0) else {
      return "\(verb) the error by \(abs(measured).figures(2)), but it was predicted to "
        + "\(predicted < 0 ? "fall" : "rise") by \(abs(predicted).figures(2))"
    }
    return
      "\(verb) the error by \(abs(measured).figures(2)), predicted \(abs(predicted).figures(2))"
  }
}

extension WeightEffect {
  /// How far weights are raised at first, and how small a step may get.
  private static let largestStep = 0.01, smallestStep = 1e-8
  /// How far the measured change may lie from the predicted one: beyond, the step was too large for a straight line.
  private static let tolerance = 0.05

  /// The weights of a tensor whose change matters most, the first one most; the tensor is a variable of the error.
  static func largest(_ count: Int, of variable: Variable, named name: String) -> [WeightEffect] {
    variable.gradient.largestMagnitudes(count).map { WeightEffect(of: $0, in: variable, name) }
  }

  private init(of place: Int, in variable: Variable, _ name: String) {
    let line = Line(entry: place, of: variable)
    tensor = name
    index = variable.index(of: place)
    value = variable.elements[place]
    derivative = variable.gradient[place]
    floor = variable.function.rounding
    step = Self.largestStep
    predicted = 0
    measured = 0
    while true {
      let change = line.change(at: step)
      predicted = derivative * change.displacement
      measured = change.value
      let allowed = Self.tolerance * abs(predicted) + floor
      if abs(measured - predicted) <= allowed { break }
      if step <= Self.smallestStep {
        isAtKink = abs(measured + line.change(at: -step).value) > 2 * allowed
        break
      }
      step /= 10
    }
  }
}

extension [Double] {
  /// The places of the largest magnitudes that aren't zero, the largest first.
  fileprivate func largestMagnitudes(_ count: Int) -> [Int] {
    var places: [Int] = []
    for place in indices where self[place] != 0 && self[place].isFinite {
      let rank = places.firstIndex { abs(self[$0]) < abs(self[place]) } ?? places.count
      guard rank < count else { continue }
      places.insert(place, at: rank)
      if places.count > count { places.removeLast() }
    }
    return places
  }
}
