/// What is added to the loss for large weights: R = l1 · Σ|w| + l2 · ½ Σ w², over the parameters of rank 2 and more.
///
/// Its gradient, l1 · sign(w) + l2 · w, is added to the loss's before clipping, and so goes through the optimizer, whose own
/// weight decay may not.
public struct Regularization: Sendable, Equatable {
  /// The factor of Σ|w|.
  public var l1: Double
  /// The factor of ½ Σ w².
  public var l2: Double

  /// Creates a regularization; by default none.
  public init(l1: Double = 0, l2: Double = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  /// Whether anything is added.
  public var isActive: Bool { l1 != 0 || l2 != 0 }

  /// Adds dR/dw of one parameter to its gradient; gives its part of R.
  func add<Scalar>(
    to gradient: TensorView<Scalar>, of weights: TensorView<Scalar>
  ) -> Double {
    gradient.expectSameCount(weights, in: "regularization")
    var magnitudes = 0.0, squares = 0.0
    Scalar.kernels.optimizers.regularize(
      weights.count, l1, l2, weights.pointer, gradient.pointer, &magnitudes, &squares)
    return l1 * magnitudes + l2 * squares / 2
  }
}
