import Backpropagation
import GradientDiagnosis

/// Where the trials of a search are run, within its limits.
struct TrialBench {
  /// A remedy and the finding that offers it.
  struct Offer {
    let remedy: Remedy
    let finding: Finding
  }

  private let limits: Cure.Limits
  private let policy: HealthPolicy
  private let progress: (Cure.Progress) -> TrainingDecision
  private let data: Cure.Preparation
  private let start = ContinuousClock.now
  private let count = Counter()

  init(
    limits: Cure.Limits, policy: HealthPolicy,
    progress: @escaping (Cure.Progress) -> TrainingDecision, data: @escaping Cure.Preparation
  ) {
    self.limits = limits
    self.policy = policy
    self.progress = progress
    self.data = data
  }

  /// Whether no other trial may begin.
  var isOutOfTime: Bool {
    count.isInterrupted || start.duration(to: .now) >= .seconds(limits.seconds)
  }

  /// Trains and judges a recipe.
  func trial(of dose: Dose) throws -> Trial {
    count.trials += 1
    return try Trial(
      dose.recipe, on: try data(dose.recipe), steps: limits.steps, inputLimit: limits.bytes,
      policy: policy
    ) { step, steps in
      let decision = progress(
        Cure.Progress(trial: count.trials, label: dose.label, step: step, steps: steps))
      if decision == .stop { count.isInterrupted = true }
      return decision
    }
  }

  /// Tries a remedy, in rising doses until one heals; after another one, on top of what that did best.
  func attempt(
    _ offer: Offer, after first: Attempt? = nil, on recipe: Recipe, against finding: Finding
  ) throws -> Attempt {
    let remedies = (first?.remedies ?? []) + [offer.remedy]
    func notTried(_ reason: String) -> Attempt {
      Attempt(remedies: remedies, label: "", outcome: .notTried(reason), recipe: nil)
    }
    func tried(_ dose: Dose, _ trial: Trial, heals: Bool) -> Attempt {
      let label = [first?.label, dose.label].compactMap(\.self).joined(separator: ", ")
      return Attempt(
        remedies: remedies, label: label, outcome: .tried(trial, heals: heals),
        recipe: dose.recipe)
    }
    guard let treatment = TreatmentCatalog.treatment(for: offer.remedy.id) else {
      return notTried("takes a person")
    }
    let doses: [Dose]
    do { doses = try treatment.doses(first?.recipe ?? recipe, offer.finding) } catch {
      return notTried(error.reason)
    }
    var best: (dose: Dose, trial: Trial)?
    for dose in doses where !isOutOfTime {
      let trial: Trial
      do { trial = try self.trial(of: dose) } catch let error as NetworkError {
        return notTried(error.description)
      }
      if trial.isCured(of: finding) { return tried(dose, trial, heals: true) }
      if best.map({ trial.isBetter(than: $0.trial) }) ?? true { best = (dose, trial) }
    }
    return best.map { tried($0.dose, $0.trial, heals: false) } ?? notTried("the time was up")
  }
}

/// The number of trials so far, and whether someone asked for the end.
private final class Counter {
  var trials = 0
  var isInterrupted = false
}

extension Trial {
  /// Whether this one went better than another: whether it learned, then by its loss.
  fileprivate func isBetter(than other: Trial) -> Bool {
    func rank(_ trial: Trial) -> Int {
      trial.hasLearned ? 0 : trial.lastLoss.isFinite ? 1 : 2
    }
    return (rank(self), lastLoss) < (rank(other), other.lastLoss)
  }
}
