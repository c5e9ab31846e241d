/// What the check of an entry, a tensor or a model came to.
public enum CheckVerdict: String, Sendable, Codable {
  /// The analytic gradient agrees with the numeric one.
  case pass
  /// It does not.
  case fail
  /// The numeric gradient is too small, against its own noise, to say.
  case unverifiable
}

/// The result of a numeric gradient check.
public struct CheckResult: Sendable, Equatable {
  /// What the check came to.
  public var verdict: CheckVerdict
  /// The seed of the cotangents, directions and samples.
  public var seed: UInt64
  /// How many forward evaluations it took.
  public var evaluations: Int
  /// One result a tensor.
  public var tensors: [TensorCheck]
  /// The oracles that were asked: `finite-difference`.
  public var oracles: [String]

  /// Creates a result.
  public init(
    verdict: CheckVerdict, seed: UInt64, evaluations: Int, tensors: [TensorCheck],
    oracles: [String]
  ) {
    self.verdict = verdict
    self.seed = seed
    self.evaluations = evaluations
    self.tensors = tensors
    self.oracles = oracles
  }
}

/// The result of checking one tensor's gradient.
public struct TensorCheck: Sendable, Equatable {
  /// What was checked: `hidden/weight`, `hidden/input`, or `hidden/weight (whole network)`.
  public var name: String
  /// The layer that it belongs to.
  public var layer: String
  /// The entries of the tensor.
  public var count: Int
  /// The entries (or directions) that were checked.
  public var checked: Int
  /// Of those checked, the ones that agree.
  public var passed: Int
  /// Of those checked, the ones that do not.
  public var failed: Int
  /// Of those checked, the ones too small against the noise to say.
  public var unverifiable: Int
  /// Of those checked, the ones whose every stencil crossed a kink.
  public var atKink: Int
  /// The entry that agrees least.
  public var worst: EntryCheck?
  /// What the disagreement looks like, in words: `the analytic gradient is the numeric one times 2.000`.
  public var signature: String?

  /// Creates a result.
  public init(
    name: String, layer: String, count: Int, checked: Int, passed: Int, failed: Int,
    unverifiable: Int, atKink: Int, worst: EntryCheck?, signature: String?
  ) {
    self.name = name
    self.layer = layer
    self.count = count
    self.checked = checked
    self.passed = passed
    self.failed = failed
    self.unverifiable = unverifiable
    self.atKink = atKink
    self.worst = worst
    self.signature = signature
  }
}

/// One entry's analytic gradient beside the numeric one.
public struct EntryCheck: Sendable, Equatable {
  /// The entry's index in its tensor; empty where a direction was checked.
  public var index: [Int]
  /// What the backward pass says.
  public var analytic: Double
  /// What the numeric oracle says.
  public var numeric: Double
  /// |analytic − numeric| / max(|analytic|, |numeric|).
  public var relativeError: Double
  /// The numeric oracle's own error, below which it can't tell.
  public var floor: Double
  /// The step that was used.
  public var step: Double
  /// What the entry's check came to.
  public var verdict: CheckVerdict

  /// Creates a result.
  public init(
    index: [Int], analytic: Double, numeric: Double, relativeError: Double, floor: Double,
    step: Double, verdict: CheckVerdict
  ) {
    self.index = index
    self.analytic = analytic
    self.numeric = numeric
    self.relativeError = relativeError
    self.floor = floor
    self.step = step
    self.verdict = verdict
  }
}
