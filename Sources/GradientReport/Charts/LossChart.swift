import Foundation
package import GradientDiagnosis
import GradientTrace
import GzipIO

/// The loss over the steps: every step faint, smoothed bold, the validation part dashed.
package struct LossChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let columns: StepColumns
  private let steps: Scale
  private let training: Series
  /// The smoothed loss as it is drawn, its logarithm on a logarithmic axis; nil for a short run.
  private let smooth: [Double?]?
  private let validation: Series
  private let runName: String
  private let paired: PairedLoss?
  private let constantLoss: Double?
  private let firstNonFinite: Int?
  private let isLogarithmic: Bool
  private let stepCaption: String
  private let events: EventMarks

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let recorded = run.loss.bins.filter { $0.count > 0 }
    // One finite loss is worth a picture where it shows how soon there was none any more.
    let fewest = run.firstNonFiniteLoss == nil ? 2 : 1
    guard recorded.count >= fewest, let low = recorded.map(\.low).min(),
      let high = recorded.map(\.high).max()
    else {
      throw NotEnoughData(
        run.loss.isEmpty
          ? "no loss in this trace"
          : "the loss is finite at \(recorded.isEmpty ? "no step" : "one step alone")")
    }
    columns = run.columns
    steps = run.stepScale
    stepCaption = run.stepCaption
    training = run.loss
    validation = run.validation
    runName = run.header.run.name.map { $0.quotable } ?? "this run"
    paired = run.paired.flatMap { $0.loss.bins.contains { $0.count > 0 } ? $0 : nil }
    firstNonFinite = run.firstNonFiniteLoss
    // Only a range of more than a decade is worth the harder reading of a logarithmic axis.
    let guess = run.header.run.constantLoss.flatMap { $0.isFinite ? $0 : nil }
    let shown = guess.map { $0 > 0 ? $0 : low } ?? low
    let opposite = paired?.loss.bins.filter { $0.count > 0 } ?? []
    let least = min(low, shown, opposite.map(\.low).min() ?? low)
    let most = max(high, shown, opposite.map(\.high).max() ?? high)
    let isLogarithmic = least > 0 && most > 10 * least
    self.isLogarithmic = isLogarithmic
    smooth = run.loss.smoothed { isLogarithmic ? log10($0) : $0 }
    constantLoss = guess.flatMap { !isLogarithmic || $0 > 0 ? $0 : nil }
    events = EventMarks(diagnosis)
    let title = Self.title(run, about: finding) ?? Self.title(run, diagnosis)
    self.title = title
    let ending = run.validation.bins.last { $0.count > 0 }?.mean
    let lines = ending == nil ? "" : "; dashed: validation part"
    subtitle = [
      "Loss of each step's batch" + lines, "without the regularizer",
      "faint: every step, bold: smoothed",
    ]
    let end = ending.map { "ends at \(Wording.loss($0))" }
    alternativeText =
      title + (end.map { title.hasSuffix($0) ? "" : "; the validation loss \($0)" } ?? "")
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let all = (training.bins + validation.bins + (paired?.loss.bins ?? [])).filter { $0.count > 0 }
    var ends = all.flatMap { [place($0.low), place($0.high)] }
    if let constantLoss { ends.append(place(constantLoss)) }
    guard let y = Scale(isLogarithmic ? .exponent : .linear, covering: ends) else { return [] }
    let labels = lineEnds(theme)
    let axes = Axes(
      in: content, x: steps, y: y, xCaption: stepCaption,
      yCaption: isLogarithmic ? "loss, log scale" : "loss",
      top: events.height(theme: theme), trailing: labels.width(theme), theme: theme)
    var elements = nonFiniteArea(on: axes, theme) + axes.elements()
    if let constantLoss {
      let height = axes.placeY(place(constantLoss))
      elements.append(
        .line(
          Point(axes.plot.x, height), Point(axes.plot.maxX, height),
          Stroke(theme.axis, width: theme.hairline, dash: theme.dash)))
    }
    elements += trainingLines(on: axes, theme)
    elements += pairedLines(on: axes, theme)
    let dashed = Stroke(theme.data, width: theme.lineWidth, dash: theme.dash)
    let measured = validation.bins.indices.filter { validation.bins[$0].count > 0 }
    elements.append(
      .polyline(
        measured.map {
          axes.point(columns.middle($0), place(validation.bins[$0].mean ?? 0))
        }, dashed))
    elements += events.elements(on: axes, within: content, theme: theme)
    return elements + labels.elements(on: axes, theme)
  }
}

extension LossChart {
  /// What the curves show of a finding that the two ends of the training loss don't tell.
  private static func title(_ run: RunDigest, about finding: Finding?) -> String? {
    let measured = run.validation.bins.filter { $0.count > 0 }
    switch finding?.id {
    case Overfitting.explanation.id:
      guard let step = finding?.firstStep, let lowest = measured.map(\.low).min(),
        let last = measured.last?.mean
      else { return nil }
      return "Validation loss is lowest at step \(step), \(Wording.loss(lowest)), and ends at "
        + Wording.loss(last)
    case Oscillation.explanation.id:
      return run.progress.current.map {
        "Training loss swings around \(Wording.loss($0)) and does not settle"
      }
    case AdversarialImbalance.explanation.id:
      guard let paired = run.paired, let own = run.progress.current,
        let other = paired.progress.current
      else { return nil }
      let name = run.header.run.name.map { $0.quotable } ?? "this run"
      return Wording.capitalized(
        "\(name)'s loss ends at \(Wording.short(own)), \(Self.name(of: paired))'s at \(Wording.short(other))"
      )
    default: return nil
    }
  }

