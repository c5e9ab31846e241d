import GradientHealth

/// The page on how well the diagnosis does: Reports/corpus/README.md.
struct CorpusPage {
  let runs: [Examination]

  var text: String {
    let families = Set(runs.map(\.family.name)).count
    let unconfirmed = runs.count { !$0.isConfirmed }
    return """
      # The labelled corpus

      Written by `Scripts/corpus`: \(runs.count) short trainings in \(families) families, which differ in nothing but their
      seed within a family. Labels are planted, and confirmed by effect: a healthy run has learned, a faulty one shows what
      its twin without the fault does not. \(unconfirmed) runs are not what their labels say and count nowhere. A hash of its
      name puts a family into one of two halves: thresholds may be set by `tune`, what is claimed is `report`.
      [runs.csv](runs.csv) has a line a run. Intervals are Wilson's, 95 %.

      [cures.md](cures.md): how often the remedies heal. [preflight.md](preflight.md): what is known before the first step.

      *Alarmed*: any warning or error. *Named*: one of them is the planted fault. *Right root*: the root is it.
      *Right layer*: the root is it, at the layer where it was planted, of the faults that have a place. A loss that doesn't
      fall accuses nothing by itself: where that was planted, it has to be told and the verdict to be inconclusive. A *false
      alarm* is a warning or error on a healthy run, at its end or at any step while it went on, be it taken back later.

      The other systems are their published rules, not their programs, applied to the same traces every 10 steps; a mean
      magnitude, which a trace doesn't hold, is taken for normally distributed values. Their files in
      [Benchmarks/Sources/corpus/Rivals](../../Benchmarks/Sources/corpus/Rivals) say which rules are left out.

      ## Found and falsely alarmed

      \(Half.allCases.reversed().map(overview).joined(separator: "\n"))
      ## By symptom

      What a planted fault was taken for; `nothing` is a run without an alarm.

      \(Half.allCases.reversed().map(confusion).joined(separator: "\n"))
      ## Misses and false alarms

      By family, how many of its confirmed runs.

      \(mistakes)
      """
  }

  private func score(_ half: Half) -> Score { Score(runs.filter { $0.family.half == half }) }

  private func overview(_ half: Half) -> String {
    let score = score(half)
    let rivals = RivalCatalog.all.indices.map { place in
      let rival = score.rival(place)
      return "| \(RivalCatalog.all[place].name) | \(rival.alarmed.description) "
        + "| \(rival.found.description) | – | – | \(rival.falseAlarms.description) |"
    }
    return """
      ### The half `\(half.rawValue)`: \(score.faulty.count) faulty runs, \(score.healthy.count) healthy ones

      | rules | alarmed | named | right root | right layer | false alarms |
      |---|---|---|---|---|---|
      | gradcheck | \(score.alarmed.description) | \(score.found.description) | \(score.rightRoot.description) | \(score.rightLayer.description) | \(score.falseAlarms.description) |
      \(rivals.joined(separator: "\n"))

      Steps to the alarm, live, over \(score.delays.count) runs whose fault was named in the end, from its first full window
      (\(Trainer.window) steps; of a NaN, its own step; of δ that fades through time only later in a run, and
      of a loss that had fallen more than half as far as the twin's and climbed back, the first window that shows it):
      \(Self.spread(score.delaysAfterWindow)).
      From the fault itself: \(Self.spread(score.delays)). Alarms before a fault began: \(score.early).
      Of the false alarms \(score.takenBack) were taken back before the run ended.

      """
  }

  private static func spread(_ delays: [Int]) -> String {
    guard let most = delays.last else { return "none was raised" }
    return "median \(delays[delays.count / 2]), 90 % within \(delays[delays.count * 9 / 10]), "
      + "at most \(most)"
  }

  private func confusion(_ half: Half) -> String {
    let score = score(half)
    let labels = Set(score.runs.map(label)).sorted()
    let rows = labels.map { name in
      let runs = score.runs.filter { label($0) == name }
      let roots = Dictionary(grouping: runs) { $0.diagnosis.root?.id ?? "nothing" }
        .mapValues(\.count).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      let named = WilsonInterval(hits: runs.count(where: \.isFound), count: runs.count)
      return "| \(name) | \(runs.count) | \(name == "healthy" ? "–" : named.description) | "
        + roots.map { "\($0.key) \($0.value)" }.joined(separator: ", ") + " |"
    }
    return """
      ### The half `\(half.rawValue)`

      | planted | runs | named | root |
      |---|---|---|---|
      \(rows.joined(separator: "\n"))

      """
  }

  private func label(_ run: Examination) -> String { run.family.fault?.symptom ?? "healthy" }

  /// The families with a false alarm, a missed fault or another root, in their order.
  private var mistakes: String {
    var rows = ["| family | half | planted | runs | root instead |", "|---|---|---|---|---|"]
    var seen: Set<String> = []
    for run in runs where seen.insert(run.family.name).inserted {
      let confirmed = runs.filter { $0.family.name == run.family.name && $0.isConfirmed }
      let wrong = confirmed.filter {
        $0.family.fault == nil ? !$0.alarms.isEmpty || $0.liveAlarm != nil : !$0.hasRightRoot
      }
      guard !wrong.isEmpty else { continue }
      let roots = Set(wrong.map { $0.diagnosis.root?.id ?? "nothing" }).sorted()
      rows.append(
        "| \(run.family.name) | \(run.family.half.rawValue) | \(label(run)) "
          + "| \(wrong.count)/\(confirmed.count) | \(roots.joined(separator: ", ")) |")
    }
    return rows.joined(separator: "\n") + "\n"
  }
}
