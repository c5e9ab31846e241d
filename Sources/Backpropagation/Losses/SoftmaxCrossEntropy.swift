import Foundation

/// Cross-entropy of the softmax of the outputs: E_n = log Σ_k e^{y_k} − y_t.
///
/// The outputs are logits, the targets class numbers. The topmost delta is softmax(y)_k − [k = t] (Bishop, 6.9).
public struct SoftmaxCrossEntropy: Loss {
  /// Creates the loss.
  public init() {}

  public var id: String { "softmax-cross-entropy" }
  public var takesClasses: Bool { true }

  public func check(output: Shape, targets: Targets?) throws(ShapeError) {
    guard output.rank == 1, output.count >= 2 else {
      throw ShapeError("\(id) takes an output for each class, at least 2, got \(output)")
    }
    switch targets {
    case nil: return
    case .values: throw ShapeError("\(id) takes class numbers as targets, got other numbers")
    case .classes(let classes, let names, _):
      if let lowest = classes.min(), lowest < 0 {
        throw ShapeError("\(id) takes class numbers from 0 as targets, got \(lowest)")
      }
      let highest = max(names.count - 1, classes.max() ?? 0)
      guard highest < output.count else {
        throw ShapeError(
          "the data have \(highest.magnitude + 1) classes, but the output has \(output.count)")
      }
    }
  }

  /// The entropy of the class frequencies, −Σ_k p_k log p_k.
  public func constantLoss(of targets: Targets) -> Double {
    guard case .classes(let classes, _, _) = targets, !classes.isEmpty else { return 0 }
    let counts = Dictionary(grouping: classes, by: \.self).mapValues { Double($0.count) }
    let total = Double(classes.count)
    // Summed in a fixed order, so that the last digit is the same in every run.
    return counts.values.sorted().reduce(0) { $0 - $1 / total * log($1 / total) }
  }

  public func forward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, errors: TensorView<S>
  ) {
    precondition(errors.count == output.rows, "\(id): expected \(output.rows) errors")
    S.kernels.softmaxCrossEntropy(
      output.rows, output.columns, output.pointer, targets.classes, errors.pointer)
  }

  public func backward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, divisor: S, delta: TensorView<S>
  ) {
    delta.expectSameCount(output, in: "softmax-cross-entropy")
    S.kernels.softmaxCrossEntropyBackward(
      output.rows, output.columns, 1 / divisor, output.pointer, targets.classes, delta.pointer)
  }
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

extension Loss where Self == SoftmaxCrossEntropy {
  /// Cross-entropy of the softmax of the outputs.
  public static var softmaxCrossEntropy: SoftmaxCrossEntropy { SoftmaxCrossEntropy() }
}
