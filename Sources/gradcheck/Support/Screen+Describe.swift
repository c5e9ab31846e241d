import Foundation
import GradientHealth

extension Screen {
  /// The model and its data.
  func describe(_ session: Session) {
    row("Model", session.file.network.summary)
    if let data = session.data { row("Data", data.summary(of: session.file)) }
  }

  /// The gradient check in one line, or in full where it did not pass.
  func describe(_ check: GradientCheck) {
    switch check.verdict {
    case .pass: row("Gradients", verdict: "right", .good, check.summary)
    case .fail:
      row("Gradients", verdict: "WRONG", .bad, check.summary)
      line(check.description)
    case .unverifiable:
      row("Gradients", verdict: "UNCLEAR", .warning, check.obstacle ?? check.summary)
    }
  }

  /// What came to light before the first step; the report has it in full.
  func describe(_ preflight: Preflight) {
    let isReady = preflight.warnings.isEmpty
    row(
      "Preflight", verdict: isReady ? "ready" : "WARNING", isReady ? .good : .warning,
      preflight.summary)
  }

  /// What was measured at each size, and what follows from it.
  func describe(_ sweep: Sweep) {
    let steps = sweep.steps.map { ", \($0) steps of \(sweep.optimizer ?? "")" } ?? ""
    let starts = "\(sweep.seeds) \(sweep.seeds == 1 ? "seed" : "seeds"), \(sweep.examples) examples"
    for part in sweep.parts {
      line()
      row(part.dimension == .width ? "Width" : "Depth", "\(part.subject) · \(starts)\(steps)")
      for quantity in Sweep.Quantity.allCases {
        let table = part.table(of: quantity, steps: sweep.steps)
        if !table.isEmpty { line() }
        for text in table { line(text.quotable) }
      }
      line()
      for judgment in part.judgments { describe(judgment) }
    }
    if !sweep.notes.isEmpty { line() }
    for (place, note) in sweep.notes.enumerated() { row(place == 0 ? "Besides" : "", note) }
  }

  private func describe(_ judgment: Sweep.Judgment) {
    let style: Terminal.Style =
      switch judgment.severity {
      case .info: judgment.trend == .steady ? .good : .bold
      case .warning: .warning
      case .error: .bad
      }
    let isAlarm = judgment.severity > .info
    let verdict = isAlarm ? judgment.trend.rawValue.uppercased() : judgment.trend.rawValue
    row(judgment.quantity.name, verdict: verdict, style, judgment.message)
    if let cause = judgment.cause { row("", "Why: " + cause.text) }
    for remedy in judgment.remedies.prefix(2) { row("", "Try: " + remedy.text) }
  }

  /// Why there is no verdict, where too many entries can't be told.
  func describeDoubt(about check: GradientCheck) {
    guard check.verdict == .unverifiable, check.obstacle == nil else { return }
    let checked = check.tensors.reduce(0) { $0 + $1.checked }
    let share = 100 * Double(check.unverifiable) / Double(max(checked, 1))
    row(
      "No verdict",
      "\(check.unverifiable.grouped) of \(checked.grouped) can't be told, \(percent(share)) %; "
        + "at most \(percent(100 * check.mostUnverifiable)) % may be, and not all of a tensor "
        + "(--max-unverifiable)")
  }

  /// What stands behind a check's verdict: what each oracle said, what the largest derivative means, and the seed.
  func describeEvidence(of check: GradientCheck) {
    for (place, sentence) in check.opinions.enumerated() {
      row(place == 0 ? "Oracles" : "", sentence)
    }
    if let effect = check.effects.first { row("Meaning", effect.text) }
    if let secondOrder = check.secondOrder {
      for (place, sentence) in secondOrder.sentences.enumerated() {
        row(place == 0 ? "Hessian" : "", sentence)
      }
    }
    row("Seed", "\(check.seed); --seed \(check.seed) repeats this check")
  }

  /// The training: steps, loss and accuracy.
  func describe(_ training: TrainingReport) {
    let result = training.result
    var parts = [
      String(format: "%@ steps in %.1f\u{a0}s", result.steps.grouped, training.seconds),
      "loss \(Wording.loss(training.losses.start)) → \(Wording.loss(training.losses.end))",
    ]
    for part in result.parts where part.name != "training" {
      let figure =
        part.accuracy.map { "accuracy \(Wording.accuracy($0))" }
        ?? "loss \(Wording.loss(part.loss))"
      parts.append("\(part.name) \(figure)")
    }
    row("Training", parts.joined(separator: " · "))
    if let finding = training.stoppedBy {
      row("Stopped", "by \(finding.headline)")
    } else if let reason = result.stopReason?.text {
      row("Stopped", reason)
    }
  }

  /// The diagnosis: the Health block; of a model's run also the command that tries the remedies.
  func describe(_ diagnosis: Diagnosis, ofModel path: String? = nil) {
    let command = path.flatMap {
      Cure.hasTreatment(for: diagnosis) ? "gradcheck cure \($0.asArgument)" : nil
    }
    output.say(diagnosis.text(tryingAll: command))
  }
}

