import GradientHealth

/// What came of an assertion at one seed.
struct FlakeOutcome: Sendable {
  var passes: Bool
  /// In a word: the root finding, or the verdict.
  var headline: String

  /// The health of a training, judged as `expectHealthyGradients` does.
  init(healthOf trainer: Trainer, on data: DataSplit, seed: UInt64) throws {
    var trainer = trainer
    trainer.seed = seed
    let memory = RunMemory()
    try trainer.train(on: data, for: .steps(FlakeSubject.steps), observer: memory.recording())
    let diagnosis = try Diagnosis(of: memory.trace)
    passes = diagnosis.verdict != .inconclusive && !HealthPolicy.standard.fails(diagnosis)
    headline =
      diagnosis.root.map { "\($0.id) in \($0.layer ?? "the whole run")" }
      ?? "\(diagnosis.verdict)"
  }

  /// The verdict of a check.
  init(_ check: GradientCheck) {
    passes = check.verdict == .pass
    headline =
      check.worst.flatMap { check.failures.isEmpty ? nil : "\($0.layer) is wrong" }
      ?? "\(check.verdict)"
  }
}
