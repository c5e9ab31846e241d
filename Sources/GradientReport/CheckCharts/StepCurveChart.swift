import Foundation
package import GradientChecking
import GradientDiagnosis

/// How far the difference quotient lies from the analytic derivative at each step, for the entry that agrees least.
package struct StepCurveChart: Picture {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let curve: StepCurve
  /// log10 of step and relative error, from the largest step to the smallest.
  private let points: [(step: Double, error: Double)]
  /// log10 of the relative error below which differences can't tell.
  private let floor: Double?
  private let isWrong: Bool

  /// What an error of exactly zero is drawn as: below the last digit.
  private static let least = 1e-17

  /// Gathers the curve of a check.
  ///
  /// - Throws: ``NotEnoughData``, where it has none.
  package init(_ check: GradientCheck) throws(NotEnoughData) {
    guard let curve = check.curve else { throw NotEnoughData("no step curve was measured") }
    let measured = curve.points.filter { $0.derivative.isFinite && $0.step > 0 }
    guard measured.count > 1, curve.analytic.isFinite else {
      throw NotEnoughData("the differences of \(curve.tensor) are not finite")
    }
    self.curve = curve
    points = measured.map {
      (log10($0.step), log10(max(curve.relativeError(of: $0.derivative), Self.least)))
    }
    let size = max(abs(curve.analytic), abs(curve.numeric))
    let share = curve.floor / size
    floor = share.isFinite && share > 0 ? log10(max(share, Self.least)) : nil
    let isWrong = check.failures.contains { $0.name == curve.tensor }
    self.isWrong = isWrong
    let name = "\(curve.tensor)\(curve.index)"
    let error = curve.relativeError(of: curve.numeric)
    let closest = Self.share(pow(10, points.map(\.error).min() ?? 0))
    title =
      isWrong
      ? "However small the step, \(name) stays \(Self.share(error)) away from what it should be"
      : "Differences come as close as \(closest) to the analytic gradient of \(name)"
    subtitle = [
      "Relative error |analytic − (f(x+h) − f(x−h)) / 2h| of the entry that agrees least, log scales",
      "analytic \(curve.analytic.figures(4)), extrapolated \(curve.numeric.figures(4))",
    ]
    alternativeText =
      title + "; relative error against the step, the extrapolated difference off by "
      + "\(Wording.short(error))"
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let heights = points.map(\.error) + [floor, 0].compactMap(\.self)
    guard let x = Scale(.exponent, covering: points.map(\.step), padding: 0.02),
      let y = Scale(.exponent, covering: heights)
    else { return [] }
    let labels = labels(theme)
    let axes = Axes(
      in: content, x: x, y: y, xCaption: "step h, log scale", yCaption: "relative error",
      trailing: labels.width(theme), theme: theme)
    let line = points.map { axes.point($0.step, $0.error) }
    let color = isWrong ? theme.accent : theme.data
    return floorArea(on: axes, theme) + axes.elements() + usedStep(on: axes, theme)
      + [.polyline(line, Stroke(color, width: theme.lineWidth))]
      + line.map { .disc(center: $0, radius: theme.dotRadius * 0.6, color) }
      + regimes(on: axes, theme) + labels.elements(on: axes, theme)
  }
}

extension StepCurveChart {
  private static func share(_ error: Double) -> String {
    error >= 0.01 ? Wording.percent(error) : Wording.short(error)
  }

  /// Where differences can't tell any more, shaded.
  private func floorArea(on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    guard let floor else { return [] }
    let top = min(max(axes.placeY(floor), axes.plot.y), axes.plot.maxY)
    return [
      .rectangle(
        Frame(
          x: axes.plot.x, y: top, width: axes.plot.width, height: axes.plot.maxY - top),
        theme.healthy)
    ]
  }

  /// The step at which the check found its value, as an upright line with its name.
  private func usedStep(on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    guard curve.step > 0, axes.x.domain.contains(log10(curve.step)) else { return [] }
    let place = axes.placeX(log10(curve.step))
    let text = "step used: \(curve.step.figures(1))"
    let isLeft = place - axes.plot.x > theme.labelFont.width(of: text) + 2 * theme.gap
    return [
      .line(
        Point(place, axes.plot.y), Point(place, axes.plot.maxY),
        Stroke(theme.axis, width: theme.hairline, dash: theme.dash)),
      .text(
        Text(
          text, at: Point(place + (isLeft ? -theme.gap : theme.gap), axes.plot.y + theme.gap / 2),
          .init(isLeft ? .trailing : .leading, .top), font: theme.markFont,
          color: theme.secondaryInk, role: .mark)),
    ]
  }

  /// What bounds the error at either end, in words; what is linear in the entry knows no step that is too large.
  private func regimes(on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    guard !isWrong, let least = points.map(\.error).min(), let largest = points.first else {
      return []
    }
    let isCurved = largest.error > max(least + 2, -8)
    let font = theme.markFont
    let words = [
      (0.12, "← too small: rounding"),
      (0.88, isCurved ? "too large: curvature →" : "no curvature: large steps are fine"),
    ]
    return words.map { share, words in
      let center = axes.plot.x + share * axes.plot.width
      let half = font.width(of: words) / 2
      let x = min(max(center, axes.plot.x + half + theme.gap), axes.plot.maxX - half - theme.gap)
      return .text(
        Text(
          words, at: Point(x, axes.plot.maxY - theme.gap), .init(.center, .bottom), font: font,
          color: theme.secondaryInk, role: .mark))
    }
  }

  private func labels(_ theme: Theme) -> LineEnds {
    var ends = LineEnds()
    if let floor {
      ends.add(
        "floor \(Wording.short(pow(10, floor)))", at: floor,
        Stroke(theme.healthyInk, width: theme.hairline))
    }
    if isWrong {
      let error = log10(max(curve.relativeError(of: curve.numeric), Self.least))
      ends.add(
        "off by \(Self.share(pow(10, error)))", at: error,
        Stroke(theme.accent, width: theme.hairline), isAccented: true)
    }
    return ends
  }
}
