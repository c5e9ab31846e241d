/// The squared differences of outputs and targets: their sum, half of it, or their mean over the outputs.
///
/// The topmost delta is y_k − t_k for ½ Σ_k (y_k − t_k)², twice that for the sum, and 2/K of it for the mean.
public struct SquaredError: Loss, ElementwiseLoss {
  /// The id by which model files name this loss.
  public let id: String
  /// What the sum over K outputs is multiplied by; nil for 1/K.
  public let factor: Double?

  func factor(outputs: Int) -> Double { factor ?? 1 / Double(max(outputs, 1)) }
  func kernels<S>(_ table: LossKernels<S>) -> LossKernels<S>.Elementwise { table.squaredError }

  /// The variance: the best constant is the mean.
  func constantLoss(ofOne targets: [Double]) -> Double {
    let mean = targets.mean
    return targets.map { ($0 - mean) * ($0 - mean) }.mean
  }

  static let catalogEntries = [
    CatalogEntry<any Loss>("half-squared-error", "½ Σ_k (y_k − t_k)².") {
      _ throws(ArgumentError) in .halfSquaredError
    },
    CatalogEntry<any Loss>("sum-of-squares", "Σ_k (y_k − t_k)².") {
      _ throws(ArgumentError) in .sumOfSquares
    },
    CatalogEntry<any Loss>(
      "mean-squared-error", "1/K Σ_k (y_k − t_k)², the mean over the K outputs."
    ) { _ throws(ArgumentError) in .meanSquaredError },
  ]
}

extension Loss where Self == SquaredError {
  /// ½ Σ_k (y_k − t_k)².
  public static var halfSquaredError: SquaredError {
    SquaredError(id: "half-squared-error", factor: 0.5)
  }
  /// Σ_k (y_k − t_k)².
  public static var sumOfSquares: SquaredError { SquaredError(id: "sum-of-squares", factor: 1) }
  /// 1/K Σ_k (y_k − t_k)².
  public static var meanSquaredError: SquaredError {
    SquaredError(id: "mean-squared-error", factor: nil)
  }
}
