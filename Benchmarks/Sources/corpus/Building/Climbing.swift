import GradientHealth

/// A learning rate with the wrong sign, which climbs the loss.
struct Climbing: Schedule {
  var id: String { "climbing" }
  var steps: Int? { nil }

  func learningRate(_ rate: Double, at step: Int, of count: Int) -> Double { -rate }
}
