import Foundation
import GradientChecking
import GradientDiagnosis
import GradientTrace
import GzipIO

/// The text of a report: the verdict first, then each finding with its evidence, then what was fine.
struct ReportPage {
  var run: RunDigest
  var diagnosis: Diagnosis
  /// The numeric check of the model's gradients, if there was one.
  var gradients: CheckSection?
  var gallery: Gallery
  /// How well the trained model does on each part of its data.
  var results: [PartResult]
  /// What was found out before the first step, where somebody looked.
  var preflight: Preflight?
  /// How long the parts of the run took; none in a report that is to be the same everywhere.
  var timings: [Timing] = []
  /// How long the pictures took; nil in a report that is to be the same everywhere.
  var drawingTime: Duration?
  /// The layers, to which their names lead.
  let layers: LayerTable

  init(
    run: RunDigest, diagnosis: Diagnosis, gradients: CheckSection?, gallery: Gallery,
    results: [PartResult], preflight: Preflight?
  ) {
    self.run = run
    self.diagnosis = diagnosis
    self.gradients = gradients
    self.gallery = gallery
    self.results = results
    self.preflight = preflight
    layers = LayerTable(run, diagnosis)
  }

  /// The whole page, beside which its pictures lie.
  var markdown: String {
    let pictures = gallery.pictures + (gradients?.gallery.pictures ?? [])
    return (blocks + [ReportFolder.marker(pictures.map(\.file))])
      .joined(separator: "\n\n") + "\n"
  }

  /// The whole page with its pictures in it.
  func markdown(embedding pictures: EmbeddedPictures) -> String {
    (blocks.map(pictures.block) + [pictures.definitions, ReportFolder.marker([])])
      .joined(separator: "\n\n") + "\n"
  }

  private var blocks: [String] { ["# \(heading)", summary, overview] + rootCause + sections }

  /// What stands below the first screen.
  var sections: [String] {
    beforehand + findings + performance + fine + gradientDetails + charts + layers.blocks
      + reproduction
  }
}

// MARK: - The first screen

extension ReportPage {
  private var check: GradientCheck? { gradients?.check }

  private var hasWrongGradient: Bool { check.map { !$0.failures.isEmpty } ?? false }

  /// The verdict's word.
  var label: String { hasWrongGradient ? "WRONG GRADIENT" : diagnosis.label.uppercased() }

  /// What the verdict is about, as plain text.
  var headline: String {
    guard hasWrongGradient, let gradients else { return diagnosis.shortHeadline }
    return "in \(gradients.failingLayers)"
  }

  /// The verdict as a page's style knows it.
  var verdictName: String { (hasWrongGradient ? .error : diagnosis.verdict).rawValue }

  private var heading: String {
    "\(label)\(hasWrongGradient ? "" : ":") \(Markdown.sentence(headline))"
  }

  /// The one picture of the first screen.
  var overview: String { Markdown.image(gallery.overview.file, gallery.overview.alternativeText) }

  /// What, why, and what to do.
  var rootCause: [String] { wrongGradients + rootParagraphs }

  /// Name, size and length of the run, and whether its gradients are right, in one line.
  var summary: String {
    let description = run.header.run
    var parts: [String] = []
    if let name = description.name { parts.append("**\(Markdown.text(name))**") }
    if let model = description.model { parts.append(Markdown.text(model)) }
    parts.append(run.stepCount.counted("step"))
    parts.append(gradientVerdict)
    if let test = results.last, let accuracy = test.accuracy {
      parts.append("\(test.name) accuracy \(Wording.accuracy(accuracy))")
    }
    return parts.joined(separator: " · ")
  }

  private var gradientVerdict: String {
    guard let check else { return "gradients not checked numerically" }
    switch check.verdict {
    case .pass:
      return "gradients right (\(check.tensors.count { !$0.isWholeNetwork }.counted("tensor")))"
    case .fail: return "**gradients wrong** in \(check.failures.count.counted("tensor"))"
    case .unverifiable: return "gradients too small to check"
    }
  }

  private var wrongGradients: [String] { gradients?.failures(limit: 3) ?? [] }

  private var rootParagraphs: [String] {
    guard let leading = diagnosis.leading else {
      let reason = Markdown.text(Wording.capitalized(diagnosis.reason))
      return ["**What.** " + reason + (reason.hasSuffix(".") ? "" : ".")]
    }
    return [
      "**What.** \(layers.linked(leading.message))",
      "**Why.** \(layers.linked(leading.cause.text))",
      "**What to do.** " + advice(leading),
    ]
  }

  private func advice(_ finding: Finding) -> String {
    guard let first = finding.remedies.first else {
      return
        "No remedy is known for this cause; look at \(finding.layer.map(layers.link) ?? "the settings") first."
    }
    let others = finding.remedies.dropFirst().prefix(2).map { Markdown.sentence($0.alternative) }
    return (["**\(Markdown.sentence(first.text))**"] + others).joined(separator: " Or: ")
  }
}

// MARK: - What was fine, and how to repeat it

extension ReportPage {
  private var performance: [String] {
    guard !results.isEmpty else { return [] }
    let rows = results.map {
      [
        $0.name, Wording.count($0.examples), Wording.loss($0.loss),
        $0.accuracy.map(Wording.accuracy) ?? "–",
      ]
    }
    return [
      "## How well the trained model does",
      Markdown.table(["part", "examples", "loss", "accuracy"], rows).joined(separator: "\n"),
    ]
  }

