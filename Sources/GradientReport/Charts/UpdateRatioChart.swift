import Foundation
package import GradientDiagnosis
import GradientTrace
import GzipIO

/// How much of its own size each weight moves by in a step: one line a weight, or a map where there are many.
package struct UpdateRatioChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let names: [String]
  private let rows: [Series]
  private let accented: Set<Int>
  private let columns: StepColumns
  private let steps: Scale
  private let events: EventMarks
  private let map: StepMap
  private let stepCaption: String

  /// More lines than this can't be told apart.
  private static let lineLimit = 8
  /// log10 of the ratio in healthy runs.
  static let healthy = log10(StepSizes.healthy.lowerBound)...log10(StepSizes.healthy.upperBound)
  private static let healthyLabel =
    "healthy: \(Wording.short(StepSizes.healthy.lowerBound)) to "
    + Wording.short(StepSizes.healthy.upperBound)

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let recorded = run.ratio.indices.filter { !run.ratio[$0].isEmpty }
    guard !recorded.isEmpty else {
      throw NotEnoughData("no updates of a weight in this trace")
    }
    guard recorded.contains(where: { run.ratio[$0].bins.contains { $0.count + $0.zeros > 0 } })
    else { throw NotEnoughData("no finite update of a weight in this trace") }
    names = recorded.map { run.weights[$0].name }
    rows = recorded.map { run.ratio[$0] }
    let looked = (finding ?? diagnosis.root)?.layer
    accented = Set(
      recorded.indices.filter {
        run.header.layers[run.weights[recorded[$0]].layer].name == looked
      })
    columns = run.columns
    steps = run.stepScale
    events = EventMarks(diagnosis)
    map = StepMap(
      run, rows, names: names, accented: accented, events: events,
      healthy: (Self.healthy, Self.healthyLabel))
    stepCaption = run.stepCaption
    let order = rows.count > Self.lineLimit ? ["log scale, input at the top"] : ["log scale"]
    subtitle = ["|ΔW| / |W| of each weight, the update really applied in a step"] + order
    title =
      Self.leap(names, rows, accented: accented, finding)
      ?? Self.title(names, rows, run.columns, accented: accented)
    alternativeText = title + "; \(names.count.counted("weight")), \(Self.healthyLabel)"
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    guard rows.count <= Self.lineLimit else { return map.elements(in: content, theme: theme) }
    let bins = rows.flatMap(\.bins).filter { $0.count > 0 }
    let ends: [Double] = [
      bins.map(\.low).min() ?? -3, bins.map(\.high).max() ?? -3, Self.healthy.lowerBound,
      Self.healthy.upperBound,
    ]
    guard let y = Scale(.exponent, covering: ends) else { return [] }
    let font = theme.labelFont
    let labels = lineEnds(floor: y.domain.lowerBound, theme)
    let axes = Axes(
      in: content, x: steps, y: y, xCaption: stepCaption, yCaption: "|ΔW| / |W| a step",
      top: events.height(theme: theme), trailing: labels.width(theme), theme: theme)
    var elements: [Drawing.Element] = [
      .rectangle(
        Frame(
          x: axes.plot.x, y: axes.placeY(Self.healthy.upperBound), width: axes.plot.width,
          height: axes.placeY(Self.healthy.lowerBound) - axes.placeY(Self.healthy.upperBound)),
        theme.healthy)
    ]
    elements += axes.elements()
    // The line that the finding is about lies above the others.
    for index in rows.indices.sorted(by: { !accented.contains($0) && accented.contains($1) }) {
      elements += lines(through: rows[index], stroke(index, theme), on: axes, theme)
      elements += floor(of: rows[index], stroke(index, theme), on: axes, theme)
    }
    elements += events.elements(on: axes, within: content, theme: theme)
    elements += labels.elements(on: axes, theme)
    let left = content.x + font.width(of: "|ΔW| / |W| a step") + theme.gap
    return elements
      + Key(items: [(.area(theme.healthy), Self.healthyLabel)]).elements(
        from: left, to: axes.plot.maxX, top: content.y, theme: theme)
  }
}

extension UpdateRatioChart {
  /// The median ratio of the run's last fifth; −∞ for a weight that stands still.
  private static func ending(_ series: Series) -> Double? {
    let recorded = series.bins.filter { $0.count + $0.zeros > 0 }
    let values = recorded.suffix(max(1, recorded.count / 5)).map { $0.mean ?? -.infinity }.sorted()
    return values.isEmpty ? nil : values[values.count / 2]
  }

  /// The largest update, for a finding of steps that are too large, which may be over long before the run ends.
  private static func leap(
    _ names: [String], _ rows: [Series], accented: Set<Int>, _ finding: Finding?
  ) -> String? {
    guard finding?.id == LearningRateTooHigh.explanation.id else { return nil }
    let peaks = accented.compactMap { index in
      rows[index].bins.filter { $0.count > 0 }.map(\.high).max().map { (index, $0) }
    }
    guard let peak = peaks.max(by: { $0.1 < $1.1 }), peak.1 > healthy.upperBound else { return nil }
    return "\(names[peak.0]) moves by up to \(Wording.short(pow(10, peak.1))) times its size in a "
      + "step: too much"
  }

