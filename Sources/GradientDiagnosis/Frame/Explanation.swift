/// What a symptom is, as data: `explain`, the report and the documentation print this one text.
public struct Explanation: Sendable, Equatable {
  /// The symptom's id.
  public var id: String
  /// The symptom in one sentence.
  public var summary: String
  /// What is measured, with the formula.
  public var measures: String
  /// Why it matters.
  public var matters: String
  /// When it fires: the statistic and the default threshold.
  public var fires: String
  /// Typical causes.
  public var causes: [String]
  /// What to try, best first.
  public var remedies: [Remedy]
  /// The source.
  public var reference: String

  /// Creates an explanation.
  public init(
    id: String, summary: String, measures: String, matters: String, fires: String,
    causes: [String], remedies: [Remedy], reference: String
  ) {
    self.id = id
    self.summary = summary
    self.measures = measures
    self.matters = matters
    self.fires = fires
    self.causes = causes
    self.remedies = remedies
    self.reference = reference
  }
}
