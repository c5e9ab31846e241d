extension Diagnosis {
  /// The verdict as a failing test says it: the root finding with why and what to try, then what follows from it.
  public var summary: String { summaryLines.joined(separator: "\n") }

  /// The lines of the summary.
  package var summaryLines: [String] {
    guard let root else {
      let first = findings.first { $0.severity > .info }
      return first.map(lines)
        ?? ["\(verdict == .healthy ? "healthy" : "no verdict"): \(reason)"]
    }
    let others = findings.filter { $0 != root && $0.severity > .info }.map(\.place)
    let besides = others.isEmpty ? [] : ["Besides: " + others.joined(separator: "; ")]
    return lines(of: root) + besides
  }

  /// A finding in three lines: what and where, since when and how much; why; what to try, best first, or what to mend before.
  public func summary(of finding: Finding) -> String {
    lines(of: finding).joined(separator: "\n")
  }

  /// The lines of a finding's summary.
  package func lines(of finding: Finding) -> [String] {
    var lines = [
      "\(finding.id) (\(finding.severity.rawValue)) in \(finding.layer.map(Wording.name) ?? "the whole run"), "
        + "since step \(finding.firstStep): \(finding.message)",
      "Why: \(finding.cause.text)",
    ]
    if let cause = finding.causedBy {
      lines[1] += " It follows from \(findings[cause].place)."
      lines.append("Try: mend \(findings[origin(of: cause)].place) first.")
    } else if !finding.remedies.isEmpty {
      lines.append("Try: " + Remedy.list(finding.remedies))
    }
    return lines
  }
}
