/// How much a finding matters.
public enum Severity: String, Sendable, Comparable, CaseIterable {
  /// Worth knowing; nothing to do.
  case info
  /// The run may succeed, but a layer learns less than it could.
  case warning
  /// A layer doesn't learn, or the run can't succeed.
  case error

  public static func < (left: Severity, right: Severity) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// One diagnosed symptom with its evidence, its cause and what to try.
public struct Finding: Sendable, Equatable {
  /// The symptom's id: `vanishing-gradient`, `dead-relu` and so on.
  public var id: String
  /// How much it matters; a cause matters as much as the worst that it brought about.
  public var severity: Severity
  /// The layer to look at first; nil where the finding is about the whole run.
  public var layer: String?
  /// All layers that show the symptom.
  public var layers: [String]
  /// The step that the fault dates from: an event's own step, or the first step of the first window over the threshold.
  public var firstStep: Int
  /// Whether the first step is that of a window which was looked at only as it ended, so that it may have begun later.
  package var isDatedByWindow = false
  /// The step at which the alarm was raised.
  public var raisedAtStep: Int
  /// The last step at which the symptom was seen.
  public var lastStep: Int
  /// The statistic that was held against the threshold: `attenuation`, `excess-silent-share` and so on.
  public var statistic: String
  /// The statistic's value.
  public var value: Double
  /// The threshold it crossed.
  public var threshold: Double
  /// The range in which it lies in healthy runs, where one is known.
  public var healthy: ClosedRange<Double>?
  /// The setting at fault.
  public var cause: Cause
  /// The finding (an index into the diagnosis' findings) that brought this one about, or nil.
  public var causedBy: Int?
  /// What, where, since when and how much, in one or two sentences.
  public var message: String
  /// What to try, best first; empty where another finding brought this one about, which is to be mended first.
  public var remedies: [Remedy]
  /// The figures behind the statistic, layer by layer; nil where it has none.
  public var evidence: Evidence?

  /// Creates a finding.
  public init(
    id: String, severity: Severity, layer: String?, layers: [String] = [], firstStep: Int,
    raisedAtStep: Int, lastStep: Int, statistic: String, value: Double, threshold: Double,
    healthy: ClosedRange<Double>? = nil, cause: Cause, causedBy: Int? = nil, message: String,
    remedies: [Remedy], evidence: Evidence? = nil
  ) {
    self.id = id
    self.severity = severity
    self.layer = layer
    self.layers = layers
    self.firstStep = firstStep
    self.raisedAtStep = raisedAtStep
    self.lastStep = lastStep
    self.statistic = statistic
    self.value = value
    self.threshold = threshold
    self.healthy = healthy
    self.cause = cause
    self.causedBy = causedBy
    self.message = message
    self.remedies = remedies
    self.evidence = evidence
  }
}

/// The setting behind a symptom.
public struct Cause: Sendable, Equatable, Codable {
  /// The cause's id: `saturating-activation`, `initial-scale`, `learning-rate`, `unknown` and so on.
  public var id: String
  /// Why this setting brings the symptom about, with the run's own figures.
  public var text: String

  /// Creates a cause.
  public init(id: String, text: String) {
    self.id = id
    self.text = text
  }
}

/// Something to try against a symptom.
public struct Remedy: Sendable, Equatable, Codable {
  /// The remedy's id: `use-relu`, `lower-learning-rate` and so on.
  public var id: String
  /// What to change, in one sentence, with figures where the run gives them.
  public var text: String

  /// Creates a remedy.
  public init(id: String, text: String) {
    self.id = id
    self.text = text
  }
}
