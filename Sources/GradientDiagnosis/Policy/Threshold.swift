/// A figure at which a symptom's statistic raises an alarm.
public struct Threshold: Sendable, Equatable {
  /// The name under which a policy overrides it: `vanishing-gradient.attenuation`.
  public let name: String
  /// The value in force where no policy says otherwise.
  public let standard: Double
  /// Why the standard value is what it is.
  public let reason: String
}
