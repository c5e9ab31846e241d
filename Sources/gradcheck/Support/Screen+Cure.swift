import GradientHealth

extension Screen {
  /// What was tried: the model as it is, then each remedy with what it came to and what remains.
  func describe(_ cure: Cure, _ limits: Cure.Limits) {
    let diagnosis = cure.before.diagnosis
    row("Health", verdict: diagnosis.label, diagnosis.style, diagnosis.headline)
    guard cure.finding != nil else {
      row("Cure", "nothing to cure in the first \(cure.before.result.steps.grouped) steps")
      return
    }
    let seconds = Wording.short(limits.seconds)
    row(
      "Trials",
      "of at most \(limits.steps.grouped) steps each; none begins after \(seconds)\u{a0}s")
    line()
    line(Self.columns(["", "remedy", "verdict", "loss", "accuracy"]))
    line(Self.columns(["", "as it is"] + cure.before.cells(heals: false)))
    for (number, attempt) in cure.attempts.enumerated() { describe(attempt, number: number + 1) }
    line()
    if cure.healing == nil {
      let reason = cure.ranOutOfTime ? "none heals so far; the time is up" : "no remedy heals"
      row("Cure", reason + "; nothing is written")
    }
  }

  /// What heals, and where it was written.
  func describe(_ healing: Attempt, _ cured: CuredModel, _ chart: String?) {
    row("Cure", verdict: "healed", .good, "by \(healing.name): \(healing.label)")
    row("Model", cured.path)
    if let chart { row("Chart", chart) }
    if cured.leavesOutWeights {
      row("Weights", "left out: what was changed does not fit the trained weights of the model")
    }
    let flag = cured.namesFilesOutside ? " --allow-outside" : ""
    row("Next", "gradcheck run \(cured.path.asArgument)\(flag)")
  }

  private func describe(_ attempt: Attempt, number: Int) {
    switch attempt.outcome {
    case .tried(let trial, let heals):
      // Two remedies' names may take a line of their own.
      let isLong = attempt.name.count >= Self.widths[1]
      if isLong { line(Self.columns(["\(number)", attempt.name])) }
      let start = isLong ? ["", ""] : ["\(number)", attempt.name]
      line(Self.columns(start + trial.cells(heals: heals)))
      let rest = trial.remains.isEmpty ? "" : "; remains: \(trial.remains)"
      line(Self.note(attempt.label + rest))
    case .notTried(let reason):
      line(Self.columns(["\(number)", attempt.name, "–"]))
      line(Self.note("not tried: \(reason)"))
    }
  }

  /// The widths of the table's columns.
  private static let widths = [3, 36, 10, 16, 9]

  private static func columns(_ cells: [String]) -> String {
    zip(cells, widths).map { $0.padded(to: $1) }.joined()
      .replacing(/\ +$/, with: "")
  }

  private static func note(_ text: String) -> String {
    let indent = String(repeating: " ", count: 5)
    return "   " + text.quotable.wrapped(to: 72, indent: indent)
  }
}

extension Trial {
  /// Verdict, loss and accuracy.
  fileprivate func cells(heals: Bool) -> [String] {
    [
      heals ? "healed" : diagnosis.label,
      "\(Wording.loss(firstLoss)) → \(Wording.loss(lastLoss))",
      accuracy.map(Wording.accuracy) ?? "",
    ]
  }

  /// What is still found, in words.
  fileprivate var remains: String {
    let found = diagnosis.findings.filter { $0.severity > .info }.map { Wording.symptom($0.id) }
    if found.isEmpty { return hasLearned ? "" : "the loss has not fallen" }
    return Wording.joined(found)
  }
}

extension Attempt {
  /// The remedies' ids.
  var name: String { remedies.map(\.id).joined(separator: " + ") }
}

extension Diagnosis {
  /// The color of its verdict.
  var style: Terminal.Style {
    switch verdict {
    case .healthy: .good
    case .warning, .inconclusive: .warning
    case .error: .bad
    }
  }
}
