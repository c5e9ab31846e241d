import Backpropagation
import Testing

@testable import GradientChecking

/// One entry among up to a million that is wrong, by a millionth of the others' size and more: found, and called by its index.
struct EntrySelftestTests {
  private func expectAllFound(_ test: EntrySelftest) {
    #expect(test.faults.isEmpty, "\(test.faults)")
    let wrong = test.trials.filter { !$0.isCaught || !$0.isLocated || !$0.isNamed }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    #expect(test.hasPassed)
  }

  @Test(arguments: [10, 1_000], [1, 2, 3] as [UInt64])
  func oneEntryOfASmallTensorIsFoundAtEveryMagnitude(size: Int, seed: UInt64) {
    let test = EntrySelftest(seed: seed, sizes: [size])
    expectAllFound(test)
    #expect(test.trials.count == 3 * 4 * Selftest.scales.count)
  }

  @Test(arguments: [1e-12, 1, 1e6])
  func oneEntryAmongAHundredThousandIsFound(scale: Double) {
    expectAllFound(
      EntrySelftest(sizes: [100_000], scales: [scale], mistakes: [.off(1e-6), .zeroed]))
  }

  @Test func oneEntryAmongAMillionIsFound() {
    expectAllFound(
      EntrySelftest(
        sizes: [1_000_000], scales: [1], mistakes: [.off(1e-6)], method: .dual))
  }

  /// The planting changes the one entry that it says.
  @Test func theRestOfTheGradientIsRight() throws {
    let subject = try #require(EntrySubject.subjects(of: 1_000).first)
    let right = try #require(try subject.weight(scale: 1, method: .dual, seed: 1))
    let wrong = try #require(
      try subject.weight(.off(1e-6), at: 777, scale: 1, method: .dual, seed: 1))
    #expect(wrong.index(of: 777) == [19, 17])
    for place in right.gradient.indices {
      let difference = wrong.gradient[place] - right.gradient[place]
      #expect(abs(difference - (place == 777 ? 1e-6 * right.gradientRMS : 0)) < 1e-12)
    }
  }
}
