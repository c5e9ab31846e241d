import Foundation
import GradientHealth
import GradientTesting
import Testing

/// Assertions that run side by side in one process share nothing.
struct ParallelTests {
  /// What an assertion finds: of a healthy model, and of one whose gradient vanishes, at a learning rate of its own.
  private static func diagnosis(_ number: Int) throws -> Diagnosis {
    let isHealthy = number.isMultiple(of: 2)
    let trainer = try isHealthy ? Subjects.healthy(seed: UInt64(number)) : Subjects.vanishing()
    return try expectHealthyGradients(training: trainer, on: Subjects.digits(), steps: 100)
  }

  @Test func twentyAtOnceFindWhatOneAloneFinds() async throws {
    let (together, recorded) = try await RecordedIssues.during {
      try await withThrowingTaskGroup(of: (Int, Diagnosis).self) { group in
        for number in 0..<20 { group.addTask { (number, try Self.diagnosis(number)) } }
        var found: [Int: Diagnosis] = [:]
        for try await (number, diagnosis) in group { found[number] = diagnosis }
        return found
      }
    }
    let failed = recorded.issues.map(\.text)
    #expect(failed.count == 10)
    for text in failed { #expect(text.hasPrefix("vanishing-gradient (error) in dense-1, ")) }
    let reports = Set(failed.compactMap { $0.split(separator: "\n").last })
    #expect(reports.count == 10, "each has a report of its own")

    for number in 0..<20 {
      let alone = try await RecordedIssues.during { try Self.diagnosis(number) }.value
      #expect(together[number]?.findings == alone.findings)
      #expect(together[number]?.verdict == (number.isMultiple(of: 2) ? .healthy : .error))
    }
  }
}
