/// What one analyzer made of a run.
struct JudgedSymptom: Sendable {
  /// The analyzer.
  let analyzer: any Analyzer.Type
  /// What it found.
  let outcome: Outcome

  /// The symptom's id.
  var id: String { analyzer.explanation.id }
}

extension Diagnosis {
  /// Puts the outcomes of all analyzers together: chains the findings, names the root and draws the verdict.
  init(_ outcomes: [JudgedSymptom], steps: Int, policy: HealthPolicy) {
    var passed: [CheckedSymptom] = []
    var notChecked: [UncheckedSymptom] = []
    var found: [Finding] = []
    for symptom in outcomes {
      switch symptom.outcome {
      case .found(let findings): found += findings
      case .clear(let evidence): passed.append(CheckedSymptom(id: symptom.id, evidence: evidence))
      case .notChecked(let reason):
        notChecked.append(UncheckedSymptom(id: symptom.id, reason: reason))
      }
    }
    var told: Finding?
    if let place = found.firstIndex(where: { LearningRateTooHigh.isTold($0, by: found) }) {
      told = found.remove(at: place)
      notChecked.append(
        UncheckedSymptom(
          id: LearningRateTooHigh.explanation.id, reason: "another finding blames the learning rate"
        ))
    }
    let chain = CausalChain(
      found.map { $0.tolerated(by: policy).judged(on: steps) },
      explainedBy: Dictionary(
        uniqueKeysWithValues: outcomes.map { ($0.id, $0.analyzer.explainedBy) }), told: told)
    let learning = outcomes.first { $0.id == NotLearning.explanation.id }?.outcome
    let worst = chain.findings.map(\.severity).max()
    let lack = Self.lack(outcomes, steps: steps)
    let verdict: Verdict =
      switch (worst, learning) {
      case (.error, _): .error
      case (.warning, _): .warning
      case (_, .clear) where lack == nil: .healthy
      default: .inconclusive
      }
    self.init(
      verdict: verdict, rootCause: chain.root, findings: chain.findings, passed: passed,
      notChecked: notChecked, steps: steps,
      reason: steps == 0
        ? "no step in this trace"
        : Self.reason(verdict, root: chain.root.map { chain.findings[$0] }, learning, lack))
  }

  /// The symptoms that were looked at where a trace tells anything of what flows back: a δ, a gradient or an update.
  private static let needed: Set<String> = [
    BlockedGradient.explanation.id, ExplodingGradient.explanation.id, UntrainedLayer.explanation.id,
  ]

  /// Why a run can't be called healthy, however well its loss stands; nil where it can.
  private static func lack(_ outcomes: [JudgedSymptom], steps: Int) -> String? {
    if steps < Evaluation.grace {
      return "only \(Wording.steps(steps)): it takes \(Evaluation.grace) to call a run healthy"
    }
    let isLooked = outcomes.contains { symptom in
      if case .notChecked = symptom.outcome { return false }
      return needed.contains(symptom.id)
    }
    return isLooked
      ? nil
      : "neither δ nor a gradient nor an update of weights in this trace, which tell of health"
  }

  private static func reason(
    _ verdict: Verdict, root: Finding?, _ learning: Outcome?, _ lack: String?
  ) -> String {
    if let root { return root.message }
    return switch learning {
    case .clear where lack != nil: lack ?? ""
    case .clear(let evidence): evidence
    case .notChecked(let missing): missing
    case .found(let findings): findings.first?.message ?? ""
    case nil: "nobody looked at the loss"
    }
  }
}

/// Findings with the arrows between them: which brought about which, and which stands at the root.
struct CausalChain {
  /// The findings, the root first, then by severity and step.
  let findings: [Finding]
  /// The index of the root, or nil where no finding is an alarm.
  let root: Int?

