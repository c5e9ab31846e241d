public import GradientDiagnosis

/// What came of one remedy, or of two together.
public struct Attempt: Sendable {
  /// What it came to.
  public enum Outcome: Sendable {
    /// It was tried; whether it heals, and the trial in which it did best.
    case tried(Trial, heals: Bool)
    /// It was not tried, and why.
    case notTried(String)
  }

  /// The remedies.
  public let remedies: [Remedy]
  /// What was changed, in a few words: `12 × sigmoid → relu`; empty where nothing was tried.
  public let label: String
  /// What it came to.
  public let outcome: Outcome
  /// The description after it, where it was tried.
  let recipe: Recipe?

  /// Whether it heals.
  public var heals: Bool { if case .tried(_, heals: true) = outcome { true } else { false } }

  /// The trial in which it did best, where it was tried.
  public var trial: Trial? { if case .tried(let trial, _) = outcome { trial } else { nil } }
}
