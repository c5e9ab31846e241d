/// The error of one example's output, E_n; what is minimized is the mean over the examples of a batch.
public protocol Loss: Sendable {
  /// The id by which model files name this loss.
  var id: String { get }

  /// Whether an output of this shape, and targets of this kind, fit.
  ///
  /// - Throws: A ``ShapeError`` that says what was expected.
  func check(output: Shape, targets: Targets?) throws(ShapeError)

  /// The mean loss of the best constant prediction for `targets`: what a model with so many outputs can reach that ignores
  /// its inputs.
  func constantLoss(of targets: Targets, outputs: Int) -> Double

  /// Whether the targets are class numbers; by default they are other numbers.
  var takesClasses: Bool { get }

  /// How much an example of each class counts in the mean, which is then divided by the sum of these weights; nil if all
  /// count alike. The loss itself multiplies E_n by them.
  var classWeights: [Double]? { get }

  /// Random targets that the loss can take, for checking it; by default normal numbers, or classes.
  func sampleTargets(
    for output: Shape, count: Int, from source: inout RandomSource
  ) -> Targets

  /// Writes E_n for each example; where the output is a sequence, for each position, of which the network then takes the
  /// mean.
  func forward<Scalar>(
    _ output: TensorView<Scalar>, _ targets: BatchTargets<Scalar>, errors: TensorView<Scalar>)

  /// For each number of the output which piece of the function `forward` takes, where the loss is put together of pieces; by
  /// default empty, as for ``Layer/decisions(of:)``.
  func decisions(_ output: TensorView<Double>, _ targets: BatchTargets<Double>) -> [Int]

  /// Writes dE/d(output) with E = Σ_n E_n / divisor: the topmost delta, divided by `divisor`.
  func backward<Scalar>(
    _ output: TensorView<Scalar>, _ targets: BatchTargets<Scalar>, divisor: Scalar,
    delta: TensorView<Scalar>)
}

extension Loss {
  public var takesClasses: Bool { false }
  public var classWeights: [Double]? { nil }
  public func decisions(_ output: TensorView<Double>, _ targets: BatchTargets<Double>) -> [Int] {
    []
  }

  public func sampleTargets(
    for output: Shape, count: Int, from source: inout RandomSource
  ) -> Targets {
    takesClasses
      ? .classes((0..<count).map { _ in source.below(max(output.count, 1)) }, names: [])
      : .values((0..<count * output.count).map { _ in source.normal() }, perExample: output.count)
  }
}

/// The targets of a batch, as the kernels read them.
public enum BatchTargets<Scalar: TensorScalar> {
  /// A class number for each example.
  case classes(UnsafePointer<Int32>)
  /// Numbers for each example.
  case values(TensorView<Scalar>)
}

extension BatchTargets {
  var classes: UnsafePointer<Int32> {
    guard case .classes(let classes) = self else {
      preconditionFailure("expected class numbers as targets, got values")
    }
    return classes
  }

  var values: TensorView<Scalar> {
    guard case .values(let values) = self else {
      preconditionFailure("expected values as targets, got class numbers")
    }
    return values
  }
}
