import GradientHealth

/// What a preflight says of a run of the corpus before its first step, and how long it took beside the run.
struct PreflightExamination: Sendable {
  let family: Family
  let seed: UInt64
  let preflight: Preflight
  /// How long the preflight took, by the time that the run itself took.
  let cost: Double

  /// Tries out the run of a family with a seed; nil for one that is not what its label says, or that a preflight is never
  /// made of: two networks against each other, or a training that goes on from another.
  init?(_ family: Family, seed: UInt64) throws {
    let setup = family.setup
    guard setup.duel == nil, setup.earlierSteps == 0 else { return nil }
    let trainer = try setup.trainer(seed: seed), data = setup.data(seed: seed)
    let clock = ContinuousClock()
    var preflight: Preflight?
    let trying = try clock.measure { preflight = try Preflight(trainer, on: data) }
    var run: RecordedRun?
    let training = try clock.measure { run = try setup.run(seed: seed) }
    guard let preflight, let run,
      family.confirms(run, twin: try family.fault?.twin.run(seed: seed))
    else { return nil }
    self.family = family
    self.seed = seed
    self.preflight = preflight
    cost = trying / training
  }

  /// Whether a check warns.
  func warns(_ check: Preflight.Check) -> Bool { preflight.warnings.contains { $0.check == check } }
}
