import Backpropagation

/// Whether uᵀHv = vᵀHu: what isn't so is the derivative of nothing.
///
/// A gradient of which a part is wrong, by a factor or a missing term, is no longer the gradient of any function, and its
/// differences no longer make a symmetric matrix. That is seen without the error itself.
public struct HessianSymmetry: Sendable, Equatable, Codable {
  /// What was found for one pair of random vectors.
  public struct Pair: Sendable, Equatable, Codable {
    /// UᵀHv and vᵀHu.
    public var forth: Double, back: Double
    /// √Σ(u_i (Hv)_i)²: the size of the terms that either is a sum of.
    public var size: Double
    /// The error of either product.
    public var floor: Double

    /// What the pair says: too far apart, too noisy to tell, or equal.
    public var verdict: CheckVerdict {
      if forth == back { return .pass }
      let difference = abs(forth - back)
      if !difference.isFinite { return .unverifiable }
      if difference > HessianSymmetry.tolerance * size + floor { return .fail }
      return size < 10 * floor ? .unverifiable : .pass
    }
  }

  /// One result a pair.
  public var pairs: [Pair]

  /// How many pairs of vectors are tried.
  static let count = 3
  /// The difference that is allowed beside the error of the products, as a share of their terms.
  static let tolerance = 1e-6

  /// The largest difference, as a share of the size of the terms.
  public var relativeError: Double {
    pairs.reduce(0) { $1.size > 0 ? max($0, abs($1.forth - $1.back) / $1.size) : $0 }
  }

  /// Fail if a pair fails, else unverifiable if no pair can tell.
  public var verdict: CheckVerdict {
    if pairs.contains(where: { $0.verdict == .fail }) { return .fail }
    return pairs.contains { $0.verdict == .pass } ? .pass : .unverifiable
  }
}

extension HessianSymmetry {
  /// Tries the products of a Hessian of `count` rows.
  public init(of product: HessianProduct, count: Int, seed: UInt64 = 1) {
    var source = RandomSource(seed: seed, stream: "symmetry")
    pairs = (0..<Self.count).map { _ in
      let u = Sampling.direction(count: count, from: &source)
      let v = Sampling.direction(count: count, from: &source)
      let hu = product(u), hv = product(v)
      let terms = zip(u, hv.values).map { $0 * $1 }, others = zip(v, hu.values).map { $0 * $1 }
      // The errors have no reason to lie along u or v, whose entries are of size one.
      return Pair(
        forth: dot(u, hv.values), back: dot(v, hu.values),
        size: max(terms.rootOfSquares, others.rootOfSquares),
        floor: 4 * ((hu.error ?? 0) + (hv.error ?? 0)))
    }
  }
}
