import GradientDiagnosis

extension ReportPage {
  /// What came to light before the first step and is no good sign.
  var beforehand: [String] {
    guard let warnings = preflight?.warnings, !warnings.isEmpty else { return [] }
    return ["## Before the first step"]
      + warnings.flatMap { warning in
        [
          "**\(Markdown.sentence(Wording.capitalized(warning.headline))).** "
            + Markdown.sentence(warning.message),
          "**Cause.** \(Markdown.text(warning.cause.text)) **What to try.** "
            + Markdown.sentence(Remedy.list(warning.remedies)),
        ]
      }
  }

  var findings: [String] {
    guard !diagnosis.findings.isEmpty else { return [] }
    return ["## What was found"]
      + diagnosis.findings.indices.flatMap { section($0, diagnosis.findings[$0]) }
  }

  private func section(_ index: Int, _ finding: Finding) -> [String] {
    var blocks = [
      "### \(Markdown.anchor("finding-\(index + 1)"))\(index + 1). \(Markdown.sentence(Wording.capitalized(finding.headline))) "
        + "(\(rank(index)))",
      layers.linked(finding.message),
    ]
    let picture = gallery.evidence[index]
    let before = gallery.evidence[..<index].firstIndex { $0?.file == picture?.file }
    if let picture {
      blocks.append(
        before.map { "The chart of \(Self.finding($0)) shows it." }
          ?? Markdown.image(picture.file, picture.alternativeText))
    }
    blocks.append(figures(finding).joined(separator: "\n"))
    guard let cause = finding.causedBy else {
      blocks.append("**Cause.** \(layers.linked(finding.cause.text))")
      if !finding.remedies.isEmpty {
        let list = finding.remedies.enumerated().map {
          "\($0.offset + 1). \(Markdown.sentence($0.element.text))"
        }
        blocks.append("**What to try, best first:**")
        blocks.append(list.joined(separator: "\n"))
      }
      return blocks
    }
    blocks.append(
      "**Cause.** It follows from \(Self.finding(cause)), "
        + "\(Markdown.text(Wording.symptom(diagnosis.findings[cause].id))). \(layers.linked(finding.cause.text))"
    )
    blocks.append("**What to try.** Mend \(Self.finding(diagnosis.origin(of: cause))) first.")
    return blocks
  }

  /// How much a finding matters, and what it is to the others.
  private func rank(_ index: Int) -> String {
    let finding = diagnosis.findings[index]
    if index == diagnosis.rootCause { return "\(finding.severity.rawValue), the root cause" }
    // A loss that doesn't fall and that nothing explains leaves the verdict open; it is more than a note.
    return finding == diagnosis.leading ? "unexplained" : finding.severity.rawValue
  }

  private static func finding(_ index: Int) -> String {
    Markdown.link("finding \(index + 1)", to: "finding-\(index + 1)")
  }

  private func figures(_ finding: Finding) -> [String] {
    let statistic = Statistic(id: finding.statistic)
    let named = finding.layers.isEmpty ? [finding.layer].compactMap(\.self) : finding.layers
    let shown = named.prefix(5).map(layers.link).joined(separator: ", ")
    let more = named.count > 5 ? " and \(named.count - 5) more" : ""
    return Markdown.table(
      [
        "first step", "alarm at step", "last step", Markdown.text(statistic.name),
        statistic.alarm(at: finding.value, finding.threshold), "healthy", "layers",
      ],
      [
        [
          "\(finding.firstStep)", "\(finding.raisedAtStep)", "\(finding.lastStep)",
          statistic.text(finding.value), statistic.text(finding.threshold),
          finding.healthy.map(statistic.text) ?? "–",
          named.isEmpty ? "the whole run" : shown + more,
        ]
      ])
  }
}
