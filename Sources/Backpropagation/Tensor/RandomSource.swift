import Foundation

/// A seeded source of random numbers that gives the same sequence on every machine.
///
/// xoshiro256** (Blackman and Vigna, 2018), its state filled by SplitMix64. Independent streams for independent uses come
/// from ``init(seed:stream:)``, so that drawing more in one place changes nothing in another.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spareNormal: Double?

  /// Creates the source for `seed`; `stream` names what it serves: `"shuffling"`, `"dense-1/weight"`.
  public init(seed: UInt64, stream: String = "") {
    // FNV-1a folds the name into the seed, whose bits are spread first: next to each other, seeds and names would meet.
    var mixed: UInt64 = 0xcbf2_9ce4_8422_2325 ^ (seed &* 0x9e37_79b9_7f4a_7c15)
    for byte in stream.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01b3 }
    func splitMix() -> UInt64 {
      mixed &+= 0x9e37_79b9_7f4a_7c15
      var z = mixed
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    state = (splitMix(), splitMix(), splitMix(), splitMix())
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    func rotated(_ x: UInt64, by k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotated(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, by: 45)
    return result
  }

  /// A number from the uniform distribution on [0, 1).
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number from the uniform distribution on [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// A number from the normal distribution with mean 0 and standard deviation 1 (Marsaglia's polar method).
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let u = uniform(-1, 1), v = uniform(-1, 1)
      let s = u * u + v * v
      guard s > 0, s < 1 else { continue }
      let factor = (-2 * log(s) / s).squareRoot()
      spareNormal = v * factor
      return u * factor
    }
  }

  /// A whole number below `bound`, each equally likely (Lemire, 2019).
  public mutating func below(_ bound: Int) -> Int {
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Shuffles `elements` (Fisher and Yates), in the same way on every machine and with every Swift version.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, below(last + 1))
    }
  }
}
