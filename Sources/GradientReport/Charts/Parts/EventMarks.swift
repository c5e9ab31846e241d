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
  private static let rowLimit = 4
  /// Findings that are nearer to each other than this part of the run share a mark; the root has its own.
  private static let nearness = 0.01

  /// Marks for the warnings and errors of a diagnosis.
  init(_ diagnosis: Diagnosis) {
    let root = diagnosis.root.flatMap { $0.severity > .info ? $0 : nil }
    let found = diagnosis.findings.filter { $0.severity > .info }.sorted {
      $0.firstStep < $1.firstStep
    }
    let near = Self.nearness * Double(diagnosis.steps)
    if let root {
      marks = [
        Mark(step: Double(root.firstStep), labels: [Wording.symptom(root.id)], isRoot: true)
      ]
    }
    for finding in found {
      let step = Double(finding.firstStep)
      let name = Wording.symptom(finding.id)
      let same = marks.firstIndex { $0.step == step || !$0.isRoot && abs($0.step - step) <= near }
      if let same {
        guard !marks[same].labels.contains(name) else { continue }
        marks[same].labels.append(name)
      } else {
        marks.append(Mark(step: step, labels: [name], isRoot: false))
      }
    }
    marks.sort { $0.step > $1.step }
  }

  /// The height that the labels need above the plot.
  func height(theme: Theme) -> Double {
    guard !marks.isEmpty else { return 0 }
    return Double(min(marks.count, Self.rowLimit)) * Self.rowHeight(theme) + theme.gap / 2
  }

  /// Labels that touch do not overlap, however their places are rounded.
  private static func rowHeight(_ theme: Theme) -> Double {
    theme.markFont.height + theme.hairline / 2
  }

  /// The lines and their labels, from right to left.
  ///
  /// A label that finds no room in any row is left out, its line stays; the root's label is never left out.
  func elements(on axes: Axes, within frame: Frame, theme: Theme) -> [Drawing.Element] {
    let shown = marks.filter { axes.x.domain.contains($0.step) }
    let usual = layout(shown, on: axes, within: frame, theme)
    if usual.showsRoot || !shown.contains(where: \.isRoot) { return usual.elements }
    let rootFirst = shown.filter(\.isRoot) + shown.filter { !$0.isRoot }
    return layout(rootFirst, on: axes, within: frame, theme).elements
  }

  /// Lays the marks out one after the other.
  ///
  /// A line ends at its own label, so that it crosses none that stands higher and further left.
  private func layout(
    _ marks: [Mark], on axes: Axes, within frame: Frame, _ theme: Theme
  ) -> (elements: [Drawing.Element], showsRoot: Bool) {
    var lines: [Drawing.Element] = []
    var labels: [Drawing.Element] = []
    var taken: [Frame] = []
    var showsRoot = false
    for mark in marks {
      let place = axes.placeX(mark.step)
      var top = axes.plot.y
      for text in candidates(for: mark, at: place, on: axes, within: frame, theme) {
        let line = Frame(
          x: place, y: text.box.y, width: theme.hairline, height: axes.plot.y - text.box.y)
        let room = text.box.inset(leading: -theme.gap, trailing: -theme.gap)
        if taken.contains(where: { $0.overlaps(room) || $0.overlaps(line) }) { continue }
        labels.append(.text(text))
        taken += [text.box, line]
        top = text.box.y
        showsRoot = showsRoot || mark.isRoot
        break
      }
      lines.append(
        .line(
          Point(place, top), Point(place, axes.plot.maxY),
          Stroke(
            mark.isRoot ? theme.accent : theme.secondaryInk, width: theme.lineWidth * 0.75,
            dash: theme.dash)))
    }
    return (lines + labels, showsRoot)
  }

  /// What may stand at a mark and where, best first: all its names in the lowest row before the next, then fewer of them.
  private func candidates(
    for mark: Mark, at place: Double, on axes: Axes, within frame: Frame, _ theme: Theme
  ) -> [Text] {
    let font = theme.markFont
    let right = frame.maxX - place - theme.gap, left = place - frame.x - theme.gap
    let strings = (1...mark.labels.count).reversed().map { count in
      mark.labels.prefix(count).joined(separator: ", ")
        + (count < mark.labels.count ? " and \(mark.labels.count - count) more" : "")
    }
    let whole = strings.filter { font.width(of: $0) <= max(right, left) }
    let fitting = whole.isEmpty ? [font.fitting(mark.labels[0], into: max(right, left))] : whole
    return fitting.filter { !$0.isEmpty }.flatMap { string in
      let isLeft = font.width(of: string) > right
      return (0..<min(marks.count, Self.rowLimit)).map { row in
        Text(
          string,
          at: Point(
            place + (isLeft ? -theme.gap / 2 : theme.gap / 2),
            axes.plot.y - theme.gap / 2 - Double(row) * Self.rowHeight(theme)),
          .init(isLeft ? .trailing : .leading, .bottom), font: font,
          color: mark.isRoot ? theme.accentInk : theme.secondaryInk, role: .mark)
      }
    }
  }
}
