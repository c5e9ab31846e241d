import Foundation
import GradientHealth

/// One line a run, as CSV, so that misses can be looked at.
enum RunLines {
  static func text(_ runs: [Examination]) -> String {
    let head =
      [
        "family", "half", "seed", "label", "confirmed", "fall", "twin-fall", "verdict", "root",
        "root-layer", "alarms", "live-alarm", "found", "right-root", "right-layer",
      ] + RivalCatalog.all.map { $0.name }
    return ([head] + runs.map(fields)).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private static func fields(_ run: Examination) -> [String] {
    let planted = run.family.fault?.symptom
    let label = [
      run.family.name, run.family.half.rawValue, "\(run.seed)", planted ?? "healthy",
      "\(run.isConfirmed)", figure(run.fall), run.twinFall.map(figure) ?? "",
    ]
    let root = run.diagnosis.root
    let alarms = run.alarms.map(\.id).joined(separator: " ")
    let judged: [String] = [
      run.diagnosis.verdict.rawValue, root?.id ?? "", root?.layer ?? "", alarms,
      text(run.liveAlarm), text(planted == nil ? nil : run.isFound),
      text(planted == nil ? nil : run.hasRightRoot), text(run.hasRightLayer),
    ]
    let rivals = run.rivals.map { $0.sorted().map(\.rawValue).joined(separator: " ") }
    return label + judged + rivals
  }

  private static func text(_ value: (some CustomStringConvertible)?) -> String {
    value?.description ?? ""
  }

  private static func figure(_ value: Double) -> String { String(format: "%.3f", value) }
}
