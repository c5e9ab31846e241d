import Testing

@testable import GradientReport

struct PooledRMSTests {
  private func pool(_ parts: [(Double?, Double)]) -> Double? {
    var pool = PooledRMS()
    for (rms, count) in parts { pool.add(rms, count: count) }
    return pool.rms
  }

  @Test func itIsThatOverAllElements() throws {
    #expect(pool([(3, 1), (4, 1)]) == 12.5.squareRoot())
    let rms = try #require(pool([(1, 2), (2, 6), (nil, 9), (0.5, 2)]))
    #expect(abs(rms - (26.5 / 10).squareRoot()) < 1e-15)
    #expect(pool([(0.3, 7)]) == 0.3)
  }

  /// Numbers whose squares are zero or infinite.
  @Test(arguments: [1e-300, 1e300])
  func sizeIsNoMatter(size: Double) throws {
    let rms = try #require(pool([(size, 1), (3 * size, 1)]))
    #expect(abs(rms / size - 5.0.squareRoot()) < 1e-12)
  }

  @Test func whatIsMissingIsToldFromZeroAndNaN() throws {
    #expect(pool([]) == nil)
    #expect(pool([(nil, 3), (1, 0)]) == nil)
    #expect(pool([(0, 3), (0, 2)]) == 0)
    #expect(try #require(pool([(1, 3), (.nan, 2)])).isNaN)
  }
}
