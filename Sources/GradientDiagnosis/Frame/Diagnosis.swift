/// What the findings of a run amount to.
public enum Verdict: String, Sendable {
  /// Nothing above `info` was found, and the loss fell clearly below that of the best constant prediction.
  case healthy
  /// The worst finding is a warning.
  case warning
  /// At least one finding is an error.
  case error
  /// Nothing explains a loss that did not fall, or too little was recorded.
  case inconclusive
}

/// A run's verdict: its findings chained to one root cause, and what could not be checked.
public struct Diagnosis: Sendable, Equatable {
  /// What the findings amount to.
  public var verdict: Verdict
  /// The index of the finding that explains the others; nil when none is a warning or an error.
  public var rootCause: Int?
  /// The findings, the root first, then by severity and step.
  public var findings: [Finding]
  /// The symptoms that were looked for and not found.
  public var passed: [CheckedSymptom]
  /// The symptoms that could not be looked for, and why.
  public var notChecked: [UncheckedSymptom]
  /// The steps that were judged.
  public var steps: Int
  /// Why the verdict is what it is, in one sentence: the loss that fell, or what is missing.
  public var reason: String

  /// Creates a diagnosis.
  public init(
    verdict: Verdict, rootCause: Int?, findings: [Finding], passed: [CheckedSymptom],
    notChecked: [UncheckedSymptom], steps: Int, reason: String
  ) {
    self.verdict = verdict
    self.rootCause = rootCause
    self.findings = findings
    self.passed = passed
    self.notChecked = notChecked
    self.steps = steps
    self.reason = reason
  }

  /// The finding that explains the others, or nil.
  public var root: Finding? { rootCause.map { findings[$0] } }

  /// The index of the finding from which the one at `index` follows in the end: its own, where it follows from none.
  package func origin(of index: Int) -> Int {
    var origin = index
    // Of findings that somebody else has put together each may name the other.
    for _ in findings.indices {
      guard let cause = findings[origin].causedBy, findings.indices.contains(cause) else { break }
      origin = cause
    }
    return origin
  }
}

/// A symptom that was looked for and not found, with the value that came nearest to an alarm.
public struct CheckedSymptom: Sendable, Equatable {
  /// The symptom's id.
  public var id: String
  /// The figure that shows it, in words: `"attenuation 0.8 decades; alarm above 3"`.
  public var evidence: String

  /// Creates an entry.
  public init(id: String, evidence: String) {
    self.id = id
    self.evidence = evidence
  }
}

/// A symptom that could not be looked for.
public struct UncheckedSymptom: Sendable, Equatable {
  /// The symptom's id.
  public var id: String
  /// What is missing: `"no per-unit counts in this trace"`.
  public var reason: String

  /// Creates an entry.
  public init(id: String, reason: String) {
    self.id = id
    self.reason = reason
  }
}
