import GradientHealth

/// One run from near: what was planted, what came of it, and which alarms stood when.
struct CloseUp {
  let family: Family
  let seed: UInt64

  func text() throws -> String {
    let examination = try Examination(family, seed: seed)
    let run = try family.setup.run(seed: seed)
    var live = LiveDiagnosis(header: run.header)
    var standing: [String] = []
    var lines = [
      "\(family.name), seed \(seed), \(family.half.rawValue): \(family.fault?.symptom ?? "healthy")"
        + (examination.isConfirmed ? "" : ", not confirmed"),
      "loss fell by \(examination.fall)\(examination.twinFall.map { ", the twin's by \($0)" } ?? "")",
    ]
    for step in run.steps {
      live.observe(step)
      let alarms = live.alarms().map(\.id)
      if alarms != standing { lines.append("step \(step.step): \(alarms.joined(separator: ", "))") }
      standing = alarms
    }
    let diagnosis = live.diagnosis()
    lines.append("\(diagnosis.verdict.rawValue): \(diagnosis.reason)")
    for (place, finding) in diagnosis.findings.enumerated() {
      lines.append(
        "\(place): \(finding.severity.rawValue) \(finding.id) at \(finding.layer ?? "no layer"), "
          + "since \(finding.firstStep), raised at \(finding.raisedAtStep), \(finding.statistic) "
          + "\(finding.value), cause \(finding.cause.id), caused by "
          + "\(finding.causedBy.map(String.init) ?? "nothing"): \(finding.message)")
    }
    lines += diagnosis.passed.map { "passed \($0.id): \($0.evidence)" }
    lines += diagnosis.notChecked.map { "not checked \($0.id): \($0.reason)" }
    return lines.joined(separator: "\n")
  }
}
