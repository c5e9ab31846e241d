import GradientHealth

/// The page on how often the remedies heal: Reports/corpus/cures.md.
struct CuresPage {
  let runs: [CureExamination]

  var text: String {
    """
    # Do the remedies heal?

    Written by `Scripts/corpus --cure`: each faulty training of [the corpus](README.md), with three seeds a family or as
    many as were asked for, and what `gradcheck cure` makes of it. A remedy heals when the diagnosis of a short training
    finds neither the root any more nor anything as bad, and the loss falls clearly below that of a constant answer. A run
    in which nothing was found counts as not healed; what no model file describes, two networks against each other and a
    training that goes on from another, is left out. Intervals are Wilson's, 95 %, as if the seeds of a family were
    independent.

    The last row leaves out what no change of a model heals, since its data hold nothing to be learned: labels drawn at
    random, and one example for all classes.

    | half | faulty runs | some remedy heals | the first one offered does |
    |---|---|---|---|
    \(Half.allCases.reversed().map { row(runs.filter(in: $0), $0.rawValue) }.joined(separator: "\n"))
    \(row(runs, "both"))
    \(row(runs.filter(\.family.setup.task.canBeLearned), "both, data that can be learned"))

    ## By planted fault

    How often each remedy heals stands beside how often it was tried: what is offered depends on the cause.

    | planted | runs | some remedy | the first one | which heal |
    |---|---|---|---|---|
    \(Set(runs.map(\.planted)).sorted().map(rowOfFault).joined(separator: "\n"))

    ## Not healed

    | family | seed | half | planted | found, and what each remedy came to |
    |---|---|---|---|---|
    \(runs.filter { !$0.isHealed }.map(line).joined(separator: "\n"))

    ## Healed, but not by the first

    | family | seed | half | planted | found, and what each remedy came to |
    |---|---|---|---|---|
    \(runs.filter { $0.isHealed && !$0.isHealedByFirst }.map(line).joined(separator: "\n"))

    """
  }

  private func share(
    _ runs: [CureExamination], where condition: (CureExamination) -> Bool
  ) -> String {
    WilsonInterval(hits: runs.count(where: condition), count: runs.count).description
  }

  private func row(_ runs: [CureExamination], _ name: String) -> String {
    "| \(name) | \(runs.count) | \(share(runs, where: \.isHealed)) "
      + "| \(share(runs, where: \.isHealedByFirst)) |"
  }

  private func rowOfFault(_ planted: String) -> String {
    let runs = runs.filter { $0.planted == planted }
    let healers = Dictionary(grouping: runs.flatMap(\.trials), by: \.remedy)
      .map { (remedy: $0.key, healed: $0.value.count(where: \.heals), tried: $0.value.count) }
      .filter { $0.healed > 0 }
      .sorted { ($1.healed, $0.remedy) < ($0.healed, $1.remedy) }
      .map { "\($0.remedy) \($0.healed)/\($0.tried)" }.joined(separator: ", ")
    return "| \(planted) | \(runs.count) | \(share(runs, where: \.isHealed)) "
      + "| \(share(runs, where: \.isHealedByFirst)) | \(healers) |"
  }

  private func line(_ run: CureExamination) -> String {
    "| \(run.family.name) | \(run.seed) | \(run.family.half.rawValue) | \(run.planted) "
      + "| \(run.story) |"
  }
}

extension [CureExamination] {
  fileprivate func filter(in half: Half) -> [CureExamination] { filter { $0.family.half == half } }
}
