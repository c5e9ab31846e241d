/// A parameter that starts from values which are known: somebody's trained weights.
struct GivenValues: Initializer {
  let numbers: [Double]

  func values(for shape: Shape, fans: Fans, from source: inout RandomSource) -> [Double] { numbers }
}

extension NeuralNetwork {
  /// This network with the parameters at these indices starting from such values instead of drawn ones.
  ///
  /// Traps if a parameter is given another number of values than it holds.
  package func starting(from values: [Int: [Double]]) -> NeuralNetwork {
    var network = self
    for (index, numbers) in values {
      precondition(
        numbers.count == parameters[index].shape.count,
        "expected \(parameters[index].shape) values of \(parameters[index].name), got \(numbers.count)"
      )
      network.parameters[index].initializer = GivenValues(numbers: numbers)
    }
    return network
  }
}
