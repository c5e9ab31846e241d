import GradientDiagnosis
import GzipIO

extension AssertionResult {
  /// The status in a word, as people read it.
  package var label: String {
    switch status {
    case .unusable: "UNREADABLE"
    case .failed: "FAILED"
    case .undecided: "UNCLEAR"
    case .passed: issues.isEmpty ? "healthy" : "WARNING"
    }
  }

  /// How much was looked at, in a few words.
  package var evidence: String {
    let unchecked = items.count { $0.outcome == .notChecked }
    let rest = unchecked == 0 ? "" : ", \(unchecked) could not be"
    return "\(items.count - unchecked) looked at\(rest)"
  }

  /// What is to be told, line by line: why it can't be read; else what fails or is undecided, the root of what is found in
  /// the run with what follows from it; else the warnings in a line each.
  package var summary: [String] {
    if let obstacle { return [obstacle.message] }
    guard status != .passed else { return issues.map(\.issue.message) }
    let told = issues.filter { $0.item.outcome != .warned }
    // The run's findings hang together, and are told together.
    let isHealthTold = diagnosis?.root != nil && told.contains { $0.item.group == .health }
    let others = told.filter { !isHealthTold || $0.item.group != .health }
      .map { (group: $0.item.group, lines: [$0.issue.message] + $0.issue.advice) }
    let before = others.filter { $0.group != .baseline }.flatMap(\.lines)
    let after = others.filter { $0.group == .baseline }.flatMap(\.lines)
    return before + (isHealthTold ? diagnosis?.summaryLines ?? [] : []) + after
  }
}

extension AssertionReport {
  /// How many subjects came to what: `3 subjects: 1 failed, 2 passed`.
  package var headline: String {
    let parts = AssertionResult.Status.allCases.compactMap { status in
      let count = count(status)
      return count == 0 ? nil : "\(count.grouped) \(status.words)"
    }
    return "\(results.count.counted("subject")): \(parts.joined(separator: ", "))"
  }
}

extension AssertionResult.Status {
  fileprivate var words: String {
    switch self {
    case .unusable: "can't be read"
    case .failed: "failed"
    case .undecided: "without a verdict"
    case .passed: "passed"
    }
  }
}
