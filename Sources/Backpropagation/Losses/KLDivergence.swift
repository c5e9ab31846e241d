import Foundation

/// The divergence of a distribution from that of the targets: E_n = Σ_k t_k (log t_k − y_k) (Kullback and Leibler, 1951).
///
/// The outputs are log-probabilities, as log-softmax makes them, the targets probabilities. The topmost delta is −t_k.
public struct KLDivergence: Loss, ElementwiseLoss {
  /// Creates the loss.
  public init() {}

  public var id: String { "kl-divergence" }
  var expectedTargets: String { "numbers from 0" }

  func isDefined(for target: Double) -> Bool { target >= 0 }
  func factor(outputs: Int) -> Double { 1 }
  func kernels<S>(_ table: LossKernels<S>) -> LossKernels<S>.Elementwise { table.klDivergence }

  public func sampleTargets(
    for output: Shape, count: Int, from source: inout RandomSource
  ) -> Targets {
    let distributions = (0..<count).map { _ in
      let parts = (0..<output.count).map { _ in source.uniform(0, 1) }
      let sum = parts.reduce(0, +)
      return parts.map { $0 / sum }
    }
    return .values(distributions.flatMap { $0 }, perExample: output.count)
  }

  /// The mean of t log t less m log m: the best constant distribution has the targets' means m.
  func constantLoss(ofOne targets: [Double]) -> Double {
    func negativeEntropy(_ share: Double) -> Double { share > 0 ? share * log(share) : 0 }
    return targets.map(negativeEntropy).mean - negativeEntropy(targets.mean)
  }

  static let catalogEntry = CatalogEntry<any Loss>(
    "kl-divergence", "Σ_k t_k (log t_k − y_k), from log-probabilities and probabilities."
  ) { _ throws(ArgumentError) in KLDivergence() }
}

extension Loss where Self == KLDivergence {
  /// The divergence of a distribution, given as log-probabilities, from that of the targets.
  public static var klDivergence: KLDivergence { KLDivergence() }
}
