import Foundation
package import GradientDiagnosis
import GradientTrace
import GzipIO

/// Where the features of an input lie, or the outputs of the units that a finding is about: for each its mean, and one
/// standard deviation to either side.
package struct FeatureScaleChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let features: InputFeatures
  private let places: SymmetricLog
  /// What stands out: the largest feature, or the units that hardly say anything.
  private let marked: Set<Int>
  private let markedLabel: String
  /// Whether these are features of an input, made for a size of 1.
  private let isInput: Bool

  /// A feature so many times as large as the typical one stands out.
  private static let outstanding = 3.0
  /// The width of the widest bar, of one feature among few.
  private static let widestBar = 40.0

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    func isInput(_ features: InputFeatures) -> Bool {
      run.header.layers[features.layer].kind == "input"
    }
    let inputs = run.features.filter(isInput)
    // An output that is the same for all examples is shown by the input where that is what is the same.
    let alike = inputs.filter { $0.deviations.allSatisfy { $0 == 0 } }
    let isCollapse = finding?.id == CollapsedOutput.explanation.id
    let named = run.features.first { run.header.layers[$0.layer].name == finding?.layer }
    let shown = isCollapse && !alike.isEmpty && alike.count == inputs.count ? alike[0] : named
    guard let features = shown ?? inputs.max(by: { $0.rms < $1.rms }) else {
      throw NotEnoughData("no means and deviations of an input in this trace")
    }
    self.features = features
    self.isInput = isInput(features)
    let ends: [Double] = features.ranges.flatMap { [$0.lowerBound, $0.upperBound] }
    // Straight as far as 1, the size that weights are made for, or as the largest value where that is smaller.
    let furthest = ends.lazy.map(abs).max() ?? 1
    places = SymmetricLog(threshold: furthest > 0 ? min(0, Int(log10(furthest).rounded(.up))) : 0)
    let sizes = features.sizes
    let largest = sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0
    let name = run.names[features.layer]
    if !self.isInput, let finding, finding.id == DormantUnits.explanation.id {
      marked = Self.dormant(sizes, share: finding.value)
      markedLabel = "dormant"
    } else {
      let isOutlier = self.isInput && sizes[largest] > Self.outstanding * features.typical
      marked = isOutlier ? [largest] : []
      markedLabel = "largest feature"
    }
    subtitle = [
      "Mean and standard deviation of each \(self.isInput ? "feature" : "unit") of \(name) over some examples",
      "symmetric log scale", "step \(features.step)",
    ]
    title =
      Self.title(features, name, isInput: self.isInput, dormant: marked.count, about: finding)
      ?? Self.title(features, largest: largest, about: finding)
    alternativeText =
      "\(title); \(features.means.count.counted(self.isInput ? "feature" : "unit")), "
      + "RMS \(Wording.short(features.rms)), the largest \(Wording.short(sizes[largest])), "
      + "the typical one \(Wording.short(features.typical))"
  }

  /// The smallest units, as many as a finding says.
  private static func dormant(_ sizes: [Double], share: Double) -> Set<Int> {
    guard share > 0, share <= 1 else { return [] }
    let count = Int((share * Double(sizes.count)).rounded())
    return Set(sizes.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }.prefix(count))
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let count = features.means.count
    let ends: [Double] = features.ranges.flatMap { [$0.lowerBound, $0.upperBound] } + [-1, 1]
    guard let y = Scale(.symmetric(places), covering: ends.map(places.place)) else { return [] }
    let axes = Axes(
      in: content, x: Scale(.steps, -0.5...Double(count) - 0.5), y: y,
      xCaption: "\(isInput ? "feature" : "unit"), counted from 0", yCaption: "value",
      trailing: theme.gap, theme: theme)
    var elements: [Drawing.Element] =
      isInput ? [area(-1...1, 0...count - 1, theme.healthy, on: axes)] : []
    elements += axes.elements()
    // Where there are more features than pixels, a bar reaches as far as any of those that share it.
    let bars = max(1, min(count, Int(axes.plot.width / 3)))
    for bar in 0..<bars {
      let first = bar * count / bars, last = max(first, (bar + 1) * count / bars - 1)
      let ranges = features.ranges[first...last]
      let low = ranges.map(\.lowerBound).min() ?? 0, high = ranges.map(\.upperBound).max() ?? 0
      let isMarked = (first...last).contains(where: marked.contains)
      elements.append(
        area(low...high, first...last, isMarked ? theme.accent : theme.data, on: axes, 0.7))
    }
    if !theme.isCompact, axes.plot.width / Double(count) > 6 {
      elements += features.means.enumerated().map { index, mean in
        .disc(
          center: axes.point(Double(index), places.place(mean)), radius: 2, theme.background)
      }
    }
    var items: [(Key.Swatch, String)] = [(.area(theme.data), "mean ± deviation")]
    if isInput { items.append((.area(theme.healthy), "healthy: 0 ± 1")) }
    if !marked.isEmpty { items.append((.area(theme.accent), markedLabel)) }
    return elements
      + Key(items: items).elements(
        from: content.x + 6 * theme.labelSize, to: content.maxX, top: content.y, theme: theme)
  }

  /// The area of some values of some features, of each as much of its place as `share` says.
  private func area(
    _ values: ClosedRange<Double>, _ features: ClosedRange<Int>, _ color: Color, on axes: Axes,
    _ share: Double = 1
  ) -> Drawing.Element {
    let start = axes.placeX(Double(features.lowerBound) - share / 2)
    let end = axes.placeX(Double(features.upperBound) + share / 2)
    let width = share < 1 ? min(end - start, Self.widestBar) : end - start
    let top = axes.placeY(places.place(values.upperBound))
    let bottom = axes.placeY(places.place(values.lowerBound))
    let least = max(bottom - top, 2)
    return .rectangle(
      Frame(
        x: (start + end - width) / 2, y: (top + bottom - least) / 2, width: width, height: least),
      color)
  }

  /// What a finding about units, or about answers that are all alike, sees.
  private static func title(
    _ features: InputFeatures, _ name: String, isInput: Bool, dormant: Int, about finding: Finding?
  ) -> String? {
    let count = features.means.count
    switch finding?.id {
    case CollapsedOutput.explanation.id where isInput:
      return features.spread == 0
        ? "All examples look alike: none of the \(count.counted("feature")) of \(name) varies" : nil
    case CollapsedOutput.explanation.id:
      return
        "\(name) answers alike: its units vary by \(Wording.short(features.spread)) of their size"
    case DormantUnits.explanation.id where !isInput:
      return "\(dormant) of \(count) units of \(name) hardly say anything"
    default: return nil
    }
  }

  private static func title(
    _ features: InputFeatures, largest: Int, about finding: Finding?
  ) -> String {
    let ratio = features.sizes[largest] / max(features.typical, .leastNormalMagnitude)
    switch finding?.statistic {
    case "feature-spread":
      return "Feature \(largest) is \(Wording.short(ratio)) times as large as the typical one"
    case "feature-offset":
      return "Features lie far from zero: \(Wording.short(features.offset)) deviations"
    default:
      let rms = Wording.short(features.rms)
      guard features.rms > 10 || features.rms < 0.1 else {
        return "The input's values have an RMS of \(rms); weights are made for 1"
      }
      return "Inputs are \(features.rms > 1 ? "large" : "small"): their RMS is \(rms) instead of 1"
    }
  }
}