  private var fine: [String] {
    let passed = diagnosis.passed.map {
      [Markdown.text(Wording.symptom($0.id)), "not found", Markdown.sentence($0.evidence)]
    }
    let unknown = diagnosis.notChecked.map {
      [Markdown.text(Wording.symptom($0.id)), "not checked", Markdown.sentence($0.reason)]
    }
    let rows = gradientRows + preflightRows + passed + unknown
    guard !rows.isEmpty else { return [] }
    return [
      "## What was checked",
      "A loss “at the start” is that of the first step, “now” the median of the last 50, or of the later "
        + "half of a run of fewer than 100.",
      Markdown.table(["what", "result", "evidence"], rows).joined(separator: "\n"),
    ]
  }

  /// One row for the gradients of the layers alone, one for the wiring of the whole network.
  private var gradientRows: [[String]] {
    guard let check else {
      return [["gradients", "not checked", "no numeric check was made of this run's model"]]
    }
    let groups = [
      ("gradients of each layer", check.tensors.filter { !$0.isWholeNetwork }, "entries"),
      ("gradients through the whole network", check.tensors.filter(\.isWholeNetwork), "directions"),
    ]
    return groups.filter { !$0.1.isEmpty }.map { what, tensors, noun in
      let failed = tensors.filter { $0.failed > 0 }
      let checked = tensors.reduce(0) { $0 + $1.checked }
      let unclear = tensors.reduce(0) { $0 + $1.unverifiable }
      let worst = tensors.max { $0.relativeError < $1.relativeError }
      let evidence =
        "\(Wording.count(checked)) \(noun) of \(tensors.count.counted("tensor"))"
        + (worst.map {
          ", largest relative error of a tensor's norm \(Wording.short($0.relativeError)) in \(Markdown.code($0.name))"
        } ?? "")
        + (unclear > 0 ? ", \(Wording.count(unclear)) too small against the noise to say" : "")
      let result =
        !failed.isEmpty
        ? "**wrong** in \(failed.count.counted("tensor"))"
        : unclear == checked ? "not verifiable" : "right"
      return [what, result, evidence]
    }
  }

  /// What was looked at before the first step.
  private var preflightRows: [[String]] {
    guard let preflight else { return [] }
    return Preflight.Check.allCases.compactMap { check in
      let id = check.rawValue
      if let warning = preflight.warnings.first(where: { $0.check == check }) {
        return [check.title, "**no**", Markdown.sentence(warning.message)]
      }
      if let passed = preflight.passed.first(where: { $0.id == id }) {
        return [check.title, "yes", Markdown.sentence(passed.evidence)]
      }
      return preflight.notChecked.first { $0.id == id }
        .map { [check.title, "not checked", Markdown.text($0.reason)] }
    }
  }

  /// The evidence of the gradient check: chart, what the largest derivatives mean, and what agrees least.
  private var gradientDetails: [String] {
    guard let gradients, !gradients.gallery.pictures.isEmpty else { return [] }
    let entries = gradients.entryTable(limit: 10)
    return ["## Are the gradients right?", gradients.oracleTable.joined(separator: "\n")]
      + gradients.gallery.pictures.map { Markdown.image($0.file, $0.alternativeText) }
      + (gradients.effects.isEmpty ? [] : ["### What a derivative means"] + gradients.effects)
      + gradients.secondOrder
      + (entries.isEmpty
        ? [] : ["### The entries that agree least", entries.joined(separator: "\n")])
  }

  private var charts: [String] {
    guard !gallery.others.isEmpty || !gallery.missing.isEmpty else { return [] }
    let missing = gallery.missing.map {
      "No \(Wording.symptom($0.id)) chart: \(Markdown.text($0.reason))."
    }
    return ["## The run in charts"]
      + gallery.others.map { Markdown.image($0.file, $0.alternativeText) } + missing + more
  }

  /// The charts that are drawn on request, and how.
  private var more: [String] {
    guard !gallery.unasked.isEmpty else { return [] }
    let ids = gallery.unasked.map(Markdown.code).joined(separator: ", ")
    return [
      "More charts: \(ids). `gradcheck chart TRACE ID --output FILE.png` draws one, "
        + "`gradcheck report TRACE --charts all` a report with all of them."
    ]
  }

  /// What it takes to make this run and this report again.
  private var reproduction: [String] {
    guard let drawingTime else { return [] }
    var rows = run.header.run.settings.map {
      [Markdown.text($0.name), Markdown.text($0.value)]
    }
    rows.append(["recorded by", Markdown.text(run.header.producer)])
    rows.append(["steps", "\(run.stepRange.lowerBound) to \(run.stepRange.upperBound)"])
    if let check { rows.append(["seed of the gradient check", "\(check.seed)"]) }
    rows.append(["host", Markdown.text(Self.host)])
    rows += timings.ofParts.map {
      ["time of \(Markdown.text($0.name))", "\(Wording.short($0.seconds)) s"]
    }
    let milliseconds = drawingTime / .milliseconds(1)
    rows.append([
      "this report",
      "\(gallery.pictures.count.counted("picture")) in \(Wording.short(milliseconds)) ms",
    ])
    return [
      "## Reproduce", Markdown.table(["setting", "value"], rows).joined(separator: "\n"),
    ]
  }

  /// The system and its processors, without the machine's name.
  private static var host: String {
    let information = ProcessInfo.processInfo
    return "\(information.operatingSystemVersionString), "
      + "\(information.activeProcessorCount.counted("processor"))"
  }
}
