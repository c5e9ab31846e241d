import CGradientKernels

/// What an optimizer is told of the step that it takes.
public struct UpdateStep: Sendable, Equatable {
  /// The number of the update, from 1.
  public var number: Int
  /// The learning rate, α, of this step.
  public var learningRate: Double
  /// What clipping by a norm multiplies the gradient by.
  public var gradientFactor: Double
  /// The magnitude that clipping by value leaves to an element of the gradient.
  public var gradientLimit: Double

  /// Describes a step; by default nothing is clipped.
  public init(
    number: Int, learningRate: Double, gradientFactor: Double = 1,
    gradientLimit: Double = .infinity
  ) {
    self.number = number
    self.learningRate = learningRate
    self.gradientFactor = gradientFactor
    self.gradientLimit = gradientLimit
  }

  /// The step as the kernels take it.
  func with(decay: Double) -> gk_step {
    gk_step(rate: learningRate, decay: decay, factor: gradientFactor, limit: gradientLimit)
  }
}
