import Testing

@testable import corpus

@Suite struct HalfTests {
  /// FNV-1a of "a" is af63dc4c8601ec8c, of "foobar" 85944171f73967e8: bit 32 is 0 in the one, 1 in the other.
  @Test func followsTheHashOfTheName() {
    #expect(Half(ofFamily: "a") == .tune)
    #expect(Half(ofFamily: "foobar") == .report)
  }

  @Test func bothHalvesHoldFaultsAndHealth() {
    for half in Half.allCases {
      let families = FamilyCatalog.all.filter { $0.half == half }
      #expect(families.count { $0.fault == nil } >= 20)
      #expect(families.count { $0.fault != nil } >= 20)
    }
  }
}
