/// The same bias in all units of a gate.
struct GateBiases: Initializer {
  /// Each gate's.
  let biases: [Double]

  func values(for shape: Shape, fans: Fans, from source: inout RandomSource) -> [Double] {
    let units = shape.count / biases.count
    return biases.flatMap { [Double](repeating: $0, count: units) }
  }
}
