import CGradientKernels

/// Normalization to mean 0 and variance 1, forward above backward.
struct NormalizationKernels<Scalar>: Sendable {
  typealias Source = UnsafePointer<Scalar>
  typealias Target = UnsafeMutablePointer<Scalar>

  let group:
    @Sendable (gk_group_norm_shape, Source, Source?, Source?, Target, Target, Target) -> Void
  let groupBackward:
    @Sendable (
      gk_group_norm_shape, Source, Source?, Source, Source, Source, Target?, Target, Target?,
      Target?
    ) -> Void
  let batch:
    @Sendable (gk_batch_norm_shape, Source, Source?, Source?, Target, Target, Target) -> Void
  let batchBackward:
    @Sendable (
      gk_batch_norm_shape, Source, Source?, Source, Source, Source, Target?, Target?, Target?
    ) -> Void
  let moveStatistics: @Sendable (Int, Int, Int, Scalar, Source, Source, Target, Target) -> Void
}

extension NormalizationKernels<Float> {
  static var float: Self {
    Self(
      group: gk_group_norm_f32, groupBackward: gk_group_norm_backward_f32,
      batch: gk_batch_norm_f32, batchBackward: gk_batch_norm_backward_f32,
      moveStatistics: gk_move_statistics_f32)
  }
}

extension NormalizationKernels<Double> {
  static var double: Self {
    Self(
      group: gk_group_norm_f64, groupBackward: gk_group_norm_backward_f64,
      batch: gk_batch_norm_f64, batchBackward: gk_batch_norm_backward_f64,
      moveStatistics: gk_move_statistics_f64)
  }
}
