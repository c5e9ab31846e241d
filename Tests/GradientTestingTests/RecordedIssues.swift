import Synchronization
import Testing

@testable import GradientTesting

/// What expectations record of a test: that they fail is expected here, so it fails nothing and is printed nowhere.
struct RecordedIssues: Sendable {
  struct Issue: Sendable {
    var text: String
    var line: Int?
  }

  /// The issues, in the order in which they were recorded.
  var issues: [Issue] = []
  /// The names of the files that were attached.
  var attachments: [String] = []

  /// Runs `body` and gives what it returns, with all that was recorded on the way.
  static func during<Value: Sendable>(
    _ body: @Sendable () async throws -> Value
  ) async throws -> (value: Value, recorded: RecordedIssues) {
    let recorded = Mutex(RecordedIssues())
    let value = Mutex<Value?>(nil)
    let handler = IssueHandlingTrait.compactMapIssues { issue in
      let text = issue.comments.map(\.rawValue).joined(separator: "\n")
      recorded.withLock { $0.issues.append(Issue(text: text, line: issue.sourceLocation?.line)) }
      return nil
    }
    try await handler.provideScope(for: #require(Test.current), testCase: Test.Case.current) {
      try await TestLocation.$attaching.withValue({ _, name in
        recorded.withLock { $0.attachments.append(name) }
      }) {
        let result = try await body()
        value.withLock { $0 = result }
      }
    }
    let result = value.withLock { $0 }
    return (try #require(result), recorded.withLock { $0 })
  }
}
