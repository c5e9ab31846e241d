/// How the runs of one half were judged.
struct Score {
  /// The runs that are what their labels say.
  let runs: [Examination]

  init(_ runs: [Examination]) { self.runs = runs.filter(\.isConfirmed) }

  var faulty: [Examination] { runs.filter { $0.family.fault != nil } }
  var healthy: [Examination] { runs.filter { $0.family.fault == nil } }

  /// Faulty runs with any alarm, and with one that names the fault.
  var alarmed: WilsonInterval { share(of: faulty, where: \.isAlarmed) }
  var found: WilsonInterval { share(of: faulty, where: \.isFound) }
  /// Healthy runs with any alarm, at the end or at some step while they went on.
  var falseAlarms: WilsonInterval {
    share(of: healthy) { !$0.alarms.isEmpty || $0.liveAlarm != nil }
  }
  /// Those of them whose alarm was taken back before the end.
  var takenBack: Int { healthy.count { $0.alarms.isEmpty && $0.liveAlarm != nil } }
  var rightRoot: WilsonInterval { share(of: faulty, where: \.hasRightRoot) }
  var sameSymptom: WilsonInterval { share(of: faulty, where: \.hasSameSymptom) }
  var rightLayer: WilsonInterval {
    share(of: faulty.filter { $0.hasRightLayer != nil }) { $0.hasRightLayer == true }
  }
  /// The steps from fault to alarm, live, in order, of the runs in which the fault was found.
  var delays: [Int] { faulty.filter(\.isFound).compactMap(\.delay).sorted() }
  /// The same, counted from the first window that is full of the fault.
  var delaysAfterWindow: [Int] {
    faulty.filter(\.isFound).compactMap(\.delayAfterWindow).sorted()
  }
  /// Faulty runs with an alarm before the fault began.
  var early: Int { faulty.count { $0.liveAlarm ?? .max < $0.faultStep } }

  /// The same figures for the system at `place` of the rivals: runs alarmed, fault named, false alarms.
  func rival(
    _ place: Int
  ) -> (alarmed: WilsonInterval, found: WilsonInterval, falseAlarms: WilsonInterval) {
    (
      share(of: faulty) { !$0.rivals[place].isEmpty },
      share(of: faulty) { run in
        run.rivals[place].contains { run.family.fault?.isNamed(by: $0.rawValue) ?? false }
      },
      share(of: healthy) { !$0.rivals[place].isEmpty }
    )
  }

  private func share(
    of runs: [Examination], where condition: (Examination) -> Bool
  ) -> WilsonInterval {
    WilsonInterval(hits: runs.count(where: condition), count: runs.count)
  }
}
