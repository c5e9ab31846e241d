import Backpropagation

/// Takes the time of every round of steps; the first round warms up.
final class StepTimer: TrainingObserver {
  private let stepsPerRound: Int
  private let clock = ContinuousClock()
  private var roundBegan: ContinuousClock.Instant?
  private var fastest = Duration.seconds(3600)

  init(stepsPerRound: Int) { self.stepsPerRound = stepsPerRound }

  var fastestMilliseconds: Double { fastest / .milliseconds(stepsPerRound) }

  /// Says that a step, counted from 0, is over.
  func took(step: Int) {
    guard (step + 1).isMultiple(of: stepsPerRound) else { return }
    let now = clock.now
    if let roundBegan { fastest = min(fastest, now - roundBegan) }
    roundBegan = now
  }

  func trainingBegins(_ run: TrainingRun) {}

  func stepEnded(_ step: StepSummary) -> TrainingDecision {
    took(step: step.step)
    return .goOn
  }

  func trainingEnded(_ result: TrainingResult) {}
}
