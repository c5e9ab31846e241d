import Testing

@testable import Backpropagation

struct RandomSourceTests {
  /// The numbers of an implementation of FNV-1a, SplitMix64 and xoshiro256** in Python, from their publications.
  @Test func theSequenceIsFixed() {
    var plain = RandomSource(seed: 1)
    #expect(
      (0..<3).map { _ in plain.next() } == [
        0x476a_ebe6_e6c6_4b8b, 0xd72d_c515_e85c_31f0, 0x9d97_87d0_a25d_e0ff,
      ])
    var named = RandomSource(seed: 7, stream: "shuffling")
    #expect(
      (0..<3).map { _ in named.next() } == [
        0xa35f_4d89_658b_1565, 0x1471_8cd7_51f1_1249, 0x1b1d_d761_022a_eb19,
      ])
  }

  @Test func streamsAndSeedsDiffer() {
    let sources = [("", 1), ("a", 1), ("b", 1), ("", 2), ("dense-1/weight", 1)].map {
      stream, seed in
      RandomSource(seed: UInt64(seed), stream: stream)
    }
    let first = sources.map { source in
      var source = source
      return source.next()
    }
    #expect(Set(first).count == 5)
  }

  /// Were the seed folded in as it is, seed 1 with "b" would be seed 2 with "a".
  @Test func neighboringSeedsAndStreamsDoNotMeet() {
    var seen = Set<UInt64>()
    for seed in 0..<16 as Range<UInt64> {
      for letter in "abcdefghijklmnop" {
        var source = RandomSource(seed: seed, stream: String(letter))
        seen.insert(source.next())
      }
    }
    #expect(seen.count == 256)
  }

  @Test func uniformNumbersFillTheirRange() {
    var source = RandomSource(seed: 1)
    let values = (0..<100_000).map { _ in source.uniform(-2, 6) }
    #expect(values.allSatisfy { (-2..<6).contains($0) })
    let mean = values.reduce(0, +) / 1e5
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1e5
    #expect(abs(mean - 2) < 0.03)
    #expect(abs(variance - 64.0 / 12) < 0.05)
  }

  @Test func normalNumbersHaveTheMomentsOfANormalDistribution() {
    var source = RandomSource(seed: 1)
    let values = (0..<200_000).map { _ in source.normal() }
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, value in
        sum + (0..<power).reduce(1.0) { product, _ in product * value }
      } / Double(values.count)
    }
    #expect(abs(moment(1)) < 0.01)
    #expect(abs(moment(2) - 1) < 0.015)
    #expect(abs(moment(3)) < 0.04)
    #expect(abs(moment(4) - 3) < 0.1)
  }

  @Test func wholeNumbersAreEquallyLikely() {
    var source = RandomSource(seed: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[source.below(7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
    #expect((0..<10).allSatisfy { _ in source.below(1) == 0 })
  }

  @Test func everyOrderIsEquallyLikely() {
    var source = RandomSource(seed: 1)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      var elements = [0, 1, 2, 3]
      source.shuffle(&elements)
      counts[elements, default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(counts.values.allSatisfy { abs($0 - 1_000) < 160 })
  }
}
