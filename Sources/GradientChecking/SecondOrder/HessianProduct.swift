/// Products of the Hessian H = d²E/dw² with vectors, from differences of gradients: Hv ≈ (g(w + hv) − g(w − hv)) / 2h.
///
/// Large steps bring in curvature of higher order and kinks, small ones rounding. So a sweep falls by a factor of 4 from
/// step to step, and the one is taken at which the product changes least; by how much is its error.
public struct HessianProduct {
  /// A product, and how well it is known.
  public struct Value: Sendable {
    /// Hv.
    public var values: [Double]
    /// The length of the error of Hv, estimated; nil where one step alone was taken.
    public var error: Double?
    /// The step that was taken, as a length in the space of all weights.
    public var step: Double
  }

  private let point: [Double]
  private let gradient: ([Double]) -> [Double]
  private let scale: Double

  /// The ratio of a step to the next, the first step as a share of the point's length, and how many there are.
  private static let ratio = 4.0, first = 0x1p-6, steps = 9

  /// Creates the products at `point` of the function with this `gradient`.
  public init(at point: [Double], gradient: @escaping ([Double]) -> [Double]) {
    self.point = point
    self.gradient = gradient
    let length = point.rootOfSquares
    scale = length > 0 && length.isFinite ? length : 1
  }

  /// Hv, at the best of several steps.
  public func callAsFunction(_ direction: [Double]) -> Value {
    let length = direction.rootOfSquares
    guard length > 0 else { return Value(values: direction, error: 0, step: 0) }
    var step = Self.first * scale
    var earlier = difference(direction, length: length, step: step)
    var best = Value(values: earlier, error: .infinity, step: step)
    for _ in 1..<Self.steps {
      step /= Self.ratio
      let product = difference(direction, length: length, step: step)
      let error = zip(product, earlier).map { $0 - $1 }.rootOfSquares
      if error < best.error ?? .infinity {
        best = Value(values: product, error: error, step: step)
      }
      earlier = product
    }
    return best
  }

  /// Hv, at a step that is known to be good.
  public func callAsFunction(_ direction: [Double], step: Double) -> Value {
    let length = direction.rootOfSquares
    guard length > 0, step > 0 else { return Value(values: direction, step: step) }
    return Value(values: difference(direction, length: length, step: step), step: step)
  }

  private func difference(_ direction: [Double], length: Double, step: Double) -> [Double] {
    let share = step / length
    let above = gradient(zip(point, direction).map { $0 + share * $1 })
    let below = gradient(zip(point, direction).map { $0 - share * $1 })
    return zip(above, below).map { ($0 - $1) / (2 * share) }
  }
}

/// Σ a_i b_i.
func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
