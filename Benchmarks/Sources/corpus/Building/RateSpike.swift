import GradientHealth

/// A learning rate that leaps at one step and falls back after a few: a fault that begins in the middle of a run.
struct RateSpike: Schedule {
  /// The first step of the leap, and how many steps it lasts.
  let first: Int, length: Int
  /// What the rate is multiplied by.
  let factor: Double

  var id: String { "spike" }
  var steps: Int? { nil }

  func learningRate(_ rate: Double, at step: Int, of count: Int) -> Double {
    (first..<first + length).contains(step) ? rate * factor : rate
  }
}
