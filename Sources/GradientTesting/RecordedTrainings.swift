public import GradientHealth
import Synchronization
public import Testing

/// The trainings of the running test, recorded in memory by the trait ``Testing/Trait/recordsTraining(expectingHealth:fileID:filePath:line:column:)``.
public final class RecordedTrainings: Sendable {
  /// Those of the running test; nil without the trait.
  @TaskLocal public static var current: RecordedTrainings?

  private let runs = Mutex<[Trace]>([])

  /// The trainings that have ended, in the order in which they did.
  public var traces: [Trace] { runs.withLock { $0 } }

  /// Watches a training.
  func observer() -> any TrainingObserver {
    let memory = RunMemory()
    return memory.recording(end: { [self] in
      let trace = memory.trace
      runs.withLock { $0.append(trace) }
    })
  }
}

/// Records what a test trains; see ``Testing/Trait/recordsTraining(expectingHealth:fileID:filePath:line:column:)``.
public struct RecordsTraining: TestTrait, SuiteTrait, TestScoping {
  let policy: HealthPolicy?
  let location: TestLocation

  public var isRecursive: Bool { true }

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let trainings = RecordedTrainings()
    try await RecordedTrainings.$current.withValue(trainings) {
      try await AmbientObserver.$make.withValue({ trainings.observer() }) { try await function() }
    }
    guard let policy else { return }
    for trace in trainings.traces {
      _ = try expectHealth(of: trace, policy: policy, at: location)
    }
  }
}

extension Trait where Self == RecordsTraining {
  /// Records every training of a test that isn't recorded otherwise, and expects it to be healthy.
  ///
  /// ```swift
  /// @Test(.recordsTraining()) func learns() throws {
  ///   let result = try trainer.train(on: digits, for: .steps(200))
  ///   #expect(result.part("validation")?.accuracy ?? 0 > 0.9)
  /// }
  /// ```
  /// The recorded runs are in ``RecordedTrainings/current``. A training of a detached task is not seen.
  ///
  /// `policy`: by which thresholds they are judged when the test ends; nil to record only.
  ///
  /// - Returns: The trait.
  public static func recordsTraining(
    expectingHealth policy: HealthPolicy? = .standard, fileID: StaticString = #fileID,
    filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
  ) -> Self {
    RecordsTraining(
      policy: policy,
      location: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
  }
}
