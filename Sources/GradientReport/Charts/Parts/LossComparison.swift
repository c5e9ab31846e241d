import Foundation
import GradientDiagnosis
import GradientTrace

/// The losses of two runs over their steps.
struct LossComparison: Picture {
  let title: String
  let subtitle = ["Loss of each step's batch, smoothed"]
  var alternativeText: String { title }
  private let runs: ComparedRuns
  /// What the two losses came to.
  private let last: [Double]
  private let isLogarithmic: Bool
  private let range: ClosedRange<Double>

  /// Compares the losses, or nothing where there is none to draw.
  init?(_ runs: ComparedRuns) {
    self.runs = runs
    let before = Self.ending(of: runs.before), after = Self.ending(of: runs.after)
    last = [before, after]
    title =
      "The loss ends at \(Wording.loss(after)); before, it "
      + (before.isFinite ? "ended at \(Wording.loss(before))" : "was no number any more")
    let means = [runs.before, runs.after].flatMap(\.loss.bins).compactMap(\.mean)
    let starts = [runs.before, runs.after].compactMap(\.progress.first).filter(\.isFinite)
    guard let low = means.min(), let high = means.max(), let start = starts.max() else {
      return nil
    }
    // A loss that leaves all bounds would leave no room to see the other fall.
    let top = max(low, min(high, 3 * abs(start)))
    isLogarithmic = low > 0 && top > 10 * low
    range = low...top
  }

  /// The median of the last batches' losses; not a number once the loss is none.
  private static func ending(of run: RunDigest) -> Double {
    run.firstNonFiniteLoss == nil ? run.progress.current ?? .nan : .nan
  }

  func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let constant = runs.after.header.run.constantLoss.flatMap {
      $0.isFinite && range.contains($0) ? $0 : nil
    }
    let ends = [place(range.lowerBound), place(range.upperBound)]
    guard let y = Scale(isLogarithmic ? .exponent : .linear, covering: ends) else { return [] }
    let each = runs.each(theme)
    var labels = LineEnds()
    for (index, run) in each.enumerated() where last[index].isFinite {
      labels.add("\(run.label) \(Wording.loss(last[index]))", at: place(last[index]), run.stroke)
    }
    if let constant {
      labels.add("constant guess", at: place(constant), Stroke(theme.axis, width: theme.hairline))
    }
    let steps = max(runs.before.shownSteps.upperBound, runs.after.shownSteps.upperBound)
    let axes = Axes(
      in: content, x: Scale(.steps, -0.5...Double(steps) + 0.5), y: y, xCaption: "step",
      yCaption: isLogarithmic ? "loss, log scale" : "loss", trailing: labels.width(theme),
      theme: theme)
    var elements = axes.elements()
    if let constant {
      let height = axes.placeY(place(constant))
      elements.append(
        .line(
          Point(axes.plot.x, height), Point(axes.plot.maxX, height),
          Stroke(theme.axis, width: theme.hairline, dash: theme.dash / 2)))
    }
    for run in each { elements += line(of: run.run, run.label, run.stroke, on: axes, theme) }
    return elements + labels.elements(on: axes, theme)
  }

  /// Where a loss lies on the vertical axis; one beyond the bounds lies on their edge.
  private func place(_ loss: Double) -> Double {
    let loss = min(max(loss, range.lowerBound), range.upperBound)
    return isLogarithmic ? log10(loss) : loss
  }

  private func line(
    of run: RunDigest, _ label: String, _ stroke: Stroke, on axes: Axes, _ theme: Theme
  ) -> [Drawing.Element] {
    var elements: [Drawing.Element] = []
    if let smooth = run.loss.smoothed(place) {
      let points = smooth.enumerated().compactMap { column, value in
        value.map { axes.point(run.columns.middle(column), $0) }
      }
      elements = [.polyline(points, stroke)]
    } else {
      elements = run.loss.stretches(place).map { stretch in
        .polyline(stretch.map { axes.point(run.columns.middle($0.column), $0.value) }, stroke)
      }
    }
    guard let broken = run.firstNonFiniteLoss,
      let last = run.loss.bins.lastIndex(where: { $0.count > 0 }),
      let value = run.loss.bins[last].mean
    else { return elements }
    let end = axes.point(run.columns.middle(last), place(value))
    let text = Text(
      "\(label): NaN or infinite from step \(broken) on",
      at: Point(end.x + 2 * theme.gap, end.y + theme.gap), .init(.leading, .top),
      font: theme.markFont, color: theme.accentInk, role: .mark)
    return elements + .cross(at: end, stroke.color, theme) + [.text(text)]
  }
}
