/// The result of checking one tensor's gradient.
public struct TensorCheck: Sendable, Equatable {
  /// What was checked: `hidden/weight`, `hidden/input`, or `hidden/weight (whole network)`.
  public var name: String
  /// The layer that it belongs to.
  public var layer: String
  /// Whether this is about the wiring of the whole network, along random directions, and not about one layer alone.
  public var isWholeNetwork: Bool = false
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
  /// Of those checked, the ones whose every stencil crossed a kink; the analytic gradient lies between the slopes on
  /// both sides.
  public var atKink: Int
  /// ‖analytic − numeric‖₂ / (‖analytic‖₂ + ‖numeric‖₂) over what was checked, kinks left out.
  public var relativeError: Double = 0
  /// The entry that agrees least: the difference furthest above what the check allows.
  public var worst: EntryCheck?
  /// What the disagreement looks like, in words: `the analytic gradient is the numeric one times 2.000`.
  public var signature: String?
  /// Which equation of backpropagation is broken, where one is.
  public var equation: BackpropagationEquation?
  /// The mistake that most often looks like this, in words.
  public var likelyCause: String?

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

/// The four equations that backpropagation consists of.
public enum BackpropagationEquation: Int, Sendable {
  /// δ_k = dE_n/dy_k, from the error function.
  case outputDelta = 1
  /// δ_j = h′(a_j) Σ_k w_kj δ_k, over all units k that j feeds.
  case recursion
  /// dE/db = δ.
  case bias
  /// dE/dw_ji = δ_j z_i.
  case weight

  /// The equation as it is printed.
  public var formula: String {
    switch self {
    case .outputDelta: "δ = dE/dy"
    case .recursion: "δ_j = h′(a_j) Σ_k w_kj δ_k"
    case .bias: "dE/db = δ"
    case .weight: "dE/dw = δ·z"
    }
  }
}
