/// When a training ends before its planned end.
///
/// The loss of an epoch is that of the validation part after it; without one, the mean over the epoch's batches.
public struct StoppingCriteria: Sendable, Equatable {
  /// After how many epochs in a row without a new best loss it ends.
  public var patience: Int?
  /// How far below the best loss one must lie to take its place.
  public var minimumDelta: Double
  /// The loss of an epoch that is low enough.
  public var loss: Double?
  /// The time that training may take.
  public var seconds: Double?
  /// Whether a loss or a gradient that is not finite ends it; the weights stay as they were before.
  public var nonFinite: Bool

  /// Creates criteria; by default none.
  public init(
    patience: Int? = nil, minimumDelta: Double = 0, loss: Double? = nil, seconds: Double? = nil,
    nonFinite: Bool = false
  ) {
    self.patience = patience
    self.minimumDelta = minimumDelta
    self.loss = loss
    self.seconds = seconds
    self.nonFinite = nonFinite
  }
}

/// Why a training ended before its planned end.
public enum StopReason: String, Sendable {
  /// The loss had no new best for as many epochs as were put up with.
  case patience
  /// The loss was low enough.
  case loss
  /// The time was up.
  case seconds
  /// The loss or a gradient was not finite.
  case nonFinite = "non-finite"
  /// An observer asked for it.
  case observer
}

/// Watches a training by its criteria.
struct StoppingMonitor {
  private let criteria: StoppingCriteria
  private let start = ContinuousClock.now
  private var best = Double.infinity
  private var epochsSinceBest = 0.0

  init(_ criteria: StoppingCriteria) { self.criteria = criteria }

  /// What a resumed run goes on from; its time begins anew.
  var memory: [Double] {
    get { [best, epochsSinceBest] }
    set { if newValue.count == 2 { (best, epochsSinceBest) = (newValue[0], newValue[1]) } }
  }

  /// Why to end after a step.
  func stepEnded(_ step: StepSummary) -> StopReason? {
    if criteria.nonFinite, step.wasRefused { return .nonFinite }
    if let seconds = criteria.seconds, start.duration(to: .now) >= .seconds(seconds) {
      return .seconds
    }
    return nil
  }

  /// Why to end after an epoch.
  mutating func epochEnded(loss: Double) -> StopReason? {
    if loss < best - criteria.minimumDelta || best == .infinity && loss < best {
      best = loss
      epochsSinceBest = 0
    } else {
      epochsSinceBest += 1
    }
    if let enough = criteria.loss, loss <= enough { return .loss }
    if let patience = criteria.patience, epochsSinceBest >= Double(patience) { return .patience }
    return nil
  }
}
