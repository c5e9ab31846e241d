import CGradientKernels

/// What is recorded of tensors, for one type of number.
struct StatisticKernels<Scalar>: Sendable {
  typealias Source = UnsafePointer<Scalar>
  typealias Target = UnsafeMutablePointer<Scalar>
  typealias Counts = UnsafeMutablePointer<UInt32>

  let summarize: @Sendable (Int, Source) -> gk_summary
  let summarizeUnits: @Sendable (Int, Int, Int, Source, Counts) -> gk_summary
  let summarizeSaturating:
    @Sendable (Int, Source, Scalar, Scalar, UnsafeMutablePointer<Int>) -> gk_summary
  let histogram: @Sendable (Int, Scalar, Source, Counts) -> Void
  let sumMagnitudes: @Sendable (Int, Int, Int, Source, Target) -> Void
}

extension StatisticKernels<Float> {
  static let float = StatisticKernels(
    summarize: gk_summarize_f32, summarizeUnits: gk_summarize_units_f32,
    summarizeSaturating: gk_summarize_saturating_f32, histogram: gk_histogram_f32,
    sumMagnitudes: gk_sum_magnitudes_f32)
}

extension StatisticKernels<Double> {
  static let double = StatisticKernels(
    summarize: gk_summarize_f64, summarizeUnits: gk_summarize_units_f64,
    summarizeSaturating: gk_summarize_saturating_f64, histogram: gk_histogram_f64,
    sumMagnitudes: gk_sum_magnitudes_f64)
}
