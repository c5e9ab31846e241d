public import GradientTrace

/// The judge of one symptom: a fold over the steps of a run, with state that does not grow with them.
///
/// The same fold runs while the model trains and afterwards over the trace, with the same result. An analyzer is a
/// value: it prints nothing, reads no file, and throws nothing on a finding. To add one, write it in one file of
/// `Analyzers/` and name it in ``AnalyzerCatalog``; it is then in the diagnosis, in `explain` and in the policy.
public protocol Analyzer: Sendable {
  /// What the symptom is; its id is the id of the findings.
  static var explanation: Explanation { get }
  /// The symptoms that can bring this one about, the most telling first.
  static var explainedBy: [CausalLink] { get }

  /// Creates a fold that has seen nothing yet.
  init(_ context: AnalysisContext)
  /// Takes in the next step.
  mutating func observe(_ step: ObservedStep)
  /// Takes in a step of the run that this one is paired with, as two networks that train against each other are.
  ///
  /// All of them come before the first step of its own run; by default they are passed over.
  mutating func observe(paired step: StepRecord)
  /// What follows from the steps seen so far.
  ///
  /// - Parameter ended: Whether the run is over. While it goes on, only what a whole window shows is raised; a run
  ///   that has ended is judged on what it has.
  /// - Returns: The findings, or why there are none.
  func outcome(ended: Bool) -> Outcome
}

extension Analyzer {
  public mutating func observe(paired step: StepRecord) {}

  /// The findings that follow from the steps seen so far, taken as the whole run.
  public func findings() -> [Finding] {
    guard case .found(let findings) = outcome(ended: true) else { return [] }
    return findings
  }
}

/// What an analyzer has to say about a run.
public enum Outcome: Sendable, Equatable {
  /// The symptom is there.
  case found([Finding])
  /// The symptom was looked for and is not there; the text holds the figure that came nearest to an alarm.
  case clear(String)
  /// The symptom could not be looked for; the text says what is missing.
  case notChecked(String)
}
