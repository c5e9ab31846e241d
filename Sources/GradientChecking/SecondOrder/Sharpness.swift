import Backpropagation

/// The top curvature of the error, λ_max of H = d²E/dw², by power iteration.
///
/// Gradient descent with a learning rate above 2/λ_max climbs along the direction of that curvature instead of descending.
public struct Sharpness: Sendable, Equatable, Codable {
  /// The largest eigenvalue, λ_max; where that has not converged, a number that it is not below.
  public var value: Double
  /// ‖Hv − λv‖ of the unit vector found: an eigenvalue lies no further than this from λ.
  public var residual: Double
  /// The products that it took.
  public var iterations: Int
  /// Whether the residual fell to a hundredth of λ.
  public var hasConverged: Bool
  /// vᵀHv after each product.
  public var history: [Double]
  /// The eigenvalue of largest magnitude, where that is a negative one.
  public var mostNegative: Double?

  /// The residual that ends the iteration, as a share of λ.
  static let tolerance = 0.01
  /// The most products for one eigenvalue.
  static let limit = 100

  /// The learning rate up to which plain gradient descent is stable, 2/λ_max; nil where nothing is curved upward.
  public var stableBelow: Double? { value > 0 ? 2 / value : nil }

  /// Iterates on the Hessian of `count` rows.
  ///
  /// Power iteration finds the eigenvalue of largest magnitude. If that is negative, or one of either sign keeps it from
  /// settling, a second one on H + |λ|, none of whose eigenvalues is below zero, finds the largest.
  public init(of product: HessianProduct, count: Int, seed: UInt64 = 1) {
    var source = RandomSource(seed: seed, stream: "sharpness")
    let start = (0..<count).map { _ in source.normal() }
    // The step is chosen once, along the start, and holds for directions as random as that.
    let step = product(start).step
    func iterate(minus shift: Double) -> Sharpness {
      Sharpness(from: start, shiftedBy: shift) { vector in
        let values = product(vector, step: step).values
        return zip(values, vector).map { $0 - shift * $1 }
      }
    }
    self = iterate(minus: 0)
    guard value < 0 || !hasConverged else { return }
    let first = self
    // Hv = λv + r with r at a right angle to v: its length is what the largest magnitude comes to.
    let shift = -(first.value * first.value + first.residual * first.residual).squareRoot()
    self = iterate(minus: shift)
    iterations += first.iterations
    if first.hasConverged { mostNegative = first.value }
  }

  /// Iterates on a matrix whose eigenvalues are those sought, less the shift.
  private init(
    from start: [Double], shiftedBy shift: Double, product: ([Double]) -> [Double]
  ) {
    value = 0
    residual = 0
    iterations = 0
    hasConverged = start.isEmpty
    history = []
    var vector = start.normalized
    while !hasConverged, iterations < Self.limit {
      let image = product(vector)
      iterations += 1
      let quotient = dot(vector, image)
      value = quotient + shift
      residual = zip(image, vector).map { $0 - quotient * $1 }.rootOfSquares
      history.append(value)
      hasConverged = residual <= Self.tolerance * abs(value)
      // A matrix of zeros sends the vector nowhere.
      guard image.rootOfSquares > 0, image.rootOfSquares.isFinite else { break }
      vector = image.normalized
    }
  }
}

extension [Double] {
  /// The vector at length 1; zero stays zero.
  fileprivate var normalized: [Double] {
    let length = rootOfSquares
    return length > 0 ? map { $0 / length } : self
  }
}
