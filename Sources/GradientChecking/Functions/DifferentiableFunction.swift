public import Backpropagation

/// A function that somebody wrote together with its gradient.
///
/// ```swift
/// struct Rosenbrock: DifferentiableFunction {
///   func value(at x: NamedArrays<Double>) -> Double {
///     let rest = 1 - x[0], bend = x[1] - x[0] * x[0]
///     return rest * rest + 100 * bend * bend
///   }
///
///   func gradient(at x: NamedArrays<Double>) -> NamedArrays<Double> {
///     let rest = 1 - x[0], bend = x[1] - x[0] * x[0]
///     return [-2 * rest - 400 * x[0] * bend, 200 * bend]
///   }
/// }
///
/// try checkGradients(of: Rosenbrock(), at: [-1.2, 1])
/// ```
public protocol DifferentiableFunction {
  /// The value at a point.
  func value(at point: NamedArrays<Double>) throws -> Double

  /// The derivative of the value by each number of the point, in arrays of the same names.
  func gradient(at point: NamedArrays<Double>) throws -> NamedArrays<Double>
}

/// A function whose value is written once for every type of number, so that dual numbers can be asked too: they know the
/// exact derivative, however small it is.
///
/// The one generic method is also the value in `Double`; such numbers have `Scalar.exp(x)`, `log`, `sqrt`, `tanh` and
/// `sigmoid`.
public protocol GenericDifferentiableFunction: DifferentiableFunction {
  /// The value at a point.
  func value<Scalar: TensorScalar>(at point: NamedArrays<Scalar>) throws -> Scalar
}

/// Why a function's gradient can't be checked.
public struct FunctionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was found and what was expected, as one sentence without a full stop.
  public var message: String
  public var description: String { message }

  init(_ message: String) { self.message = message }
}