  /// What stands out; of several weights that do, one that the finding is about.
  private static func title(
    _ names: [String], _ rows: [Series], _ columns: StepColumns, accented: Set<Int>
  ) -> String {
    let ends = rows.map(ending)
    let known = ends.indices.compactMap { index in ends[index].map { (index, $0) } }
    let named = known.filter { accented.contains($0.0) }
    func ratio(_ exponent: Double) -> String { Wording.short(pow(10, exponent)) }
    let still = known.filter { $0.1 == -.infinity }.map(\.0)
    let isAboutSome = still.count < rows.count && still.contains(where: accented.contains)
    let shown = isAboutSome ? still.filter(accented.contains) : still
    if let words = standstill(shown, names, rows, columns) { return words }
    guard
      let least = named.filter({ $0.1 < healthy.lowerBound }).min(by: { $0.1 < $1.1 })
        ?? known.min(by: { $0.1 < $1.1 }),
      let most = named.filter({ $0.1 > healthy.upperBound }).max(by: { $0.1 < $1.1 })
        ?? known.max(by: { $0.1 < $1.1 })
    else { return "No weight has a finite update" }
    if most.1 > healthy.upperBound {
      return "\(names[most.0]) moves by \(ratio(most.1)) times its size a step: too much"
    }
    if least.1 < healthy.lowerBound {
      return "\(names[least.0]) moves by \(ratio(least.1)) times its size a step: too little"
    }
    if rows.count == 1 { return "\(names[0]) moves by \(ratio(least.1)) times its size a step" }
    return "Updates are healthy: \(ratio(least.1)) to \(ratio(most.1)) times a weight's size a step"
  }

  /// Which of the weights that stand still in the end have done so all along, else since when the first has.
  private static func standstill(
    _ still: [Int], _ names: [String], _ rows: [Series], _ columns: StepColumns
  ) -> String? {
    let never = still.filter { rows[$0].bins.allSatisfy { $0.count == 0 } }
    if never.count == rows.count, rows.count > 1 { return "No weight moves at all" }
    if !never.isEmpty {
      return Wording.list(never.map { names[$0] }, contiguous: false)
        + (never.count == 1 ? " does" : " do") + " not move at all"
    }
    guard let first = still.first else { return nil }
    guard let column = rows[first].startOfZeros else {
      return "\(names[first]) stands still at most of the last steps"
    }
    return "\(names[first]) no longer moves from step \(columns.ranges[column].lowerBound) on"
  }

  private func stroke(_ index: Int, _ theme: Theme) -> Stroke {
    if let place = accented.sorted().firstIndex(of: index) {
      return Stroke(
        theme.accent, width: theme.lineWidth * 1.5,
        dash: place > 0 ? theme.dash * Double(place) : nil)
    }
    let isRepeated = index >= theme.series.count
    return Stroke(
      theme.series[index % theme.series.count], width: theme.lineWidth * 0.75,
      dash: isRepeated ? theme.dash : nil)
  }

  /// Every step faint and the smoothed line bold; broken where the weight stood still.
  private func lines(through series: Series, _ stroke: Stroke, on axes: Axes, _ theme: Theme)
    -> [Drawing.Element]
  {
    let raw = series.stretches().map { stretch in
      stretch.map { axes.point(columns.middle($0.column), $0.value) }
    }
    guard let smooth = series.smoothed() else {
      return raw.map { .curve(through: $0, stroke, theme) }
    }
    let faint = Stroke(stroke.color.mixed(with: theme.healthy, 0.7), width: theme.hairline)
    let curve = smooth.enumerated().compactMap { column, value in
      value.map { axes.point(columns.middle(column), $0) }
    }
    return raw.map { .polyline($0, faint) } + [.polyline(curve, stroke)]
  }

  /// A line along the axis wherever the weight stands still: a logarithm has no place for zero.
  private func floor(
    of series: Series, _ stroke: Stroke, on axes: Axes, _ theme: Theme
  ) -> [Drawing.Element] {
    let isStill = series.bins.map { $0.count == 0 && $0.zeros > 0 }
    let starts = isStill.indices.filter { isStill[$0] && ($0 == 0 || !isStill[$0 - 1]) }
    return starts.compactMap { start in
      let end = isStill[start...].firstIndex(of: false) ?? isStill.count
      let left = axes.placeX(Double(columns.ranges[start].lowerBound) - 0.5)
      let right = axes.placeX(Double(columns.ranges[end - 1].upperBound) + 0.5)
      let shown = (from: max(left, axes.plot.x), to: min(right, axes.plot.maxX))
      guard shown.from < shown.to else { return nil }
      return .line(Point(shown.from, axes.plot.maxY), Point(shown.to, axes.plot.maxY), stroke)
    }
  }

  /// The words at the lines' ends; those of weights that stand still in the end at the axis, `floor`.
  private func lineEnds(floor: Double, _ theme: Theme) -> LineEnds {
    var ends = LineEnds()
    for (index, row) in rows.enumerated() {
      let name = theme.labelFont.fitting(name: names[index], into: theme.nameWidth * 1.4)
      let line = Stroke(stroke(index, theme).color, width: theme.hairline)
      let isAccented = accented.contains(index)
      if row.startOfZeros != nil {
        ends.add(name + ": 0", at: floor, line, isAccented: isAccented)
        continue
      }
      guard let column = row.bins.lastIndex(where: { $0.count > 0 }) else { continue }
      let smooth = row.smoothed()?.last { $0 != nil } ?? nil
      guard let last = smooth ?? row.bins[column].mean else { continue }
      ends.add(name, at: last, line, endingAt: columns.middle(column), isAccented: isAccented)
    }
    return ends
  }
}
