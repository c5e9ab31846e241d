import GradientHealth

/// A run of the corpus, with what ours and others made of it.
struct Examination {
  let family: Family
  let seed: UInt64
  /// Whether the run is what its label says; one that isn't counts nowhere.
  let isConfirmed: Bool
  /// The share by which the loss fell, and the twin's.
  let fall: Double, twinFall: Double?
  let diagnosis: Diagnosis
  /// The first step after which an alarm stood, live; nil if none did before the end.
  let liveAlarm: Int?
  /// For each other system its alarms.
  let rivals: [Set<RivalAlarm>]

  /// Trains and judges the run of a family with a seed.
  init(_ family: Family, seed: UInt64) throws {
    let run = try family.setup.run(seed: seed)
    let twin = try family.fault?.twin.run(seed: seed)
    self.init(family, seed: seed, run: run, twin: twin)
  }

  init(_ family: Family, seed: UInt64, run: RecordedRun, twin: RecordedRun?) {
    self.family = family
    self.seed = seed
    isConfirmed = family.confirms(run, twin: twin)
    fall = run.fall
    twinFall = twin?.fall
    var live = LiveDiagnosis(header: run.header)
    var alarm: Int?
    for step in run.steps {
      live.observe(step)
      // While nothing stands, at the steps at which windows are looked at, and at each of the first ones.
      if alarm == nil, step.step < 10 || step.step % 5 == 4, !live.alarms().isEmpty {
        alarm = step.step
      }
    }
    diagnosis = live.diagnosis()
    liveAlarm = alarm
    rivals = RivalCatalog.all.map { $0.alarms(in: run) }
  }

  /// The findings that are warnings or errors.
  var alarms: [Finding] { diagnosis.findings.filter { $0.severity > .info } }

  /// Whether the planted fault is among the alarms.
  var isFound: Bool { family.fault.map { alarms.contains(where: $0.isNamed) } ?? false }

  /// Whether the root is the planted fault.
  var hasRightRoot: Bool {
    guard let fault = family.fault, let root = diagnosis.root else { return false }
    return fault.isNamed(by: root)
  }

  /// Whether the root's layer is where the fault was planted; nil where the fault has no place.
  var hasRightLayer: Bool? {
    guard let fault = family.fault, !fault.layers.isEmpty else { return nil }
    return hasRightRoot && diagnosis.root?.layer.map(fault.layers.contains) ?? false
  }

  /// The steps from the fault's first to the alarm; nil if there was none, or one before.
  var delay: Int? {
    guard let fault = family.fault, let liveAlarm, liveAlarm >= fault.begins else { return nil }
    return liveAlarm - fault.begins
  }
}
