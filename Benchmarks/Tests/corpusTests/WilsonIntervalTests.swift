import Testing

@testable import corpus

@Suite struct WilsonIntervalTests {
  /// Values of Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  @Test(arguments: [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)])
  func matchesPublishedValues(_ hits: Int, _ count: Int, _ low: Double, _ high: Double) {
    let bounds = WilsonInterval(hits: hits, count: count).bounds
    #expect(abs(bounds.lowerBound - low) < 5e-5)
    #expect(abs(bounds.upperBound - high) < 5e-5)
  }

  @Test func saysNothingOfNoRuns() {
    #expect(WilsonInterval(hits: 0, count: 0).description == "–")
    #expect(WilsonInterval(hits: 19, count: 20).description == "19/20, 95.0 % (76.4–99.1)")
  }
}
