package import GradientDiagnosis
import GzipIO

/// Two runs in one picture: their losses, their δ over depth, and what changed in which layer.
package struct ComparisonSheet: Sendable {
  /// What the picture shows, for someone who can't see it.
  package let alternativeText: String
  private let headline: String
  private let details: String
  private let isCalm: Bool
  private let panels: [any Picture]

  /// Compares the runs `before` and `after`, of which `comparison` says what changed.
  package init(before: RunDigest, after: RunDigest, _ comparison: RunComparison) {
    let runs = ComparedRuns(before: before, after: after)
    isCalm = comparison.changes.isEmpty
    headline = Wording.capitalized(comparison.shortHeadline).quotable
    let steps = comparison.steps.map {
      "medians of steps \(Wording.count($0.lowerBound)) to \(Wording.count($0.upperBound))"
    }
    details = [steps ?? "", "noise: " + comparison.noiseNote].joined(separator: " · ")
    let pictures: [(any Picture)?] =
      [LossComparison(runs), DeltaComparison(runs)]
      + RunComparison.Quantity.allCases.map { ChangePanel($0, of: comparison) }
    panels = pictures.compactMap(\.self)
    alternativeText = ([headline] + panels.map(\.title)).joined(separator: ". ")
  }

  /// The sheet as a picture, its panels in rows of at most three.
  package func drawing(theme: Theme = .standard) -> Drawing {
    let columns = 3
    let rows = (panels.count + columns - 1) / columns
    var theme = theme
    theme.frame.height = max(theme.frame.height, 380 * Double(rows))
    theme.frame.width = max(theme.frame.width, 1500)
    let page = theme.frame.inset(
      leading: theme.margin, top: theme.margin, trailing: theme.margin, bottom: theme.margin)
    let banner = Banner(
      word: isCalm ? "NO CHANGE" : "CHANGED",
      color: isCalm ? theme.healthyVerdict : theme.warningVerdict, headline: headline,
      details: details)
    let (elements, height) = banner.elements(in: page, theme)
    let area = page.inset(top: height + 2 * theme.gap)
    let gap = theme.margin * 1.5
    let width = (area.width - gap * Double(columns - 1)) / Double(columns)
    let rowHeight = (area.height - theme.margin * Double(rows - 1)) / Double(max(rows, 1))
    return Drawing(
      frame: theme.frame, background: theme.background,
      elements: elements
        + panels.enumerated().flatMap { place, panel in
          panel.elements(
            in: Frame(
              x: area.x + Double(place % columns) * (width + gap),
              y: area.y + Double(place / columns) * (rowHeight + theme.margin), width: width,
              height: rowHeight), theme: theme.compact)
        })
  }
}
