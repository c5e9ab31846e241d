import CGradientKernels

/// The loops of losses.inc and losses_backward.inc, for one type of number.
struct LossKernels<Scalar>: Sendable {
  typealias Source = UnsafePointer<Scalar>
  typealias Target = UnsafeMutablePointer<Scalar>
  typealias Classes = UnsafePointer<Int32>
  typealias ClassWeights = UnsafePointer<Double>?

  /// A function of an output and its target, summed over the outputs, and its derivative.
  struct Elementwise: Sendable {
    /// Rows, columns, factor, parameter, outputs, targets, errors.
    let forward: @Sendable (Int, Int, Scalar, Scalar, Source, Source, Target) -> Void
    /// Count, scale, parameter, outputs, targets, delta.
    let backward: @Sendable (Int, Scalar, Scalar, Source, Source, Target) -> Void
  }

  let squaredError: Elementwise
  let absoluteError: Elementwise
  let huber: Elementwise
  let binaryCrossEntropy: Elementwise
  let poisson: Elementwise
  let hinge: Elementwise
  let klDivergence: Elementwise
  let cosineDistance: @Sendable (Int, Int, Source, Source, Target) -> Void
  let cosineDistanceBackward: @Sendable (Int, Int, Scalar, Source, Source, Target) -> Void
  let smoothedCrossEntropy:
    @Sendable (Int, Int, Scalar, ClassWeights, Source, Classes, Target) -> Void
  let smoothedCrossEntropyBackward:
    @Sendable (Int, Int, Scalar, ClassWeights, Scalar, Source, Classes, Target) -> Void
  let negativeLogLikelihood: @Sendable (Int, Int, ClassWeights, Source, Classes, Target) -> Void
  let negativeLogLikelihoodBackward:
    @Sendable (Int, Int, ClassWeights, Scalar, Classes, Target) -> Void
}

extension LossKernels<Float> {
  static let float = LossKernels(
    squaredError: .init(forward: gk_squared_error_f32, backward: gk_squared_error_backward_f32),
    absoluteError: .init(forward: gk_absolute_error_f32, backward: gk_absolute_error_backward_f32),
    huber: .init(forward: gk_huber_f32, backward: gk_huber_backward_f32),
    binaryCrossEntropy: .init(
      forward: gk_binary_cross_entropy_f32, backward: gk_binary_cross_entropy_backward_f32),
    poisson: .init(forward: gk_poisson_f32, backward: gk_poisson_backward_f32),
    hinge: .init(forward: gk_hinge_f32, backward: gk_hinge_backward_f32),
    klDivergence: .init(forward: gk_kl_divergence_f32, backward: gk_kl_divergence_backward_f32),
    cosineDistance: gk_cosine_distance_f32,
    cosineDistanceBackward: gk_cosine_distance_backward_f32,
    smoothedCrossEntropy: gk_smoothed_cross_entropy_f32,
    smoothedCrossEntropyBackward: gk_smoothed_cross_entropy_backward_f32,
    negativeLogLikelihood: gk_negative_log_likelihood_f32,
    negativeLogLikelihoodBackward: gk_negative_log_likelihood_backward_f32)
}

extension LossKernels<Double> {
  static let double = LossKernels(
    squaredError: .init(forward: gk_squared_error_f64, backward: gk_squared_error_backward_f64),
    absoluteError: .init(forward: gk_absolute_error_f64, backward: gk_absolute_error_backward_f64),
    huber: .init(forward: gk_huber_f64, backward: gk_huber_backward_f64),
    binaryCrossEntropy: .init(
      forward: gk_binary_cross_entropy_f64, backward: gk_binary_cross_entropy_backward_f64),
    poisson: .init(forward: gk_poisson_f64, backward: gk_poisson_backward_f64),
    hinge: .init(forward: gk_hinge_f64, backward: gk_hinge_backward_f64),
    klDivergence: .init(forward: gk_kl_divergence_f64, backward: gk_kl_divergence_backward_f64),
    cosineDistance: gk_cosine_distance_f64,
    cosineDistanceBackward: gk_cosine_distance_backward_f64,
    smoothedCrossEntropy: gk_smoothed_cross_entropy_f64,
    smoothedCrossEntropyBackward: gk_smoothed_cross_entropy_backward_f64,
    negativeLogLikelihood: gk_negative_log_likelihood_f64,
    negativeLogLikelihoodBackward: gk_negative_log_likelihood_backward_f64)
}
