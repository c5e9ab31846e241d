package import GradientDiagnosis
package import GradientTrace
import GzipIO

/// A model before and after a remedy in one picture: its loss over the steps, and its δ over depth.
package struct CureSheet: Sendable {
  /// What the picture shows, for someone who can't see it.
  package let alternativeText: String
  private let headline: String
  private let details: String
  private let panels: [any Picture]

  /// A run of the two: what was recorded, what was found in it, and the accuracy where there is one.
  package struct Side {
    let trace: Trace
    let diagnosis: Diagnosis
    let accuracy: Double?

    /// Describes a run.
    package init(_ trace: Trace, _ diagnosis: Diagnosis, accuracy: Double?) {
      self.trace = trace
      self.diagnosis = diagnosis
      self.accuracy = accuracy
    }
  }

  /// Compares the run before with the one after the remedies, of which `change` says what they changed.
  ///
  /// - Throws: What reading the traces throws.
  package init(
    before: Side, after: Side, finding: Finding, remedies: [Remedy], change: String
  ) throws {
    let runs = ComparedRuns(
      before: try RunDigest(before.trace, before.diagnosis),
      after: try RunDigest(after.trace, after.diagnosis))
    let names = remedies.map(\.id).joined(separator: " and ")
    headline = "\(Wording.capitalized(Wording.symptom(finding.id))) healed by \(names)"
    var details = [change]
    if let old = before.accuracy, let new = after.accuracy {
      details.append("accuracy \(Wording.accuracy(old)) → \(Wording.accuracy(new))")
    }
    if runs.before.stepCount == runs.after.stepCount {
      details.append("\(runs.after.stepCount.counted("step")) each")
    }
    self.details = details.joined(separator: " · ")
    let comparisons: [(any Picture)?] = [LossComparison(runs), DeltaComparison(runs)]
    panels = comparisons.compactMap(\.self)
    alternativeText = ([headline, self.details] + panels.map(\.title)).joined(separator: ". ")
  }

  /// The sheet as a picture.
  package func drawing(theme: Theme = .standard) -> Drawing {
    let page = theme.frame.inset(
      leading: theme.margin, top: theme.margin, trailing: theme.margin, bottom: theme.margin)
    var (elements, height) = Banner(
      word: "HEALED", color: theme.healthyVerdict, headline: headline, details: details
    ).elements(in: page, theme)
    let area = page.inset(top: height + 2 * theme.gap)
    let count = Double(panels.count)
    let width = (area.width - (count - 1) * theme.margin * 1.5) / max(count, 1)
    for (index, panel) in panels.enumerated() {
      let frame = Frame(
        x: area.x + Double(index) * (width + theme.margin * 1.5), y: area.y, width: width,
        height: area.height)
      elements += panel.elements(in: frame, theme: theme.compact)
    }
    return Drawing(frame: theme.frame, background: theme.background, elements: elements)
  }
}

/// Two runs that are compared, each with its word, color and dash.
struct ComparedRuns {
  let before: RunDigest, after: RunDigest

  /// Both, with their words and the color and dash that they are drawn in.
  func each(_ theme: Theme) -> [(run: RunDigest, label: String, stroke: Stroke)] {
    [
      (before, "before", Stroke(theme.accent, width: theme.lineWidth, dash: theme.dash)),
      (after, "after", Stroke(theme.data, width: theme.lineWidth * 1.5)),
    ]
  }
}
