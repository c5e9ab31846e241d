public import GradientTrace

/// The diagnosis of a run that goes on: the folds of all analyzers, fed step by step.
///
/// ```swift
/// var live = LiveDiagnosis(header: header)
/// live.observe(step)
/// if live.alarms().contains(where: { $0.severity == .error }) { … }
/// ```
/// Its result is the same as that of ``Diagnosis/init(of:policy:)`` over a trace of the same steps.
public struct LiveDiagnosis: Sendable {
  private let context: AnalysisContext
  private var analyzers: [any Analyzer]
  private var steps = 0

  /// Creates a diagnosis that has seen no step yet, but what came to light before the first one.
  public init(
    header: TraceHeader, policy: HealthPolicy = .standard, preflight: Preflight? = nil
  ) {
    self.init(AnalysisContext(header: header, policy: policy, preflight: preflight))
  }

  init(_ context: AnalysisContext) {
    self.context = context
    analyzers = AnalyzerCatalog.all.map { $0.init(context) }
  }

  /// The largest step number that is taken for one; what a damaged trace claims beyond it is passed over.
  private static let lastStepNumber = 1 << 53

  /// Takes in the next step.
  public mutating func observe(_ step: StepRecord) {
    guard (0...Self.lastStepNumber).contains(step.step) else { return }
    steps += 1
    let observed = ObservedStep(step, context)
    for index in analyzers.indices { analyzers[index].observe(observed) }
  }

  /// Takes in a step of the run that this one is paired with, before the first of its own.
  mutating func observe(paired step: StepRecord) {
    guard (0...Self.lastStepNumber).contains(step.step) else { return }
    for index in analyzers.indices { analyzers[index].observe(paired: step) }
  }

  /// The verdict over the steps seen so far, taken as the whole run.
  public func diagnosis() -> Diagnosis { diagnosis(ended: true) }

  /// The warnings and errors raised so far, while the run goes on.
  ///
  /// In the first 10 steps that is nothing but a non-finite value.
  public func alarms() -> [Finding] {
    diagnosis(ended: false).findings.filter { $0.severity > .info }
  }

  private func diagnosis(ended: Bool) -> Diagnosis {
    let outcomes = analyzers.map { analyzer in
      JudgedSymptom(analyzer: type(of: analyzer), outcome: analyzer.outcome(ended: ended))
    }
    return Diagnosis(outcomes, steps: steps, policy: context.policy)
  }
}

extension Diagnosis {
  /// Judges a whole trace; with the trace of the network that trained against it, if it is `paired` with one.
  ///
  /// - Throws: What reading the traces, and the preflight kept in `trace`, throws; a sick run is a result, no error.
  public init(of trace: Trace, paired: Trace? = nil, policy: HealthPolicy = .standard) throws {
    var context = AnalysisContext(
      header: trace.header, policy: policy, preflight: try Preflight.kept(in: trace))
    context.pairedName = paired?.header.run.name
    var live = LiveDiagnosis(context)
    try paired?.forEachStep { live.observe(paired: $0) }
    try trace.forEachStep { live.observe($0) }
    self = live.diagnosis()
  }
}
