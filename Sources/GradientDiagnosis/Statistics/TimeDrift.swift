import GradientTrace

/// δ of recurrent layers that changes in one direction on its way back through time, and the alarm about it.
struct TimeDrift: Sendable {
  /// What an alarm is about.
  struct Alarm {
    /// The recurrent layer that changes most.
    var layer: Int
    /// The decades by which δ changes there, and over how many time steps.
    var decades: Double
    var timeSteps: Int
    var firstStep: Int
    var raisedAtStep: Int
    var lastStep: Int
  }

  private let context: AnalysisContext
  private let threshold: Threshold
  /// 1 where what fades is asked for, −1 where it is what grows.
  private let sign: Double
  private var profile: TimeProfile
  private(set) var loss: LossProgress
  private var hysteresis = Hysteresis()
  private var airedAtStep: Int?
  /// The most decades of any window.
  private(set) var largest = 0.0

  /// Watches what fades, or what grows, by more than a threshold.
  init(_ context: AnalysisContext, growing: Bool = false, above threshold: Threshold) {
    self.context = context
    self.threshold = threshold
    sign = growing ? -1 : 1
    profile = TimeProfile(context)
    loss = LossProgress(context.header.run)
  }

  /// Whether any step told δ by time step.
  var isRecorded: Bool { profile.count > 0 }

  /// Takes in the next step.
  mutating func observe(_ step: StepRecord) {
    loss.observe(step)
    let before = profile.count
    profile.observe(step)
    if profile.count > before, Evaluation.isDue(after: profile.count) { evaluate() }
  }

  /// The drift as the end of the run judges it.
  var atEnd: TimeDrift {
    var judged = self
    judged.evaluate()
    judged.hysteresis.endRun()
    return judged
  }

  /// The alarm, if there is one; a run that goes on has first a window to mend itself.
  func alarm(ended: Bool) -> Alarm? {
    guard ended || hasHadTime, hysteresis.isPresent, let raised = hysteresis.raisedAtStep,
      let first = hysteresis.firstStep, let worst
    else { return nil }
    return Alarm(
      layer: profile.layers[worst.place], decades: worst.decades,
      timeSteps: profile.lengths[worst.place], firstStep: first,
      raisedAtStep: airedAtStep ?? raised, lastStep: hysteresis.lastStep ?? raised)
  }

  private mutating func evaluate() {
    guard let window = profile.steps else { return }
    largest = max(largest, profile.layers.indices.compactMap(decades).max() ?? 0)
    hysteresis.note(worst.map { _ in .warning }, over: window)
    if hysteresis.raisedAtStep != nil, hasHadTime { airedAtStep = airedAtStep ?? window.upperBound }
  }

  /// The recurrent layer that changes most, if that is over the threshold.
  private var worst: (place: Int, decades: Double)? {
    profile.layers.indices
      .compactMap { place in decades(place).map { (place: place, decades: $0) } }
      .filter { $0.decades > context.value(threshold, layer: profile.layers[$0.place]) }
      .max { $0.decades < $1.decades }
  }

  private func decades(_ place: Int) -> Double? { profile.fade(place).map { sign * $0 } }

  /// Whether a run that goes on has had a window to mend itself, as gates do that open first.
  private var hasHadTime: Bool {
    profile.count >= Evaluation.window && !loss.mayMend(context) || loss.nonFiniteStep != nil
  }
}
