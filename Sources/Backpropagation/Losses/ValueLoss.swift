/// A loss whose targets are a number for each output.
protocol ValueLoss: Loss {
  /// Whether the loss is defined for a target.
  func isDefined(for target: Double) -> Bool
  /// Which targets those are, in words.
  var expectedTargets: String { get }
}

extension ValueLoss {
  func isDefined(for target: Double) -> Bool { true }
  var expectedTargets: String { "numbers" }

  public func check(output: Shape, targets: Targets?) throws(ShapeError) {
    switch targets {
    case nil: return
    case .classes:
      throw ShapeError("\(id) takes \(expectedTargets) as targets, got classes")
    case .values(let values, let perExample):
      guard perExample == output.count else {
        throw ShapeError(
          "the data have \(perExample) targets an example, but the output is \(output)")
      }
      if let target = values.first(where: { !isDefined(for: $0) }) {
        throw ShapeError("\(id) takes \(expectedTargets) as targets, got \(target)")
      }
    }
  }
}

/// A loss that is a sum over the outputs: E_n = c · Σ_k f(y_k, t_k).
protocol ElementwiseLoss: ValueLoss {
  /// What the sum over so many outputs is multiplied by, c.
  func factor(outputs: Int) -> Double
  /// The parameter of f, where it has one.
  var parameter: Double { get }
  /// f and its derivative.
  func kernels<S>(_ table: LossKernels<S>) -> LossKernels<S>.Elementwise
  /// The mean of f(y, t) over the targets of one output for the best constant y.
  func constantLoss(ofOne targets: [Double]) -> Double
}

extension ElementwiseLoss {
  func factor(outputs: Int) -> Double { 1 / Double(max(outputs, 1)) }
  var parameter: Double { 0 }

  public func constantLoss(of targets: Targets, outputs: Int) -> Double {
    guard case .values(let values, let size) = targets, !values.isEmpty else { return 0 }
    return (0..<size).reduce(0) { sum, k in
      let column = stride(from: k, to: values.count, by: size).map { values[$0] }
      return sum + factor(outputs: size) * constantLoss(ofOne: column)
    }
  }

  public func forward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, errors: TensorView<S>
  ) {
    output.expectSameCount(targets.values, in: "loss")
    let columns = output.count / max(errors.count, 1)
    kernels(S.kernels.losses).forward(
      errors.count, columns, S(factor(outputs: columns)), S(parameter), output.pointer,
      targets.values.pointer, errors.pointer)
  }

  public func backward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, divisor: S, delta: TensorView<S>
  ) {
    output.expectSameCount(targets.values, in: "loss")
    delta.expectSameCount(output, in: "loss")
    let columns = output.count / max(output.shape[0], 1)
    kernels(S.kernels.losses).backward(
      output.count, S(factor(outputs: columns)) / divisor, S(parameter), output.pointer,
      targets.values.pointer, delta.pointer)
  }
}

extension [Double] {
  var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }
}
