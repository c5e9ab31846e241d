/// A multiple of the summed squares over the outputs: E_n = c · Σ_k (y_k − t_k)².
///
/// The topmost delta is 2c(y_k − t_k): y − t for ½ squared error, 2(y − t) for the sum of squares.
public struct SquaredError: Loss {
  /// The id by which model files name this loss.
  public let id: String
  /// What the sum of squares is multiplied by, c.
  public let factor: Double

  public func check(output: Shape, targets: Targets?) throws(ShapeError) {
    switch targets {
    case nil: return
    case .classes:
      throw ShapeError("\(id) takes numbers as targets, got classes")
    case .values(_, let perExample):
      guard perExample == output.count else {
        throw ShapeError(
          "the data have \(perExample) targets an example, but the output is \(output)")
      }
    }
  }

  /// c times the summed variances of the targets: the best constant is their mean.
  public func constantLoss(of targets: Targets) -> Double {
    guard case .values(let values, let size) = targets, !values.isEmpty else { return 0 }
    let examples = Double(values.count / size)
    return (0..<size).reduce(0) { sum, k in
      let column = stride(from: k, to: values.count, by: size).map { values[$0] }
      let mean = column.reduce(0, +) / examples
      return sum + factor * column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / examples
    }
  }

  public func forward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, errors: TensorView<S>
  ) {
    output.expectSameCount(targets.values, in: "squared error")
    S.kernels.squaredError(
      errors.count, output.count / max(errors.count, 1), S(factor), output.pointer,
      targets.values.pointer, errors.pointer)
  }

  public func backward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, divisor: S, delta: TensorView<S>
  ) {
    output.expectSameCount(targets.values, in: "squared error")
    delta.expectSameCount(output, in: "squared error")
    S.kernels.squaredErrorBackward(
      1, output.count, S(2 * factor) / divisor, output.pointer, targets.values.pointer,
      delta.pointer)
  }
}

extension Loss where Self == SquaredError {
  /// ½ Σ_k (y_k − t_k)².
  public static var halfSquaredError: SquaredError {
    SquaredError(id: "half-squared-error", factor: 0.5)
  }
  /// Σ_k (y_k − t_k)².
  public static var sumOfSquares: SquaredError { SquaredError(id: "sum-of-squares", factor: 1) }
}
