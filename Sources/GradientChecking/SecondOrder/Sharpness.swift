import Backpropagation

/// The top curvature of the error, λ_max of H = d²E/dw², by Lanczos' method.
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
  /// λ after each product.
  public var history: [Double]
  /// The eigenvalue of largest magnitude, where that is a negative one.
  public var mostNegative: Double?

  /// The residual that ends the iteration, as a share of λ.
  static let tolerance = 0.01
  /// The most products.
  static let limit = 100

  /// The learning rate up to which plain gradient descent is stable, 2/λ_max; nil where nothing is curved upward.
  public var stableBelow: Double? { value > 0 ? 2 / value : nil }

  /// Iterates on the Hessian of `count` rows.
  ///
  /// Each product adds a row to a tridiagonal matrix T = VᵀHV, whose extreme eigenvalues close in on those of H from
  /// within, much faster than power iteration does and on both ends at once (Lanczos, 1950). The vectors before the last two
  /// are not kept: without them T takes in some eigenvalues twice, which does the extremes no harm (Paige, 1976).
  public init(of product: HessianProduct, count: Int, seed: UInt64 = 1) {
    value = 0
    residual = 0
    iterations = 0
    hasConverged = count == 0
    history = []
    var source = RandomSource(seed: seed, stream: "sharpness")
    let start = (0..<count).map { _ in source.normal() }
    // The step is chosen once, along the start, and holds for directions as random as that.
    let step = product(start).step
    var matrix = Tridiagonal(), joint = 0.0
    var last = start.map { _ in 0.0 }, vector = start.normalized
    while !hasConverged, iterations < Self.limit {
      var image = product(vector, step: step).values
      let along = dot(vector, image)
      for row in image.indices { image[row] -= along * vector[row] + joint * last[row] }
      guard along.isFinite else { break }
      matrix.append(along, beside: joint)
      joint = image.rootOfSquares
      iterations += 1
      value = matrix.largest
      history.append(value)
      residual = joint * abs(matrix.lastComponent(ofEigenvector: value))
      hasConverged = residual <= Self.tolerance * abs(value)
      // Without a rest, no direction is left that H leads to.
      guard joint > 0 else { break }
      (last, vector) = (vector, image.normalized)
    }
    guard iterations > 0 else { return }
    let smallest = matrix.smallest
    let rest = joint * abs(matrix.lastComponent(ofEigenvector: smallest))
    if -smallest > abs(value), rest <= Self.tolerance * -smallest { mostNegative = smallest }
  }
}

extension [Double] {
  /// The vector at length 1; zero stays zero.
  fileprivate var normalized: [Double] {
    let length = rootOfSquares
    return length > 0 ? map { $0 / length } : self
  }
}
