import GradientTrace

/// δ of recurrent layers that changes in one direction on its way back through time, and the alarm about it.
struct TimeDrift: Sendable {
  /// What an alarm is about.
  struct Alarm {
    /// The recurrent layer that changes most.
    var layer: Int
    /// The decades by which δ changes there, more than the threshold allows, and over how many time steps.
    var decades: Double
    var threshold: Threshold
    var timeSteps: Int
    /// Whether it is still there; otherwise it was for most of the run.
    var stands: Bool
    var firstStep: Int
    var raisedAtStep: Int
    var lastStep: Int

    /// The decades for each step back in time.
    var decadesPerTimeStep: Double { decades / Double(max(timeSteps - 1, 1)) }

    /// Up to which step it was there, in a sentence about what no longer stands.
    var until: String { stands ? "" : ", up to step \(lastStep)" }
  }

  private let context: AnalysisContext
  private let usual: Threshold
  private let strict: Threshold
  /// 1 where what fades is asked for, −1 where it is what grows.
  private let sign: Double
  private var profile: TimeProfile
  /// Log10 of the update:weight ratio of the layers of the profile.
  private var updates = LayerWindow(layers: 0)
  private(set) var loss: LossProgress
  private var hysteresis = Hysteresis()
  private var airedAtStep: Int?
  /// The judgments, those of them that saw it, and the most that one saw.
  private var judgments = 0
  private var sightings = 0
  private var strongest: (place: Int, decades: Double)?
  /// The most decades of any window.
  private(set) var largest = 0.0

  /// Watches what fades, or what grows, by more than a threshold, or than a stricter one where weights move and the
  /// loss does not.
  init(
    _ context: AnalysisContext, growing: Bool = false, above threshold: Threshold,
    whereNothingIsLearned strict: Threshold? = nil
  ) {
    self.context = context
    usual = threshold
    self.strict = strict ?? threshold
    sign = growing ? -1 : 1
    profile = TimeProfile(context)
    loss = LossProgress(context.header.run)
  }

  /// Whether any step told δ by time step.
  var isRecorded: Bool { profile.count > 0 }

  /// Takes in the next step.
  mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    let before = profile.count
    profile.observe(step.record)
    guard profile.count > before else { return }
    let layers = profile.layers
    if before == 0 { updates = LayerWindow(layers: layers.count) }
    updates.append({ step.updateDecades(layers[$0]) ?? .nan }, at: step.step)
    if Evaluation.isDue(after: profile.count) { evaluate() }
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
    guard ended || hasHadTime, hysteresis.isPresent || hasHeldUp,
      let raised = hysteresis.raisedAtStep, let first = hysteresis.firstStep,
      let seen = worst ?? strongest
    else { return nil }
    return Alarm(
      layer: profile.layers[seen.place], decades: seen.decades,
      threshold: seen.decades > context.value(usual, layer: profile.layers[seen.place])
        ? usual : strict,
      timeSteps: profile.lengths[seen.place], stands: hysteresis.isPresent, firstStep: first,
      raisedAtStep: airedAtStep ?? raised, lastStep: hysteresis.lastStep ?? raised)
  }

  private mutating func evaluate() {
    guard let window = profile.steps else { return }
    largest = max(largest, profile.layers.indices.compactMap(decades).max() ?? 0)
    let worst = worst
    judgments += 1
    if let worst {
      sightings += 1
      if worst.decades > strongest?.decades ?? 0 { strongest = worst }
    }
    hysteresis.note(worst.map { _ in .warning }, over: window)
    if hysteresis.raisedAtStep != nil, hasHadTime { airedAtStep = airedAtStep ?? window.upperBound }
  }

  /// The recurrent layer that changes most, if that is over the threshold.
  private var worst: (place: Int, decades: Double)? {
    profile.layers.indices
      .compactMap { place in decades(place).map { (place: place, decades: $0) } }
      .filter {
        let threshold = movesInVain($0.place) ? strict : usual
        return $0.decades > context.value(threshold, layer: profile.layers[$0.place])
      }
      .max { $0.decades < $1.decades }
  }

  /// Whether a layer's weights have moved well for a window, and nothing has been learned.
  private func movesInVain(_ place: Int) -> Bool {
    guard loss.count >= Evaluation.window, let fall = loss.fall,
      fall <= context.value(Thresholds.learningFall), let update = updates.median(of: place)
    else { return false }
    return Magnitude.power(update) > context.value(Thresholds.lowRateUpdate)
  }

  private func decades(_ place: Int) -> Double? { profile.fade(place).map { sign * $0 } }

  /// Whether it was there for most of a run that has learned little: what held the run up is not undone by its last steps.
  private var hasHeldUp: Bool { 2 * sightings > judgments && loss.harm(context) > .info }

  /// Whether a run that goes on has had a window to mend itself, as gates do that open first.
  private var hasHadTime: Bool {
    profile.count >= Evaluation.window && !loss.mayMend(context) || loss.nonFiniteStep != nil
  }
}
