import CGradientKernels

/// Convolutions and pooling over planes, forward above backward.
struct ConvolutionKernels<Scalar>: Sendable {
  typealias Source = UnsafePointer<Scalar>
  typealias Target = UnsafeMutablePointer<Scalar>
  typealias Convolution = UnsafePointer<gk_convolution>
  typealias Pooling = UnsafePointer<gk_pooling>
  typealias Sizes = UnsafePointer<Int>

  let convolve: @Sendable (Convolution, Int, Source, Source, Source?, Target, Target, Int) -> Void
  let convolveTransposed:
    @Sendable (Convolution, Int, Source, Source, Source?, Target, Target, Int) -> Void
  let convolveBackwardWeight:
    @Sendable (Convolution, Int, Source, Source, Target, Target, Int) -> Void
  let sumPlanes: @Sendable (Int, Int, Int, Source, Target) -> Void
  let maxPool: @Sendable (Pooling, Int, Source, Target) -> Void
  let maxPoolBackward: @Sendable (Pooling, Int, Source, Source, Source, Target) -> Void
  let averagePool: @Sendable (Pooling, Int, Source, Target) -> Void
  let averagePoolBackward: @Sendable (Pooling, Int, Source, Target) -> Void
  let permute: @Sendable (Int, Sizes, Sizes, Source, Target) -> Void
  let permuteBack: @Sendable (Int, Sizes, Sizes, Source, Target) -> Void
}

extension ConvolutionKernels<Float> {
  static var float: Self {
    Self(
      convolve: gk_convolve_f32, convolveTransposed: gk_convolve_transposed_f32,
      convolveBackwardWeight: gk_convolve_backward_weight_f32, sumPlanes: gk_sum_planes_f32,
      maxPool: gk_max_pool_f32, maxPoolBackward: gk_max_pool_backward_f32,
      averagePool: gk_average_pool_f32, averagePoolBackward: gk_average_pool_backward_f32,
      permute: gk_permute_f32, permuteBack: gk_permute_back_f32)
  }
}

extension ConvolutionKernels<Double> {
  static var double: Self {
    Self(
      convolve: gk_convolve_f64, convolveTransposed: gk_convolve_transposed_f64,
      convolveBackwardWeight: gk_convolve_backward_weight_f64, sumPlanes: gk_sum_planes_f64,
      maxPool: gk_max_pool_f64, maxPoolBackward: gk_max_pool_backward_f64,
      averagePool: gk_average_pool_f64, averagePoolBackward: gk_average_pool_backward_f64,
      permute: gk_permute_f64, permuteBack: gk_permute_back_f64)
  }
}
