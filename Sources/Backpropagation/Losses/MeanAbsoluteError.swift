/// The mean distance of outputs and targets: E_n = 1/K Σ_k |y_k − t_k|.
///
/// The topmost delta is sign(y_k − t_k)/K; where they are equal, it is 0.
public struct MeanAbsoluteError: Loss, ElementwiseLoss {
  /// Creates the loss.
  public init() {}

  public var id: String { "mean-absolute-error" }

  func kernels<S>(_ table: LossKernels<S>) -> LossKernels<S>.Elementwise { table.absoluteError }

  /// The mean distance from the median, which is the best constant.
  func constantLoss(ofOne targets: [Double]) -> Double {
    let median = targets.sorted()[targets.count / 2]
    return targets.map { abs($0 - median) }.mean
  }

  public func decisions(_ output: TensorView<Double>, _ targets: BatchTargets<Double>) -> [Int] {
    zip(output.elements, targets.values.elements).map { $0 > $1 ? 1 : 0 }
  }

  static let catalogEntry = CatalogEntry<any Loss>(
    "mean-absolute-error", "1/K Σ_k |y_k − t_k|, the mean over the K outputs."
  ) { _ throws(ArgumentError) in MeanAbsoluteError() }
}

extension Loss where Self == MeanAbsoluteError {
  /// 1/K Σ_k |y_k − t_k|.
  public static var meanAbsoluteError: MeanAbsoluteError { MeanAbsoluteError() }
}
