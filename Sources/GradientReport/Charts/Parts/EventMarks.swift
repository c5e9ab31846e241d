import GradientDiagnosis

/// Where findings fire along a chart's steps: a line at each, with labels that keep clear of each other.
struct EventMarks: Sendable {
  private var marks: [Mark] = []

  /// The findings of one step.
  private struct Mark: Sendable {
    var step: Double
    var labels: [String]
    var isRoot: Bool
  }

  /// The number of rows of labels above the plot.
  private static let rowLimit = 3

  /// Marks for the warnings and errors of a diagnosis.
  init(_ diagnosis: Diagnosis) {
    for (index, finding) in diagnosis.findings.enumerated() where finding.severity > .info {
      let isRoot = index == diagnosis.rootCause
      let name = Wording.symptom(finding.id)
      if let same = marks.firstIndex(where: { $0.step == Double(finding.firstStep) }) {
        marks[same].isRoot = marks[same].isRoot || isRoot
        guard !marks[same].labels.contains(name) else { continue }
        marks[same].labels.append(name)
      } else {
        marks.append(
          Mark(step: Double(finding.firstStep), labels: [name], isRoot: isRoot))
      }
    }
    marks.sort { $0.step > $1.step }
  }

  /// The height that the labels need above the plot.
  func height(theme: Theme) -> Double {
    guard !marks.isEmpty else { return 0 }
    return Double(min(marks.count, Self.rowLimit)) * theme.markFont.height + theme.gap / 2
  }

  /// The lines and their labels, from right to left; a label that finds no room in any row is left out, its line stays.
  ///
  /// A line ends at its own label, so that it crosses none that stands higher and further left.
  func elements(on axes: Axes, within frame: Frame, theme: Theme) -> [Drawing.Element] {
    var lines: [Drawing.Element] = []
    var labels: [Drawing.Element] = []
    var taken: [Frame] = []
    for mark in marks where axes.x.domain.contains(mark.step) {
      let place = axes.placeX(mark.step)
      var top = axes.plot.y
      for row in 0..<min(marks.count, Self.rowLimit) {
        let text = label(of: mark, row: row, at: place, on: axes, within: frame, theme)
        let line = Frame(
          x: place, y: text.box.y, width: theme.hairline, height: axes.plot.y - text.box.y)
        // Rows that touch do not overlap, however their heights are rounded.
        let room = text.box.inset(
          leading: -theme.gap, top: theme.hairline, trailing: -theme.gap, bottom: theme.hairline)
        if taken.contains(where: { $0.overlaps(room) || $0.overlaps(line) }) { continue }
        labels.append(.text(text))
        taken += [text.box, line]
        top = text.box.y
        break
      }
      lines.append(
        .line(
          Point(place, top), Point(place, axes.plot.maxY),
          Stroke(
            mark.isRoot ? theme.accent : theme.secondaryInk, width: theme.lineWidth * 0.75,
            dash: theme.dash)))
    }
    return lines + labels
  }

  /// A mark's label, right of its line or, where there is no room, left of it.
  private func label(
    of mark: Mark, row: Int, at place: Double, on axes: Axes, within frame: Frame, _ theme: Theme
  ) -> Text {
    let font = theme.markFont
    let string = font.fitting(mark.labels.joined(separator: ", "), into: frame.width * 0.45)
    let isLeft = place + font.width(of: string) + theme.gap > frame.maxX
    return Text(
      string,
      at: Point(
        place + (isLeft ? -theme.gap / 2 : theme.gap / 2),
        axes.plot.y - theme.gap / 2 - Double(row) * font.height),
      .init(isLeft ? .trailing : .leading, .bottom), font: font,
      color: mark.isRoot ? theme.accentInk : theme.secondaryInk, role: .mark)
  }
}
