/// The error of one example's output, E_n; what is minimized is the mean over the examples of a batch.
public protocol Loss: Sendable {
  /// The id by which model files name this loss.
  var id: String { get }

  /// Whether an output of this shape, and targets of this kind, fit.
  ///
  /// - Throws: A ``ShapeError`` that says what was expected.
  func check(output: Shape, targets: Targets?) throws(ShapeError)

  /// The mean loss of the best constant prediction for `targets`: what a model that ignores its inputs can reach.
  func constantLoss(of targets: Targets) -> Double

  /// Writes E_n for each example.
  func forward<Scalar>(
    _ output: TensorView<Scalar>, _ targets: BatchTargets<Scalar>, errors: TensorView<Scalar>)

  /// Writes dE/d(output) with E = Σ_n E_n / divisor: the topmost delta, divided by `divisor`.
  func backward<Scalar>(
    _ output: TensorView<Scalar>, _ targets: BatchTargets<Scalar>, divisor: Scalar,
    delta: TensorView<Scalar>)
}

/// The targets of a batch, as the kernels read them.
public enum BatchTargets<Scalar: TensorScalar> {
  /// A class number for each example.
  case classes(UnsafePointer<Int32>)
  /// Numbers for each example.
  case values(TensorView<Scalar>)
}
