package import GradientDiagnosis

/// One picture that makes one point.
package protocol Picture: Sendable {
  /// The result, as a sentence without a full stop.
  var title: String { get }
  /// Tensor, phase and unit of what is drawn; what comes later is left out where there is no room.
  var subtitle: [String] { get }
  /// What the picture shows, for someone who can't see it.
  var alternativeText: String { get }

  /// Everything below the titles, drawn into `content`.
  func plot(in content: Frame, theme: Theme) -> [Drawing.Element]
}

/// A picture of a run, to be found in ``ChartCatalog``.
package protocol Chart: Picture {
  /// Gathers what the chart draws.
  ///
  /// - Parameters:
  ///   - run: what was recorded.
  ///   - diagnosis: what was found in it.
  ///   - finding: the finding that the chart is the evidence for; nil if it is there to show the run.
  /// - Throws: ``NotEnoughData``, where a picture would be empty.
  init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData)
}

/// Why a chart can't be drawn of a run.
package struct NotEnoughData: Error, Equatable, Sendable {
  /// What is missing: `"no δ in this trace"`.
  package var reason: String

  package init(_ reason: String) { self.reason = reason }
}

extension Picture {
  /// The chart as a picture of its own.
  package func drawing(theme: Theme = .standard) -> Drawing {
    Drawing(
      frame: theme.frame, background: theme.background,
      elements: elements(
        in: theme.frame.inset(
          leading: theme.margin, top: theme.margin, trailing: theme.margin, bottom: theme.margin),
        theme: theme))
  }

  /// Titles and plot, drawn into `frame`.
  package func elements(in frame: Frame, theme: Theme) -> [Drawing.Element] {
    let title = theme.titleFont
    let subtitle = theme.labelFont
    let heading = title.height + subtitle.height + theme.gap / 2
    var words = self.subtitle.first ?? ""
    for more in self.subtitle.dropFirst()
    where subtitle.width(of: words + "; " + more) <= frame.width {
      words += "; " + more
    }
    return [
      .text(
        Text(
          title.fitting(words: self.title, into: frame.width), at: Point(frame.x, frame.y),
          .init(.leading, .top), font: title, color: theme.ink, role: .title)),
      .text(
        Text(
          subtitle.fitting(words: words, into: frame.width),
          at: Point(frame.x, frame.y + title.height + theme.gap / 2), .init(.leading, .top),
          font: subtitle, color: theme.secondaryInk, role: .subtitle)),
    ] + plot(in: frame.inset(top: heading + theme.gap * 1.5), theme: theme)
  }
}
