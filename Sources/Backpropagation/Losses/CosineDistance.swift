/// How far outputs and targets differ in direction: E_n = 1 − ⟨y, t⟩ / (|y| |t|), from 0 to 2.
///
/// The topmost delta is (cos · y_k/|y| − t_k/|t|) / |y|. A length below 1e-8 counts as 1e-8, as in PyTorch.
public struct CosineDistance: Loss, ValueLoss {
  /// Creates the loss.
  public init() {}

  public var id: String { "cosine" }

  /// 1 − |m|, m being the mean of the targets' directions: the best constant points there.
  public func constantLoss(of targets: Targets, outputs: Int) -> Double {
    guard case .values(let values, let size) = targets, !values.isEmpty else { return 0 }
    var mean = [Double](repeating: 0, count: size)
    let count = values.count / size
    for start in stride(from: 0, to: values.count, by: size) {
      let target = values[start..<start + size]
      let length = max(target.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-8)
      for (k, value) in target.enumerated() { mean[k] += value / length / Double(count) }
    }
    return 1 - mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  public func forward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, errors: TensorView<S>
  ) {
    output.expectSameCount(targets.values, in: "cosine")
    S.kernels.losses.cosineDistance(
      errors.count, output.count / max(errors.count, 1), output.pointer, targets.values.pointer,
      errors.pointer)
  }

  public func backward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, divisor: S, delta: TensorView<S>
  ) {
    output.expectSameCount(targets.values, in: "cosine")
    delta.expectSameCount(output, in: "cosine")
    let rows = output.shape[0]
    S.kernels.losses.cosineDistanceBackward(
      rows, output.count / max(rows, 1), 1 / divisor, output.pointer, targets.values.pointer,
      delta.pointer)
  }

  static let catalogEntry = CatalogEntry<any Loss>(
    "cosine", "1 − ⟨y, t⟩ / (|y| |t|), one less the cosine of the angle between them."
  ) { _ throws(ArgumentError) in CosineDistance() }
}

extension Loss where Self == CosineDistance {
  /// One less the cosine of the angle between outputs and targets.
  public static var cosine: CosineDistance { CosineDistance() }
}
