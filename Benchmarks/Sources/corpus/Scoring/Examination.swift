import GradientHealth

/// A run of the corpus, with what ours and others made of it.
struct Examination: Sendable {
  let family: Family
  let seed: UInt64
  /// Whether the run is what its label says; one that isn't counts nowhere.
  let isConfirmed: Bool
  /// The share by which the loss fell, and the twin's.
  let fall: Double, twinFall: Double?
  let diagnosis: Diagnosis
  /// The first step after which an alarm stood, live; nil if none did before the end.
  let liveAlarm: Int?
  /// The step at which the fault begins, and the last one of the first window that is full of it.
  let faultStep: Int, firstWindow: Int
  /// For each other system its alarms.
  let rivals: [Set<RivalAlarm>]

  /// Trains and judges the run of a family with a seed.
  init(_ family: Family, seed: UInt64) throws {
    let run = try family.setup.run(seed: seed)
    let twin = try family.fault?.twin.run(seed: seed)
    try self.init(family, seed: seed, run: run, twin: twin)
  }

  init(_ family: Family, seed: UInt64, run: RecordedRun, twin: RecordedRun?) throws {
    self.family = family
    self.seed = seed
    isConfirmed = family.confirms(run, twin: twin)
    fall = run.fall
    twinFall = twin?.fall
    var live = LiveDiagnosis(header: run.header)
    var alarm: Int?
    for step in run.steps {
      live.observe(step)
      if alarm == nil, !live.alarms().isEmpty { alarm = step.step }
    }
    diagnosis =
      run.paired.isEmpty
      ? live.diagnosis()
      : try Diagnosis(
        of: Trace(header: run.header, steps: run.steps),
        paired: Trace(header: run.header, steps: run.paired))
    liveAlarm = alarm
    let isNonFinite = family.fault?.symptom == "non-finite"
    let begins = family.fault?.begins ?? 0
    faultStep = isNonFinite ? run.firstNonFiniteStep ?? begins : begins
    let fullWindow = faultStep + Trainer.window - 1
    firstWindow =
      isNonFinite
      ? faultStep : max(fullWindow, family.firstWindow(in: run, twin: twin) ?? fullWindow)
    rivals = RivalCatalog.all.map { $0.alarms(in: run) }
  }

  /// The findings that are warnings or errors.
  var alarms: [Finding] { diagnosis.findings.filter { $0.severity > .info } }

  /// Whether the run was not passed as healthy: an alarm was raised, or nothing that explains the planted symptom.
  var isAlarmed: Bool { !alarms.isEmpty || isLeftOpen }

  /// Whether the verdict is inconclusive on a symptom that accuses nothing by itself, as it has to be.
  private var isLeftOpen: Bool {
    guard let fault = family.fault, fault.isOpen else { return false }
    return diagnosis.verdict == .inconclusive && diagnosis.findings.contains(where: fault.isNamed)
  }

  /// Whether the planted fault is among the alarms.
  var isFound: Bool {
    family.fault.map { alarms.contains(where: $0.isNamed) || isLeftOpen } ?? false
  }

  /// Whether the root is the planted fault.
  var hasRightRoot: Bool {
    guard let fault = family.fault, let root = diagnosis.root else { return isLeftOpen }
    return fault.isNamed(by: root)
  }

  /// Whether the root is called as what was planted, or that was left open as it has to be.
  var hasSameSymptom: Bool { isLeftOpen || diagnosis.root?.id == family.fault?.symptom }

  /// Whether the root's layer is where the fault was planted; nil where the fault has no place.
  var hasRightLayer: Bool? {
    guard let fault = family.fault, !fault.layers.isEmpty else { return nil }
    return hasRightRoot && diagnosis.root?.layer.map(fault.layers.contains) ?? false
  }

  /// The steps from the fault to the alarm; nil if there was none, or one before.
  var delay: Int? {
    guard family.fault != nil, let liveAlarm, liveAlarm >= faultStep else { return nil }
    return liveAlarm - faultStep
  }

  /// The steps from the first full window to the alarm; 0 where it came before the window was full.
  var delayAfterWindow: Int? {
    delay.map { max(0, faultStep + $0 - firstWindow) }
  }
}
