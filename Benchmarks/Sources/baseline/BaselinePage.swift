import Foundation
import GradientHealth

/// The table of runs held against baselines, and each that wasn't judged as it should be.
struct BaselinePage {
  var rows: [BaselineRow]
  var seeds: Int
  var faultySeeds: Int

  var text: String {
    """
    # Runs held against baselines

    How often `gradcheck assert --baseline` calls a run worse, as `Scripts/flakes` wrote it. Of each model \(seeds) seeds are trained
    as its file says, from \(Baselines.firstSeed) on, since the limits were set with smaller ones. Each five of them make a baseline, and each
    run is held against all baselines without its seed; runs with a fault, from \(faultySeeds) seeds, as well. *First* and *last* say
    where it was seen: in the first 5 steps, in the last 50. Of healthy runs at most \(percent(BaselineRow.mostFalse)) of the pairs may be called
    worse, of faulty ones at least \(percent(BaselineRow.leastCaught)) have to be.

    | model | run | called worse | share | first | last |
    |---|---|---|---|---|---|
    \(rows.map(line).joined(separator: "\n"))

    \(exceptions)
    """
  }

  private func line(_ row: BaselineRow) -> String {
    "| \(row.subject.name) | \(row.subject.fault?.rawValue ?? "as it stands") "
      + "| \(row.worse.count) of \(row.pairs.count) | \(percent(row.share)) "
      + "| \(row.pairs.count(where: \.isWorseAtFirst)) | \(row.pairs.count(where: \.isWorseAtLast)) |"
  }

  private func percent(_ share: Double) -> String {
    share.formatted(.percent.precision(.fractionLength(0...1)))
  }

  private var exceptions: String {
    let lines = rows.flatMap { row in
      let isFaulty = row.subject.fault != nil
      let seeds = Dictionary(grouping: row.pairs.filter { $0.isWorse != isFaulty }, by: \.seed)
      return seeds.sorted { $0.key < $1.key }.map { seed, pairs in
        let what = pairs[0].summary?.split(separator: "\n").first.map { ": \($0)" }
        return
          "- \(row.subject.name), \(row.subject.fault?.rawValue ?? "as it stands"), seed \(seed), "
          + "against \(pairs.count) of the baselines\(what ?? ": not seen")"
      }
    }
    return lines.isEmpty ? "There is no exception." : lines.joined(separator: "\n")
  }
}
