/// The shape of a figure over depth: where it starts and ends, by how many decades it falls towards the input.
struct DepthShape: Sendable {
  /// The figure's logarithm at each depth, the input side first; nil where it is unknown.
  let values: [Double?]
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
  init?(_ values: [Double?]) {
    guard let bottom = values.firstIndex(where: { $0 != nil }),
      let top = values.lastIndex(where: { $0 != nil }), bottom < top, let low = values[bottom],
      let high = values[top]
    else { return nil }
    self.values = values
    self.bottom = bottom
    self.top = top
    topValue = high
    attenuation = high - low
  }

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
