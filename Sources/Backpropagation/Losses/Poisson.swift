import Foundation

/// The negative log likelihood of counts whose rates have the outputs as logarithms: E_n = 1/K Σ_k (e^{y_k} − t_k y_k).
///
/// The term log t_k!, which no output changes, is left out, as in PyTorch. The topmost delta is (e^{y_k} − t_k)/K.
public struct Poisson: Loss, ElementwiseLoss {
  /// Creates the loss.
  public init() {}

  public var id: String { "poisson" }
  var expectedTargets: String { "numbers from 0" }

  func isDefined(for target: Double) -> Bool { target >= 0 }
  func kernels<S>(_ table: LossKernels<S>) -> LossKernels<S>.Elementwise { table.poisson }

  public func sampleTargets(
    for output: Shape, count: Int, from source: inout RandomSource
  ) -> Targets {
    .values(
      (0..<count * output.count).map { _ in Double(source.below(5)) }, perExample: output.count)
  }

  /// m − m log m: the best constant rate is the mean m.
  func constantLoss(ofOne targets: [Double]) -> Double {
    let mean = targets.mean
    return mean > 0 ? mean - mean * log(mean) : 0
  }

  static let catalogEntry = CatalogEntry<any Loss>(
    "poisson", "1/K Σ_k (e^{y_k} − t_k y_k), from logarithms of rates and counts."
  ) { _ throws(ArgumentError) in Poisson() }
}

extension Loss where Self == Poisson {
  /// The negative log likelihood of counts, from logarithms of rates.
  public static var poisson: Poisson { Poisson() }
}
