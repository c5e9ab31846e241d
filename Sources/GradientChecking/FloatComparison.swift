/// The gradient in Float, which trains, beside the one in Double, which is checked.
public struct FloatComparison: Sendable, Equatable, Codable {
  /// ‖float − double‖₂ / ‖double‖₂ of the parameter in which they differ most.
  public var relativeError: Double
  /// That parameter.
  public var tensor: String
  /// How many parameters were compared.
  public var tensors: Int

  /// The relative error that rounding explains: some thousand times Float's last digit.
  public static let tolerance: Double = 1e-3

  /// Whether what trains is what was checked.
  public var agrees: Bool { relativeError <= Self.tolerance }
}

extension FloatComparison {
  /// Compares the gradients of parameters in either precision, each under its name; nil where there are none.
  init?(_ parameters: [(name: String, variable: Variable)]) {
    let errors = parameters.map { _, variable in
      // What is left of a gradient that is zero, such as that of a bias which the next layer takes away again, is the
      // rounding of the gradients beside it.
      let size = max(variable.gradientRMS, Self.tolerance * variable.largestRMS)
      let float = variable.floatGradient?.value ?? []
      let difference = zip(float, variable.gradient).map { $0 - $1 }.rms
      return difference == 0 ? 0 : difference / size
    }
    guard let worst = errors.indices.max(by: { errors[$0] < errors[$1] }) else { return nil }
    relativeError = errors[worst].isNaN ? .infinity : errors[worst]
    tensor = parameters[worst].name
    tensors = parameters.count
  }
}
