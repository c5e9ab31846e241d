import CGradientKernels

/// What transformers add to dense layers, forward above backward; and dropout, which is its own backward.
struct SequenceKernels<Scalar>: Sendable {
  typealias Source = UnsafePointer<Scalar>
  typealias Target = UnsafeMutablePointer<Scalar>

  let gatherRows: @Sendable (Int, Int, Int, Source, Source, Target) -> Void
  let scatterRows: @Sendable (Int, Int, Int, Source, Source, Target) -> Void
  let sinusoids: @Sendable (Int, Int, Target) -> Void
  let attention: @Sendable (gk_attention_shape, Source, Source, Source, Target, Target) -> Void
  let attentionBackward:
    @Sendable (
      gk_attention_shape, Source, Source, Source, Source, Target, Target, Target, Target
    ) -> Void
  let dropout: @Sendable (gk_dropout_shape, Scalar, Source, Target) -> Void
}

extension SequenceKernels<Float> {
  static var float: Self {
    Self(
      gatherRows: gk_gather_rows_f32, scatterRows: gk_scatter_rows_f32,
      sinusoids: gk_sinusoids_f32, attention: gk_attention_f32,
      attentionBackward: gk_attention_backward_f32, dropout: gk_dropout_f32)
  }
}

extension SequenceKernels<Double> {
  static var double: Self {
    Self(
      gatherRows: gk_gather_rows_f64, scatterRows: gk_scatter_rows_f64,
      sinusoids: gk_sinusoids_f64, attention: gk_attention_f64,
      attentionBackward: gk_attention_backward_f64, dropout: gk_dropout_f64)
  }
}
