import GradientHealth

/// A faulty run of the corpus, and which of the remedies that it was offered heal it.
struct CureExamination: Sendable {
  let family: Family
  let seed: UInt64
  let cure: Cure

  /// Looks for a remedy for the run of a family with a seed; nil for a run that is not what its label says, or that no model
  /// file describes.
  init?(_ family: Family, seed: UInt64) throws {
    guard family.setup.duel == nil, let twin = try family.fault?.twin.run(seed: seed),
      family.confirms(try family.setup.run(seed: seed), twin: twin)
    else { return nil }
    guard let cure = try family.setup.cure(seed: seed) else { return nil }
    self.family = family
    self.seed = seed
    self.cure = cure
  }

  /// The planted symptom.
  var planted: String { family.fault?.symptom ?? "" }

  /// Whether some remedy heals.
  var isHealed: Bool { cure.healing != nil }

  /// Whether the first remedy that was offered heals.
  var isHealedByFirst: Bool { cure.attempts.first?.heals ?? false }

  /// The remedies that were tried, in the order in which they were offered, and whether each heals.
  var trials: [(remedy: String, heals: Bool)] {
    cure.attempts.filter { $0.trial != nil }.map {
      ($0.remedies.map(\.id).joined(separator: " + "), $0.heals)
    }
  }

  /// What was found and tried, in words.
  var story: String {
    guard let finding = cure.finding else { return "nothing found" }
    let tried = cure.attempts.map { attempt in
      let name = attempt.remedies.map(\.id).joined(separator: " + ")
      return attempt.trial.map { trial in
        let rest = trial.diagnosis.findings.filter { $0.severity > .info }.map(\.id)
        return "\(name): "
          + (attempt.heals
            ? "heals" : trial.hasLearned ? rest.joined(separator: " ") : "not learned")
      } ?? "\(name): –"
    }
    return "\(finding.id) (\(finding.cause.id)); " + tried.joined(separator: "; ")
  }
}
