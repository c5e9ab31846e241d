import Backpropagation

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
  /// Runs one forward and backward pass in either precision; nil for a network without trained parameters.
  ///
  /// - Throws: A ``NetworkError`` if the data don't fit the network.
  init?(_ network: NeuralNetwork, on data: Dataset, seed: UInt64) throws(NetworkError) {
    let double = try SinglePass(network, on: data, seed: seed, precision: .double).gradients
    let float = try SinglePass(network, on: data, seed: seed, precision: .float).gradients
    let layers = double.map { $0.name.split(separator: "/").dropLast().joined(separator: "/") }
    let norms = double.map { $0.values.scalars.rootOfSquares }
    // What is left of a gradient that is zero, such as that of a bias which the next layer takes away again, is the
    // rounding of the gradients beside it.
    let errors = double.indices.map { index in
      let beside = layers.indices.filter { layers[$0] == layers[index] }.map { norms[$0] }
      let size = max(norms[index], Self.tolerance * (beside.max() ?? 0))
      let difference = zip(float[index].values.scalars, double[index].values.scalars)
        .map { $0 - $1 }.rootOfSquares
      return difference == 0 ? 0 : difference / size
    }
    guard let worst = errors.indices.max(by: { errors[$0] < errors[$1] }) else { return nil }
    relativeError = errors[worst].isNaN ? .infinity : errors[worst]
    tensor = double[worst].name
    tensors = double.count
  }
}