  private static func name(of paired: PairedLoss) -> String {
    paired.name.isEmpty ? "the paired run" : paired.name.quotable
  }

  private static func title(_ run: RunDigest, _ diagnosis: Diagnosis) -> String {
    let count = run.stepCount.counted("step")
    if let step = run.firstNonFiniteLoss {
      return "Training loss is no longer a finite number from step \(step) on"
    }
    guard let first = run.progress.first, let last = run.progress.current else { return "" }
    let change = (last - first) / max(abs(first), .leastNormalMagnitude)
    if abs(change) < 0.05 {
      return "Training loss ends where it began: \(Wording.loss(last)) after \(count)"
    }
    if change < 0, diagnosis.findings.contains(where: { $0.id == NotLearning.explanation.id }) {
      guard let constantLoss = run.header.run.constantLoss, constantLoss.isFinite else {
        return "Training loss hardly falls: from \(Wording.loss(first)) to \(Wording.loss(last)) "
          + "in \(count)"
      }
      return "\(last < constantLoss ? "Hardly" : "No") better than a constant guess: "
        + "\(Wording.loss(last)) against \(Wording.loss(constantLoss))"
    }
    return "Training loss \(change < 0 ? "falls" : "rises") from \(Wording.loss(first)) to "
      + "\(Wording.loss(last)) in \(count)"
  }

  /// Where a loss lies on the vertical axis.
  private func place(_ loss: Double) -> Double { isLogarithmic ? log10(loss) : loss }

  private func trainingLines(on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    let raw = training.stretches(place).map { stretch in
      stretch.map { axes.point(columns.middle($0.column), $0.value) }
    }
    let bold = Stroke(theme.data, width: theme.lineWidth)
    guard let smooth else { return raw.map { .curve(through: $0, bold, theme) } }
    let curve = smooth.enumerated().compactMap { column, value in
      value.map { axes.point(columns.middle(column), $0) }
    }
    let faint = Stroke(theme.faintData, width: theme.hairline)
    return raw.map { .polyline($0, faint) } + [.polyline(curve, bold)]
  }

  /// The loss of the run that this one trains against.
  private func pairedLines(on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    guard let paired else { return [] }
    let color = theme.series[1]
    let raw = paired.loss.stretches(place).map { stretch in
      stretch.map { axes.point(paired.columns.middle($0.column), $0.value) }
        .filter { axes.plot.x...axes.plot.maxX ~= $0.x }
    }
    let faint = Stroke(color.mixed(with: theme.background, 0.7), width: theme.hairline)
    guard let smooth = paired.loss.smoothed(place) else {
      return raw.map { .polyline($0, Stroke(color, width: theme.lineWidth)) }
    }
    let curve = smooth.enumerated().compactMap { column, value in
      value.map { axes.point(paired.columns.middle(column), $0) }
    }.filter { axes.plot.x...axes.plot.maxX ~= $0.x }
    return raw.map { .polyline($0, faint) }
      + [.polyline(curve, Stroke(color, width: theme.lineWidth))]
  }

  /// The steps at which there is no loss to draw, since it is not a number any more.
  private func nonFiniteArea(on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    guard let firstNonFinite else { return [] }
    let start = max(axes.plot.x, axes.placeX(Double(firstNonFinite)))
    let frame = Frame(
      x: start, y: axes.plot.y, width: axes.plot.maxX - start, height: axes.plot.height)
    let label = Text(
      "NaN or infinite", at: Point(frame.midX, frame.midY), .init(.center, .middle),
      font: theme.labelFont, color: theme.ink, role: .mark)
    let area = Drawing.Element.rectangle(
      frame, theme.nonFinite.mixed(with: theme.background, 0.88))
    return frame.contains(label.box) ? [area, .text(label)] : [area]
  }

  /// What is written at the end of each line.
  private func lineEnds(_ theme: Theme) -> LineEnds {
    var ends = LineEnds()
    if firstNonFinite == nil,
      let last = (smooth?.last { $0 != nil } ?? nil)
        ?? training.bins.last(where: { $0.count > 0 })?.mean.map(place)
    {
      let name =
        paired == nil ? "training" : theme.labelFont.fitting(runName, into: theme.nameWidth)
      ends.add(name, at: last, Stroke(theme.data, width: theme.hairline))
    }
    if let paired, let last = paired.loss.bins.last(where: { $0.count > 0 })?.mean {
      let smooth = paired.loss.smoothed(place)?.last { $0 != nil } ?? nil
      ends.add(
        theme.labelFont.fitting(Self.name(of: paired), into: theme.nameWidth),
        at: smooth ?? place(last), Stroke(theme.series[1], width: theme.hairline))
    }
    if let last = validation.bins.last(where: { $0.count > 0 })?.mean {
      ends.add(
        "validation \(Wording.loss(last))", at: place(last),
        Stroke(theme.data, width: theme.hairline, dash: theme.dash / 2))
    }
    if let constantLoss {
      ends.add(
        "constant guess \(Wording.loss(constantLoss))", at: place(constantLoss),
        Stroke(theme.axis, width: theme.hairline))
    }
    return ends
  }
}
