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
  /// Some of what was checked, to be looked at: those that agree least first, then the largest, the smallest, zeros, and
  /// some at random.
  public var entries: [EntryCheck] = []
  /// What each oracle said.
  public var tallies: [OracleTally] = []
  /// What the disagreement looks like, in words: `the analytic gradient is the numeric one times 2.000`.
  public var signature: String?
  /// The same as a value.
  package var recognized: Signature?
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
