import CGradientKernels

/// The fused passes of the optimizers, for one type of number.
///
/// Each takes the count, the step, its settings, the gradient, the weights, and what it keeps from step to step; nil stands
/// for what it doesn't keep.
struct OptimizerKernels<Scalar>: Sendable {
  typealias Source = UnsafePointer<Scalar>
  typealias Target = UnsafeMutablePointer<Scalar>

  let momentum: @Sendable (Int, gk_step, gk_momentum, Source, Target, Target) -> gk_update_summary
  let adam:
    @Sendable (Int, gk_step, gk_adam, Source, Target, Target, Target, Target?) ->
      gk_update_summary
  let rmsprop:
    @Sendable (Int, gk_step, gk_rmsprop, Source, Target, Target, Target?, Target?) ->
      gk_update_summary
  let adagrad: @Sendable (Int, gk_step, Double, Source, Target, Target) -> gk_update_summary
  let adadelta:
    @Sendable (Int, gk_step, Double, Double, Source, Target, Target, Target) -> gk_update_summary
  let lion: @Sendable (Int, gk_step, Double, Double, Source, Target, Target) -> gk_update_summary
  let regularize:
    @Sendable (
      Int, Double, Double, Source, Target, UnsafeMutablePointer<Double>,
      UnsafeMutablePointer<Double>
    ) -> Void
}

extension OptimizerKernels<Float> {
  static let float = OptimizerKernels(
    momentum: gk_momentum_f32, adam: gk_adam_f32, rmsprop: gk_rmsprop_f32,
    adagrad: gk_adagrad_f32, adadelta: gk_adadelta_f32, lion: gk_lion_f32,
    regularize: gk_regularize_f32)
}

extension OptimizerKernels<Double> {
  static let double = OptimizerKernels(
    momentum: gk_momentum_f64, adam: gk_adam_f64, rmsprop: gk_rmsprop_f64,
    adagrad: gk_adagrad_f64, adadelta: gk_adadelta_f64, lion: gk_lion_f64,
    regularize: gk_regularize_f64)
}
