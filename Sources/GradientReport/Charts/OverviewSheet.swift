package import GradientDiagnosis
import GradientTrace
import GzipIO

/// A run at a glance: the verdict in words, and the charts that show it.
package struct OverviewSheet: Sendable {
  /// What the picture shows, for someone who can't see it.
  package let alternativeText: String
  private let diagnosis: Diagnosis
  private let runName: String
  private let charts: [any Chart]
  private let shortNames: [String: String]

  /// The charts of a sheet, that of what is told first before the others.
  private static let order = ["loss", "gradient-flow", "delta-map", "update-ratio", "dead-units"]
  private static let chartLimit = 4

  /// Gathers the charts that `run` has enough data for.
  package init(_ run: RunDigest, _ diagnosis: Diagnosis) {
    self.diagnosis = diagnosis
    runName = (run.header.run.name ?? "").quotable
    shortNames = Dictionary(
      zip(run.header.layers.map(\.name), run.names), uniquingKeysWith: { first, _ in first })
    let leading = diagnosis.leading
    let first = leading.flatMap { ChartCatalog.evidence(of: $0, run, diagnosis) }
    var charts = [first?.chart].compactMap(\.self)
    for id in Self.order where charts.count < Self.chartLimit && id != first?.entry.id {
      guard let entry = ChartCatalog.entry(id: id) else { continue }
      let about = leading.flatMap { entry.symptoms.contains($0.id) ? $0 : nil }
      if let chart = try? entry.type.init(run, diagnosis, about: about) { charts.append(chart) }
    }
    self.charts = charts
    alternativeText =
      (["\(diagnosis.label): \(diagnosis.leading?.headline ?? diagnosis.headline)"]
      + charts.map(\.title)).joined(separator: ". ")
  }

  /// The sheet as a picture.
  package func drawing(theme: Theme = .standard) -> Drawing {
    let page = theme.frame.inset(
      leading: theme.margin, top: theme.margin, trailing: theme.margin, bottom: theme.margin)
    let (banner, height) = banner(in: page, theme)
    var elements = banner
    let area = page.inset(top: height + theme.margin)
    let columns = charts.count > 1 ? 2 : 1
    let rows = max(1, (charts.count + 1) / 2)
    let width = (area.width - Double(columns - 1) * theme.margin * 1.5) / Double(columns)
    let panelHeight = (area.height - Double(rows - 1) * theme.margin) / Double(rows)
    for (index, chart) in charts.enumerated() {
      let isAlone = index == charts.count - 1 && index.isMultiple(of: columns)
      let panel = Frame(
        x: area.x + Double(index % columns) * (width + theme.margin * 1.5),
        y: area.y + Double(index / columns) * (panelHeight + theme.margin),
        width: isAlone ? area.width : width, height: panelHeight)
      elements += chart.elements(in: panel, theme: theme.compact)
    }
    return Drawing(frame: theme.frame, background: theme.background, elements: elements)
  }
}

extension OverviewSheet {
  /// The verdict, what and where, why, and what to try; with the height that this takes.
  private func banner(in page: Frame, _ theme: Theme) -> ([Drawing.Element], height: Double) {
    let body = theme.labelFont
    let middle = page.y + (theme.titleFont.height + theme.gap) / 2
    let name = Text(
      body.fitting(name: runName, into: page.width / 4), at: Point(page.maxX, middle),
      .init(.trailing, .middle), font: body, color: theme.secondaryInk, role: .caption)
    var (elements, height) = Banner(
      word: diagnosis.label.uppercased(), color: theme.background(of: diagnosis.verdict),
      headline: Wording.capitalized(headline.quotable),
      reserved: page.maxX - name.box.x + theme.gap
    ).elements(in: page, theme)
    if !name.string.isEmpty { elements.append(.text(name)) }
    var top = page.y + height + theme.gap
    for (label, text) in explanations {
      let labelFont = Font(theme.labelSize, bold: true)
      let indent = labelFont.width(of: "Why") + 1.5 * theme.gap
      elements.append(
        .text(
          Text(
            label, at: Point(page.x, top), .init(.leading, .top), font: labelFont,
            color: theme.ink, role: .body)))
      for line in body.lines(of: text.quotable, width: page.width - indent, limit: 2) {
        elements.append(
          .text(
            Text(
              line, at: Point(page.x + indent, top), .init(.leading, .top), font: body,
              color: theme.ink, role: .body)))
        top += body.height + theme.gap / 4
      }
      top += theme.gap / 4
    }
    return (elements, top - page.y)
  }

  /// The diagnosis' headline, its layers' names as short as in the charts.
  private var headline: String {
    guard var leading = diagnosis.leading else { return diagnosis.shortHeadline }
    leading.layer = leading.layer.map { shortNames[$0] ?? $0 }
    leading.layers = leading.layers.map { shortNames[$0] ?? $0 }
    return leading.headline
  }

  private var explanations: [(label: String, text: String)] {
    guard let leading = diagnosis.leading else {
      return headline == diagnosis.reason ? [] : [("Why", Wording.capitalized(diagnosis.reason))]
    }
    let remedies = Remedy.list(Array(leading.remedies.prefix(2)))
    return [("Why", leading.cause.text), ("Try", remedies)].filter { !$0.1.isEmpty }
  }
}

extension Theme {
  /// What lies behind a verdict's word.
  fileprivate func background(of verdict: Verdict) -> Color {
    switch verdict {
    case .healthy: healthyVerdict
    case .warning: warningVerdict
    case .error: errorVerdict
    case .inconclusive: inconclusiveVerdict
    }
  }
}

extension Diagnosis {
  /// What is told of first; a reason as far as its first semicolon, behind which details stand.
  var shortHeadline: String {
    leading?.headline ?? headline.split(separator: ";").first.map(String.init) ?? headline
  }
}
