import Foundation

/// Cross-entropy of independent yes-or-no outputs: E_n = 1/K Σ_k (log(1 + e^{y_k}) − t_k y_k).
///
/// The outputs are logits, the targets probabilities: 0, 1, or what lies between. The topmost delta is
/// (σ(y_k) − t_k)/K, σ being the logistic function (Bishop, 6.4).
public struct BinaryCrossEntropy: Loss, ElementwiseLoss {
  /// Creates the loss.
  public init() {}

  public var id: String { "binary-cross-entropy" }
  var expectedTargets: String { "numbers from 0 to 1" }

  func isDefined(for target: Double) -> Bool { (0...1).contains(target) }
  func kernels<S>(_ table: LossKernels<S>) -> LossKernels<S>.Elementwise {
    table.binaryCrossEntropy
  }

  public func sampleTargets(
    for output: Shape, count: Int, from source: inout RandomSource
  ) -> Targets {
    .values(
      (0..<count * output.count).map { _ in Double(source.below(2)) }, perExample: output.count)
  }

  /// The entropy of the targets' mean p, −p log p − (1 − p) log(1 − p).
  func constantLoss(ofOne targets: [Double]) -> Double {
    let mean = targets.mean
    return [mean, 1 - mean].reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
  }

  static let catalogEntry = CatalogEntry<any Loss>(
    "binary-cross-entropy",
    "1/K Σ_k (log(1 + e^{y_k}) − t_k y_k), from logits and targets from 0 to 1."
  ) { _ throws(ArgumentError) in BinaryCrossEntropy() }
}

extension Loss where Self == BinaryCrossEntropy {
  /// Cross-entropy of independent yes-or-no outputs.
  public static var binaryCrossEntropy: BinaryCrossEntropy { BinaryCrossEntropy() }
}
