/// A symptom that can bring another one about, and how the two must lie in time for that.
public struct CausalLink: Sendable, Equatable {
  /// The id of the symptom that comes first.
  public let id: String
  /// How the two must lie in time.
  public let order: Order
  /// The setting that the first one has to blame; nil for any.
  public let blaming: String?
  /// A setting that the second one must not blame itself; nil for none.
  public let unlessBlamed: String?

  /// How a cause and its consequence must lie in time.
  public enum Order: Sendable, Equatable {
    /// The cause dates from an earlier step than the consequence.
    case before
    /// The cause dates from no later step than the consequence.
    case notAfter
    /// The cause was there when the consequence was noticed.
    case untilNoticed
    /// The two are one event, seen at different steps.
    case ever
  }

  /// Creates a link from the symptom called `id`.
  public init(
    _ id: String, _ order: Order = .untilNoticed, blaming: String? = nil,
    unlessBlamed: String? = nil
  ) {
    self.id = id
    self.order = order
    self.blaming = blaming
    self.unlessBlamed = unlessBlamed
  }

  /// Whether the steps and the causes of two findings allow that the first brought the second about.
  func allows(_ cause: Finding, _ consequence: Finding) -> Bool {
    guard blaming ?? cause.cause.id == cause.cause.id, unlessBlamed != consequence.cause.id else {
      return false
    }
    return switch order {
    case .before: cause.firstStep < consequence.firstStep
    case .notAfter: cause.firstStep <= consequence.firstStep
    case .untilNoticed: cause.firstStep <= consequence.raisedAtStep
    case .ever: true
    }
  }
}
