/// The shape of a figure over depth: where it starts and ends, by how many decades it falls towards the input.
struct DepthShape: Sendable {
  private let depths: Int
  /// The figure's logarithm at a depth; nil where it is unknown.
  let value: @Sendable (_ depth: Int) -> Double?
  /// The first depth that is known, and the last one.
  let bottom: Int
  let top: Int
  /// The logarithm at the last depth.
  let topValue: Double
  /// The decades lost from the last depth to the first; negative where the figure grows towards the input.
  let attenuation: Double

  /// A statistic that lies over its threshold.
  typealias Crossing = (statistic: String, value: Double, threshold: Double)

  /// Reads the shape off; nil with fewer than two depths.
  init?(_ values: [Double?]) { self.init(depths: values.count) { values[$0] } }

  /// Reads the shape off the figure that `value` gives for each depth, asked for no more depths than are needed.
  init?(depths: Int, _ value: @escaping @Sendable (Int) -> Double?) {
    func firstKnown(_ order: some Sequence<Int>) -> (depth: Int, value: Double)? {
      for depth in order {
        if let known = value(depth) { return (depth, known) }
      }
      return nil
    }
    guard let bottom = firstKnown(0..<depths),
      let top = firstKnown((bottom.depth + 1..<max(depths, bottom.depth + 1)).reversed())
    else { return nil }
    self.depths = depths
    self.value = value
    self.bottom = bottom.depth
    self.top = top.depth
    topValue = top.value
    attenuation = top.value - bottom.value
  }

  /// The figure's logarithm at each depth, the input side first; nil where it is unknown.
  var values: [Double?] { (0..<depths).map(value) }

  /// The decades lost a depth.
  var slope: Double { theilSenSlope(values) ?? 0 }

  /// The loss over depth, or its slope where enough is lost in all, if it lies over its threshold.
  func fading(_ context: AnalysisContext) -> Crossing? {
    let layer = context.levels[bottom][0]
    let limit = context.value(Thresholds.vanishingAttenuation, layer: layer)
    if attenuation > limit { return ("attenuation", attenuation, limit) }
    let steep = context.value(Thresholds.vanishingSlope, layer: layer)
    guard attenuation > context.value(Thresholds.vanishingSlopeAttenuation, layer: layer),
      slope > steep
    else { return nil }
    return ("slope", slope, steep)
  }

  /// The growth towards the input, or its slope where it grows enough in all, if it lies over its threshold.
  func growing(_ context: AnalysisContext) -> Crossing? {
    let layer = context.levels[bottom][0]
    let limit = context.value(Thresholds.explodingGrowth, layer: layer)
    if -attenuation > limit { return ("growth", -attenuation, limit) }
    let steep = context.value(Thresholds.explodingSlope, layer: layer)
    guard -attenuation > context.value(Thresholds.explodingSlopeGrowth, layer: layer),
      -slope > steep
    else { return nil }
    return ("slope", -slope, steep)
  }
}