extension GradientCheck {
  /// How much was checked, and what agrees least.
  ///
  /// `52 tensors, 16,698 of 63,450 entries, 2 oracles, worst relative error 1.0e-11`.
  fileprivate var summary: String {
    guard verdict != .fail else {
      let failing = Set(failures.map(\.layer)).sorted().joined(separator: ", ")
      return "\(failures.count) of \(tensors.count) tensors, in \(failing)"
    }
    let alone = tensors.filter { !$0.isWholeNetwork }
    let checked = alone.reduce(0) { $0 + $1.checked }, count = alone.reduce(0) { $0 + $1.count }
    let entries = checked < count ? "\(checked.grouped) of \(count.grouped)" : count.grouped
    let error = worst.map { String(format: ", worst relative error %.1e", $0.relativeError) } ?? ""
    let tensors = "\(alone.count) \(alone.count == 1 ? "tensor" : "tensors")"
    let asked = "\(oracles.count) \(oracles.count == 1 ? "oracle" : "oracles")"
    return "\(tensors), \(entries) entries, \(asked)\(error)"
  }

  /// What each oracle said, one sentence each.
  fileprivate var opinions: [String] {
    var sentences = tallies.map { tally in
      let verdict =
        tally.failed > 0
        ? "\(tally.failed.grouped) of \(tally.checked.grouped) are wrong"
        : "\(tally.agreed.grouped) of \(tally.checked.grouped) agree"
      let undecided =
        tally.undecided > 0 ? ", \(tally.undecided.grouped) can't be told" : ""
      let worst = tally.worst.map { ", relative error at most \(Self.error(tally)) in \($0)" }
      return "\(tally.oracle.name): \(verdict)\(undecided)\(worst ?? "")"
    }
    if let float {
      let error = String(format: "%.1e", float.relativeError)
      sentences.append(
        float.agrees
          ? "Float, in which models train, agrees with Double to \(error), worst in \(float.tensor)"
          : "Float, in which models train, differs from Double by \(error) in \(float.tensor)")
    }
    return sentences
  }

  private static func error(_ tally: OracleTally) -> String {
    String(format: "%.1e", tally.relativeError)
  }

  /// What the check means for the command's exit.
  var exitStatus: ExitStatus? {
    switch verdict {
    case .pass: nil
    case .fail: .failed
    case .unverifiable: .undecided
    }
  }
}

extension Preflight {
  /// What the preflight means for the command's exit: its findings are warnings.
  func exitStatus(_ policy: HealthPolicy) -> ExitStatus? {
    guard let failOn = policy.failOn, !warnings.isEmpty else { return nil }
    return failOn <= .warning ? .failed : nil
  }
}

extension Diagnosis {
  /// What the diagnosis means for the command's exit.
  func exitStatus(_ policy: HealthPolicy) -> ExitStatus? {
    if policy.fails(self) { return .failed }
    return verdict == .inconclusive && policy.failOn != nil ? .undecided : nil
  }
}

extension StopReason {
  /// Why training ended early, in words; nil where that is said elsewhere.
  fileprivate var text: String? {
    switch self {
    case .patience: "the loss had no new best for as many epochs as `patience` says"
    case .loss: "the loss is as low as asked for"
    case .seconds: "the time is up"
    case .nonFinite: "the loss or a gradient is not finite; the weights are those before"
    case .observer: nil
    }
  }
}

extension TrainingResult {
  /// The steps, and loss and accuracy of every part, as JSON.
  var json: String {
    let parts = parts.map { part in
      var entries = [
        "\"examples\":\(part.examples)", "\"loss\":\(JSONDocument.number(part.loss))",
      ]
      if let accuracy = part.accuracy { entries.append("\"accuracy\":\(accuracy)") }
      return "\(JSONDocument.quoted(part.name)):{\(entries.joined(separator: ","))}"
    }
    return
      "{\"steps\":\(steps),\"stopped\":\(wasStopped)"
      + (stopReason.map { ",\"stopReason\":\"\($0.rawValue)\"" } ?? "")
      + ",\"parts\":{\(parts.joined(separator: ","))}}"
  }
}

extension TrainingExamples {
  /// The file and its parts: `digits.csv.gz · 1,257 train, 180 validation, 360 test · no header, …`.
  fileprivate func summary(of file: ModelFile) -> String {
    let parts = DataPart.allCases.map { ($0, data.count(of: $0)) }.filter { $0.1 > 0 }
      .map { "\($0.1.grouped) \($0.0 == .training ? "train" : $0.0.rawValue)" }
    let name = file.data?.files.first.map { URL(fileURLWithPath: $0).lastPathComponent } ?? ""
    return "\(name) · \(parts.joined(separator: ", ")) · \(description)"
  }
}
