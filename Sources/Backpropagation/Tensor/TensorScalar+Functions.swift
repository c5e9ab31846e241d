// The elementary functions of single numbers, for functions written once for every type of number. They are members of the
// type, as `S.exp(x)`: beside those of the system and of tensors, free functions would be looked up for seconds.

extension TensorScalar {
  /// 1/(1 + e^−x).
  public static func sigmoid(_ x: Self) -> Self { map(x, kernels.sigmoid) }

  /// The hyperbolic tangent.
  public static func tanh(_ x: Self) -> Self { map(x, kernels.tanh) }

  /// The exponential e^x.
  public static func exp(_ x: Self) -> Self { map(x, kernels.exp) }

  /// The natural logarithm.
  public static func log(_ x: Self) -> Self { map(x, kernels.log) }

  /// The square root.
  public static func sqrt(_ x: Self) -> Self { map(x, kernels.squareRoot) }

  private static func map(_ x: Self, _ kernel: Kernels<Self>.Map) -> Self {
    var result: Self = 0
    withUnsafePointer(to: x) { kernel(1, $0, &result) }
    return result
  }
}
