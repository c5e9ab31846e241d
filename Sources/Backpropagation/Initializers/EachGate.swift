/// The weights of a hidden state with several gates, each of which is square and starts by itself.
///
/// Drawn as one matrix, orthonormal columns would run through all gates, and no gate would keep a vector's length.
struct EachGate: Initializer {
  /// How one gate's weights start.
  let base: any Initializer

  func values(for shape: Shape, fans: Fans, from source: inout RandomSource) -> [Double] {
    let units = shape[1], gate: Shape = [units, units]
    return (0..<shape[0] / units).flatMap { _ in
      base.values(for: gate, fans: fans, from: &source)
    }
  }
}
