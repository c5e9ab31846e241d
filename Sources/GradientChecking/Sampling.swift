import Backpropagation

/// Which entries of a tensor are checked one by one: all up to 1,000, else 200 of every kind.
///
/// Where each entry costs several passes over a large layer, all up to 200: the others are asked along random directions,
/// as those of every sampled tensor are.
enum Sampling {
  /// The tensors that are checked entry by entry have at most so many.
  static let most = 1_000
  /// The numbers that a function may read in one evaluation, above which only a sample of its entries is affordable.
  static let costly = 1 << 17
  /// The entries that are checked of larger ones.
  static let sample = 200

  /// The places to check: of a large tensor the largest magnitudes, the smallest that aren't zero, exact zeros, and the
  /// rest at random; values that aren't numbers come first.
  static func places(
    of gradient: [Double], costing numbers: Int = 0, from source: inout RandomSource
  ) -> [Int] {
    guard gradient.count > (numbers > costly ? sample : most) else {
      return Array(gradient.indices)
    }
    let quarter = sample / 4
    func isSmaller(_ a: Int, _ b: Int) -> Bool { abs(gradient[a]) < abs(gradient[b]) }
    let sized = gradient.indices.lazy.filter { gradient[$0] != 0 && gradient[$0].isFinite }
    var zeros = gradient.indices.filter { gradient[$0] == 0 }
    source.shuffle(&zeros)
    var chosen = Set(gradient.indices.filter { !gradient[$0].isFinite }.prefix(quarter))
    chosen.formUnion(sized.least(quarter) { isSmaller($1, $0) })
    chosen.formUnion(sized.least(quarter, by: isSmaller))
    chosen.formUnion(zeros.prefix(quarter))
    while chosen.count < sample { chosen.insert(source.below(gradient.count)) }
    return chosen.sorted()
  }

  /// A random direction: each entry a sign times a uniform number from 0.5 to 1.5.
  ///
  /// Pure signs would let two entries that are wrong by the same amount cancel each other half of the time.
  static func direction(count: Int, from source: inout RandomSource) -> [Double] {
    (0..<count).map { _ in
      let size = source.uniform(0.5, 1.5)
      return source.next() & 1 == 0 ? size : -size
    }
  }
}
