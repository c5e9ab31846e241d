import Foundation
package import GradientDiagnosis
import GradientTrace

/// How large the whole gradient is at each step, and what clipping leaves of it.
package struct GradientNormChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let norm: Series
  private let clipped: Series
  private let columns: StepColumns
  private let steps: Scale
  private let stepCaption: String
  private let events: EventMarks

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    norm = run.gradientNorm.norm
    clipped = run.gradientNorm.clipped
    guard let before = Self.ending(norm) else {
      throw NotEnoughData("no finite gradient of the weights in this trace")
    }
    columns = run.columns
    steps = run.stepScale
    stepCaption = run.stepCaption
    events = EventMarks(diagnosis)
    title = Self.title(run.gradientNorm, before)
    subtitle = ["L2 norm of the gradient of all weights and biases", "log scale"]
    alternativeText =
      title + "; in the end the norm is \(Wording.short(pow(10, before)))"
      + (Self.ending(clipped).map { ", \(Wording.short(pow(10, $0))) after clipping" } ?? "")
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let ends = (norm.bins + clipped.bins).filter { $0.count > 0 }.flatMap { [$0.low, $0.high] }
    guard let y = Scale(.exponent, covering: ends) else { return [] }
    let before = Stroke(theme.data, width: theme.lineWidth)
    let after = Stroke(theme.accent, width: theme.lineWidth)
    var labels = LineEnds()
    for (series, name, stroke) in [
      (norm, "gradient", before), (clipped, "after clipping", after),
    ] {
      guard let last = Self.ending(series) else { continue }
      labels.add(
        "\(name) \(Wording.short(pow(10, last)))", at: last,
        Stroke(stroke.color, width: theme.hairline), isAccented: stroke == after)
    }
    let axes = Axes(
      in: content, x: steps, y: y, xCaption: stepCaption, yCaption: "norm, log scale",
      top: events.height(theme: theme), trailing: labels.width(theme), theme: theme)
    return axes.elements() + lines(through: norm, before, on: axes, theme)
      + lines(through: clipped, after, on: axes, theme)
      + events.elements(on: axes, within: content, theme: theme) + labels.elements(on: axes, theme)
  }
}

extension GradientNormChart {
  /// The median of the run's last fifth.
  private static func ending(_ series: Series) -> Double? {
    let recorded = series.bins.compactMap(\.mean)
    let last = recorded.suffix(max(1, recorded.count / 5)).sorted()
    return last.isEmpty ? nil : DepthProfile.quantile(last, 0.5)
  }

  private static func title(_ gradient: GradientNorm, _ before: Double) -> String {
    let size = Wording.short(pow(10, before))
    guard let after = ending(gradient.clipped) else { return "The gradient has a norm of \(size)" }
    guard gradient.clippedSteps > 0 else {
      return "The gradient, of norm \(size), is never clipped"
    }
    return "Clipping at \(Wording.percent(Double(gradient.clippedSteps) / Double(gradient.steps))) "
      + "of the steps cuts the gradient from \(size) to \(Wording.short(pow(10, after)))"
  }

  /// Every step faint and the smoothed line bold; a dot where there is one step alone.
  private func lines(
    through series: Series, _ stroke: Stroke, on axes: Axes, _ theme: Theme
  ) -> [Drawing.Element] {
    let raw = series.stretches().map { stretch in
      stretch.map { axes.point(columns.middle($0.column), $0.value) }
    }
    guard let smooth = series.smoothed() else {
      return raw.map { points in
        points.count > 1
          ? .polyline(points, stroke)
          : .disc(center: points[0], radius: theme.dotRadius, stroke.color)
      }
    }
    let faint = Stroke(stroke.color.mixed(with: theme.background, 0.7), width: theme.hairline)
    let curve = smooth.enumerated().compactMap { column, value in
      value.map { axes.point(columns.middle(column), $0) }
    }
    return raw.map { .polyline($0, faint) } + [.polyline(curve, stroke)]
  }
}
