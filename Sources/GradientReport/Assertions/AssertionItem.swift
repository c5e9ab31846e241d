package import GradientDiagnosis

/// One thing that was looked at in a model or a recorded run, and what came of it.
package struct AssertionItem: Sendable, Equatable {
  /// What an item belongs to.
  package enum Group: String, Sendable {
    /// The numeric check of the gradients.
    case gradients
    /// What is tried before the first step.
    case preflight
    /// The symptoms that are looked for in the run.
    case health
    /// The comparison with the runs of a baseline.
    case baseline
  }

  /// What came of it.
  package enum Outcome: String, Sendable {
    /// It is as it should be.
    case passed
    /// Something was found that doesn't fail.
    case warned = "warning"
    /// Something was found that fails.
    case failed
    /// It should have been decided, and can't be.
    case undecided = "no-verdict"
    /// It could not be looked at.
    case notChecked = "not-checked"
  }

  /// The id under which `gradcheck explain` explains it, as ``AssertionRule`` has it.
  package var id: String
  /// What it belongs to.
  package var group: Group
  /// What came of it.
  package var outcome: Outcome
  /// The figure that shows it, the reason why it wasn't looked at, or what was found.
  package var text: String
  /// What was found, each at its place; at least one where something was found or nothing could be decided.
  package var issues: [AssertionIssue] = []
}

/// Something that was found, or why there is no verdict, at its place.
package struct AssertionIssue: Sendable, Equatable {
  /// How much it matters.
  package var severity: Severity
  /// The layer to look at first; nil where it is the whole run.
  package var layer: String?
  /// What and where, since when and how much, in one line.
  package var message: String
  /// Why, and what to try; further lines of the message.
  package var advice: [String] = []

  /// The message with its further lines.
  package var text: String { ([message] + advice).joined(separator: "\n") }
}

extension AssertionIssue {
  /// What tells this issue from others, and is the same in the next build: of what it is, in which file and layer.
  func fingerprint(_ id: String, in path: String) -> String {
    let bytes = SHA256.hash(Array([id, path, layer ?? ""].joined(separator: "\0").utf8))
    let digits = Array("0123456789abcdef")
    return String(bytes.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
