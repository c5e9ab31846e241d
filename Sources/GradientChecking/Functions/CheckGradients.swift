public import Backpropagation

/// A gradient that didn't pass its check; its description is the check's text.
public struct GradientCheckFailure: Error, CustomStringConvertible {
  /// What was found.
  public let check: GradientCheck
  public var description: String { "the gradients are \(check.verdict.adjective)\n\(check)" }
}

extension CheckVerdict {
  fileprivate var adjective: String {
    switch self {
    case .pass: "right"
    case .fail: "wrong"
    case .unverifiable: "not verifiable"
    }
  }
}

extension GradientCheck {
  /// Throws unless the verdict is pass: the last line of a test.
  ///
  /// - Throws: A ``GradientCheckFailure``.
  public func requirePass() throws(GradientCheckFailure) {
    guard verdict == .pass else { throw GradientCheckFailure(check: self) }
  }
}

/// Checks the gradient of a function of one's own; in a test, the one line that fails it if the gradient is wrong.
///
/// ```swift
/// @Test func gradientIsRight() throws {
///   try checkGradients(of: Regression(), at: ["weight": [0.3, -0.2], "bias": [0.1]])
/// }
/// ```
/// - Throws: A ``GradientCheckFailure`` unless the check passes; what the function throws; a ``FunctionError`` if it has no
///   value at the point or a gradient of other names or sizes.
@discardableResult
public func checkGradients(
  of function: some DifferentiableFunction, at point: NamedArrays<Double>, examples: Int = 1,
  method: CheckMethod = .automatic, seed: UInt64 = 1
) throws -> GradientCheck {
  let check = try GradientCheck(
    of: function, at: point, examples: examples, method: method, seed: seed)
  try check.requirePass()
  return check
}

/// Checks the gradient of a function of one array, both given as closures.
///
/// ```swift
/// try checkGradients(at: [3]) { x in x[0] * x[0] } gradient: { x in [2 * x[0]] }
/// ```
/// - Throws: A ``GradientCheckFailure`` unless the check passes; what the closures throw; a ``FunctionError`` if there is
///   no value at the point or if the gradient has another size.
@discardableResult
public func checkGradients(
  at point: [Double], seed: UInt64 = 1, value: @escaping ([Double]) throws -> Double,
  gradient: @escaping ([Double]) throws -> [Double]
) throws -> GradientCheck {
  try checkGradients(
    of: ClosureFunction(value: value, gradient: gradient), at: NamedArrays(point), seed: seed)
}
