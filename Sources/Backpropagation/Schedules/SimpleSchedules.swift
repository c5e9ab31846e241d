import Foundation

/// The same learning rate throughout: α_t = α.
public struct ConstantSchedule: Schedule {
  public var steps: Int?

  /// Creates a schedule.
  public init(steps: Int? = nil) { self.steps = steps }

  public var id: String { "constant" }

  public func learningRate(_ rate: Double, at step: Int, of count: Int) -> Double { rate }

  static let catalogEntry = CatalogEntry<any Schedule>(
    "constant", "The same learning rate throughout: α_t = α.", arguments: [.steps],
    shorthand: "steps"
  ) { arguments throws(ArgumentError) in ConstantSchedule(steps: try arguments.steps()) }
}

/// A learning rate that falls at once every so often: α_t = α · γ^⌊t / s⌋.
public struct StepSchedule: Schedule {
  /// The steps between two falls, s.
  public var stepSize: Int
  /// What each fall multiplies the learning rate by, γ.
  public var gamma: Double
  public var steps: Int?

  /// Creates a schedule.
  public init(stepSize: Int, gamma: Double = 0.1, steps: Int? = nil) {
    self.stepSize = stepSize
    self.gamma = gamma
    self.steps = steps
  }

  public var id: String { "step" }

  public func learningRate(_ rate: Double, at step: Int, of count: Int) -> Double {
    rate * pow(gamma, Double(min(step, count) / stepSize))
  }

  static let catalogEntry = CatalogEntry<any Schedule>(
    "step", "Falls every s steps: α_t = α · γ^⌊t / s⌋.",
    arguments: [
      ArgumentDescription("step-size", "s, a whole number from 1"), .gamma("0.1"), .steps,
    ], shorthand: "step-size"
  ) { arguments throws(ArgumentError) in
    StepSchedule(
      stepSize: try arguments.integer("step-size", in: 1...Arguments.mostSteps),
      gamma: try arguments.positive("gamma", default: 0.1), steps: try arguments.steps())
  }
}

/// A learning rate that falls by the same factor at each step: α_t = α · γ^t.
public struct ExponentialSchedule: Schedule {
  /// What each step multiplies the learning rate by, γ.
  public var gamma: Double
  public var steps: Int?

  /// Creates a schedule.
  public init(gamma: Double, steps: Int? = nil) {
    self.gamma = gamma
    self.steps = steps
  }

  public var id: String { "exponential" }

  public func learningRate(_ rate: Double, at step: Int, of count: Int) -> Double {
    rate * pow(gamma, Double(min(step, count)))
  }

  static let catalogEntry = CatalogEntry<any Schedule>(
    "exponential", "Falls by the same factor at each step: α_t = α · γ^t.",
    arguments: [.gamma(nil), .steps], shorthand: "gamma"
  ) { arguments throws(ArgumentError) in
    ExponentialSchedule(gamma: try arguments.positive("gamma"), steps: try arguments.steps())
  }
}

/// A learning rate that falls along half a cosine: α_t = α_min + ½(α − α_min)(1 + cos(πt / T)).
public struct CosineSchedule: Schedule {
  /// What it falls to, α_min.
  public var minimum: Double
  public var steps: Int?

  /// Creates a schedule; T are its steps.
  public init(minimum: Double = 0, steps: Int? = nil) {
    self.minimum = minimum
    self.steps = steps
  }

  public var id: String { "cosine" }

  public func learningRate(_ rate: Double, at step: Int, of count: Int) -> Double {
    let share = Double(min(step, count)) / Double(max(count, 1))
    return minimum + (rate - minimum) * (1 + cos(.pi * share)) / 2
  }

  static let catalogEntry = CatalogEntry<any Schedule>(
    "cosine", "Falls along half a cosine: α_t = m + ½(α − m)(1 + cos(πt / T)).",
    arguments: [
      ArgumentDescription("minimum", "m, not negative", default: "0"),
      ArgumentDescription("steps", "T, how many steps it lasts", default: "all that are left"),
    ], shorthand: "minimum"
  ) { arguments throws(ArgumentError) in
    CosineSchedule(
      minimum: try arguments.notNegative("minimum", default: 0), steps: try arguments.steps())
  }
}

/// A learning rate that rises in a straight line: α_t = α · (f + (1 − f) · t / T).
public struct WarmupSchedule: Schedule {
  /// How many steps it takes, T.
  public var count: Int
  /// The factor of the first step, f.
  public var startFactor: Double

  /// Creates a schedule.
  public init(steps: Int, startFactor: Double = 1.0 / 3) {
    count = steps
    self.startFactor = startFactor
  }

  public var id: String { "warmup" }
  public var steps: Int? { count }

  public func learningRate(_ rate: Double, at step: Int, of count: Int) -> Double {
    rate * (startFactor + (1 - startFactor) * Double(min(step, count)) / Double(count))
  }

  static let catalogEntry = CatalogEntry<any Schedule>(
    "warmup", "Rises in a straight line: α_t = α · (f + (1 − f) · t / T).",
    arguments: [
      ArgumentDescription("steps", "T, a whole number from 1"),
      ArgumentDescription(
        "start-factor", "f, above 0 and at most 1", default: "0.3333333333333333"),
    ], shorthand: "steps"
  ) { arguments throws(ArgumentError) in
    WarmupSchedule(
      steps: try arguments.integer("steps", in: 1...Arguments.mostSteps),
      startFactor: try arguments.number(
        "start-factor", default: 1.0 / 3, expected: "above 0 and at most 1"
      ) { $0 > 0 && $0 <= 1 })
  }
}
