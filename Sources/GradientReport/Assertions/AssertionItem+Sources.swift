import GradientChecking
import GradientDiagnosis
import GzipIO

extension AssertionItem {
  /// Whether the gradients are right: an issue for each layer where they aren't.
  init(_ check: GradientCheck) {
    self.init(id: "gradients", group: .gradients, outcome: .passed, text: check.evidence)
    switch check.verdict {
    case .pass: return
    case .fail:
      outcome = .failed
      issues = check.wrongLayers.map { layer, tensors in
        AssertionIssue(
          severity: .error, layer: layer,
          message: "wrong gradient in \(layer): "
            + Wording.list(tensors.map(\.name), contiguous: false),
          advice: Self.unique(tensors.compactMap(\.signature) + tensors.compactMap(\.likelyCause)))
      }
    case .unverifiable:
      outcome = .undecided
      issues = [
        AssertionIssue(
          severity: .error,
          message: "no verdict on the gradients: "
            + (check.obstacle ?? "\(check.unverifiable.grouped) entries can't be told from rounding")
        )
      ]
    }
    text = issues.map(\.message).joined(separator: "; ")
  }

  /// Whether a run is no worse than those of its baseline.
  init(_ comparison: RunComparison) {
    self.init(
      id: "baseline", group: .baseline, outcome: .passed,
      text: "no worse than \(comparison.repeats.counted("run")) of the baseline in "
        + comparison.comparedSteps)
    let message: String
    if comparison.steps == nil || comparison.entries.isEmpty {
      outcome = .undecided
      message = "no verdict: the run and its baseline have nothing in common"
    } else if let summary = comparison.worseSummary {
      outcome = .failed
      message = summary
    } else {
      return
    }
    let lines = message.split(separator: "\n").map(String.init)
    text = lines[0]
    issues = [
      AssertionIssue(
        severity: .error, layer: comparison.worse.first?.layer, message: lines[0],
        advice: Array(lines.dropFirst()))
    ]
  }

  /// The texts in their order, each once.
  private static func unique(_ texts: [String]) -> [String] {
    texts.indices.filter { texts[..<$0].firstIndex(of: texts[$0]) == nil }.map { texts[$0] }
  }
}

extension GradientCheck {
  /// How much was compared, in a few words.
  fileprivate var evidence: String {
    let alone = tensors.filter { !$0.isWholeNetwork }
    return "\(alone.reduce(0) { $0 + $1.checked }.grouped) entries of "
      + "\(alone.count.counted("tensor")) agree"
  }

  /// The layers whose gradients are wrong, in the order of the forward pass, with the tensors at fault.
  fileprivate var wrongLayers: [(layer: String, tensors: [TensorCheck])] {
    var layers: [(layer: String, tensors: [TensorCheck])] = []
    for tensor in failures {
      if let place = layers.firstIndex(where: { $0.layer == tensor.layer }) {
        layers[place].tensors.append(tensor)
      } else {
        layers.append((tensor.layer, [tensor]))
      }
    }
    return layers
  }
}

extension Preflight {
  /// One item a check, in their order.
  func items(_ policy: HealthPolicy) -> [AssertionItem] {
    Check.allCases.compactMap { check in
      let id = check.rawValue
      if let warning = warnings.first(where: { $0.check == check }) {
        return AssertionItem(
          id: id, group: .preflight, outcome: policy.fails(on: .warning) ? .failed : .warned,
          text: warning.message,
          issues: [
            AssertionIssue(
              severity: .warning, layer: warning.layers.first,
              message: "\(id) (warning), before the first step: \(warning.message)",
              advice: ["Why: \(warning.cause.text)"] + Remedy.advice(warning.remedies))
          ])
      }
      if let reason = notChecked.first(where: { $0.id == id })?.reason {
        return AssertionItem(id: id, group: .preflight, outcome: .notChecked, text: reason)
      }
      return passed.first { $0.id == id }.map {
        AssertionItem(id: id, group: .preflight, outcome: .passed, text: $0.evidence)
      }
    }
  }
}

extension Diagnosis {
  /// One item a symptom, in the order of their catalog, and one that says whether there is a verdict.
  func items(_ policy: HealthPolicy) -> [AssertionItem] {
    let symptoms = AnalyzerCatalog.explanations.map { item(of: $0.id, policy) }
    var verdict = AssertionItem(id: "verdict", group: .health, outcome: .passed, text: reason)
    if self.verdict == .inconclusive {
      verdict.outcome = .undecided
      verdict.issues = [AssertionIssue(severity: .error, message: "no verdict: \(reason)")]
    }
    return symptoms + [verdict]
  }

  private func item(of id: String, _ policy: HealthPolicy) -> AssertionItem {
    let found = findings.filter { $0.id == id }
    let worst = found.map(\.severity).max()
    guard let worst, worst > .info || policy.fails(on: worst) else {
      if let reason = notChecked.first(where: { $0.id == id })?.reason, found.isEmpty {
        return AssertionItem(id: id, group: .health, outcome: .notChecked, text: reason)
      }
      let evidence =
        found.map(\.message) + passed.filter { $0.id == id }.map(\.evidence)
      return AssertionItem(
        id: id, group: .health, outcome: .passed, text: evidence.joined(separator: " "))
    }
    let told = found.filter { $0.severity > .info || policy.fails(on: $0.severity) }
    return AssertionItem(
      id: id, group: .health, outcome: policy.fails(on: worst) ? .failed : .warned,
      text: told.map(\.message).joined(separator: " "),
      issues: told.map { finding in
        let lines = self.lines(of: finding)
        return AssertionIssue(
          severity: finding.severity, layer: finding.layer, message: lines[0],
          advice: Array(lines.dropFirst()))
      })
  }
}

extension HealthPolicy {
  /// Whether something of a severity fails.
  fileprivate func fails(on severity: Severity) -> Bool { failOn.map { severity >= $0 } ?? false }
}

extension Remedy {
  /// What to try, best first, as a line; none where there is nothing.
  fileprivate static func advice(_ remedies: [Remedy]) -> [String] {
    remedies.isEmpty ? [] : ["Try: " + list(remedies)]
  }
}