  /// Chains findings, given for each symptom those that can bring it about, the most telling first.
  ///
  /// A learning rate that is too high may have been `told` by other findings, which then stand for it.
  init(_ found: [Finding], explainedBy: [String: [CausalLink]], told: Finding? = nil) {
    var causes = [Int?](repeating: nil, count: found.count)
    for index in found.indices {
      causes[index] = Self.cause(
        of: index, in: found, explainedBy[found[index].id] ?? [], causes, told)
    }
    var found = found
    for index in found.indices
    where found[index].id == NotLearning.explanation.id && causes[index] == nil {
      // A loss that does not fall is a symptom of something; alone it accuses nothing.
      found[index].severity = min(found[index].severity, .info)
    }
    for index in causes.indices where found[index].severity == .info { causes[index] = nil }

    let consequences = found.indices.map { origin in
      found.indices.count { $0 != origin && Self.origin(of: $0, causes) == origin }
    }
    let root = found.indices
      .filter { causes[$0] == nil && found[$0].severity > .info }
      .min {
        (found[$1].severity, consequences[$1], found[$0].firstStep, $0)
          < (found[$0].severity, consequences[$0], found[$1].firstStep, $1)
      }
    for index in found.indices {
      // A cause is as bad as the worst that it brought about.
      for origin in Self.origins(of: index, causes) {
        found[origin].severity = max(found[origin].severity, found[index].severity)
      }
    }
    let order = found.indices.sorted {
      guard ($0 == root) == ($1 == root) else { return $0 == root }
      return (found[$1].severity, found[$0].firstStep, $0)
        < (found[$0].severity, found[$1].firstStep, $1)
    }
    findings = order.map { index in
      var finding = found[index]
      finding.causedBy = causes[index].flatMap { order.firstIndex(of: $0) }
      guard let cause = causes[index] else { return finding }
      // It goes when its cause is mended; advice of its own could only contradict that.
      finding.remedies = []
      if finding.isDatedByWindow, found[cause].firstStep <= finding.raisedAtStep {
        finding.firstStep = max(finding.firstStep, found[cause].firstStep)
      }
      return finding
    }
    self.root = root == nil ? nil : 0
  }

  /// The finding that best explains the one at `index`: of the first symptom that can, and that was there in time.
  private static func cause(
    of index: Int, in found: [Finding], _ links: [CausalLink], _ causes: [Int?], _ told: Finding?
  ) -> Int? {
    for link in links {
      let candidates = found.indices.filter { place in
        let suspect = found[place]
        guard suspect.severity > .info, place != index, origin(of: place, causes) != index else {
          return false
        }
        if suspect.id == link.id { return link.allows(suspect, found[index]) }
        guard let told, told.id == link.id, LearningRateTooHigh.isBlamed(by: suspect) else {
          return false
        }
        return link.allows(told, found[index])
      }
      if let first = candidates.min(by: { found[$0].firstStep < found[$1].firstStep }) {
        return first
      }
    }
    return nil
  }

  private static func origin(of index: Int, _ causes: [Int?]) -> Int {
    origins(of: index, causes).last ?? index
  }

  /// The finding that brought about the one at `index`, the one that brought about that, and so on.
  private static func origins(of index: Int, _ causes: [Int?]) -> [Int] {
    Array(sequence(first: index) { causes[$0] }.dropFirst())
  }
}

extension Finding {
  /// This finding with a word of caution, if it rests on fewer steps than a window has.
  fileprivate func judged(on steps: Int) -> Finding {
    guard steps < Evaluation.grace, id != NonFinite.explanation.id else { return self }
    var finding = self
    finding.message += " Judged on \(steps) steps alone."
    return finding
  }

  /// This finding as a note, if the policy tolerates it; if it did so up to a day that has passed, that is said.
  fileprivate func tolerated(by policy: HealthPolicy) -> Finding {
    guard severity > .info else { return self }
    var finding = self
    if let allowance = policy.allowance(for: id, layer: layer) {
      finding.severity = .info
      let until = allowance.until.map { " until \($0)" } ?? ""
      finding.message += " Tolerated\(until): \(allowance.reason)."
    } else {
      finding.message += policy.expiryNote(for: id, layer: layer)
    }
    return finding
  }
}
