/// How far outputs are from the right side of a margin: E_n = 1/K Σ_k max(0, 1 − t_k y_k), with targets of −1 and 1
/// (Cortes and Vapnik, 1995).
///
/// The topmost delta is −t_k/K within the margin, else 0.
public struct Hinge: Loss, ElementwiseLoss {
  /// Creates the loss.
  public init() {}

  public var id: String { "hinge" }
  var expectedTargets: String { "-1 and 1" }

  func isDefined(for target: Double) -> Bool { abs(target) == 1 }
  func kernels<S>(_ table: LossKernels<S>) -> LossKernels<S>.Elementwise { table.hinge }

  public func sampleTargets(
    for output: Shape, count: Int, from source: inout RandomSource
  ) -> Targets {
    .values(
      (0..<count * output.count).map { _ in source.below(2) == 0 ? -1 : 1 },
      perExample: output.count)
  }

  /// Twice the share of the rarer target: the best constant is the other one.
  func constantLoss(ofOne targets: [Double]) -> Double {
    let share = targets.map { $0 > 0 ? 1.0 : 0 }.mean
    return 2 * min(share, 1 - share)
  }

  public func decisions(_ output: TensorView<Double>, _ targets: BatchTargets<Double>) -> [Int] {
    zip(output.elements, targets.values.elements).map { $0 * $1 < 1 ? 1 : 0 }
  }

  static let catalogEntry = CatalogEntry<any Loss>(
    "hinge", "1/K Σ_k max(0, 1 − t_k y_k), with targets of −1 and 1."
  ) { _ throws(ArgumentError) in Hinge() }
}

extension Loss where Self == Hinge {
  /// How far outputs are from the right side of a margin.
  public static var hinge: Hinge { Hinge() }
}
