import GradientHealth

/// The page on what is known of a run before its first step: Reports/corpus/preflight.md.
struct PreflightPage {
  let runs: [PreflightExamination]

  private var healthy: [PreflightExamination] { runs.filter { $0.family.fault == nil } }
  private var faulty: [PreflightExamination] { runs.filter { $0.family.fault != nil } }

  var text: String {
    """
    # What a preflight knows

    Written by `Scripts/corpus --preflight`: what the checks before the first step say of the trainings of
    [the corpus](README.md), one seed a family. A preflight sees no training: it can't foresee most faults, and a
    warning that it gives of a run which learned nevertheless is a false one. Two networks against each other and trainings
    that go on from others have none and are left out. Intervals are Wilson's, 95 %.

    It took \(costs) of its run's time (median, 90th percentile and most).

    | check | healthy runs warned of | faulty runs warned of |
    |---|---|---|
    \(Preflight.Check.allCases.map(row).joined(separator: "\n"))
    | any | \(share(healthy) { !$0.preflight.warnings.isEmpty }) | \(share(faulty) { !$0.preflight.warnings.isEmpty }) |

    ## Faults that are foreseen

    | planted | runs | warned of | by |
    |---|---|---|---|
    \(Set(faulty.compactMap { $0.family.fault?.symptom }).sorted().map(rowOfFault).joined(separator: "\n"))

    ## Healthy runs warned of

    \(falseWarnings)

    """
  }

  private var falseWarnings: String {
    let lines = healthy.flatMap(lines)
    guard !lines.isEmpty else { return "None." }
    return (["| family | half | warning |", "|---|---|---|"] + lines).joined(separator: "\n")
  }

  private var costs: String {
    let sorted = runs.map(\.cost).sorted()
    guard !sorted.isEmpty else { return "nothing" }
    return [sorted.count / 2, sorted.count * 9 / 10, sorted.count - 1]
      .map { "\(Int((100 * sorted[$0]).rounded())) %" }.joined(separator: ", ")
  }

  private func share(
    _ runs: [PreflightExamination], where condition: (PreflightExamination) -> Bool
  ) -> String {
    WilsonInterval(hits: runs.count(where: condition), count: runs.count).description
  }

  private func row(_ check: Preflight.Check) -> String {
    "| \(check.rawValue) | \(share(healthy) { $0.warns(check) }) "
      + "| \(share(faulty) { $0.warns(check) }) |"
  }

  private func rowOfFault(_ planted: String) -> String {
    let runs = faulty.filter { $0.family.fault?.symptom == planted }
    let checks = Preflight.Check.allCases.compactMap { check in
      let count = runs.count { $0.warns(check) }
      return count > 0 ? "\(check.rawValue) \(count)" : nil
    }
    return "| \(planted) | \(runs.count) | \(runs.count { !$0.preflight.warnings.isEmpty }) "
      + "| \(checks.joined(separator: ", ")) |"
  }

  private func lines(_ run: PreflightExamination) -> [String] {
    run.preflight.warnings.map { warning in
      "| \(run.family.name) | \(run.family.half.rawValue) "
        + "| \(warning.check.rawValue): \(warning.message) |"
    }
  }
}
