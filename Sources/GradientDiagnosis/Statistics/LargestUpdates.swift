import GradientTrace

/// The largest updates of each layer with weights, with their steps: what an event is dated against afterwards.
struct LargestUpdates: Sendable {
  /// One update of a layer's weights.
  struct Update: Sendable {
    var step: Int
    /// ‖ΔW‖/‖W‖.
    var ratio: Double
    /// Log10 of the ratio.
    var decades: Double
    var learningRate: Double?
  }

  private let context: AnalysisContext
  /// The updates kept of each layer, the largest first.
  private var largest: [[Update]]

  /// The most updates kept of a layer.
  private static let kept = 32

  init(_ context: AnalysisContext) {
    self.context = context
    largest = context.header.layers.map { _ in [] }
  }

  /// Takes in the next step.
  mutating func observe(_ step: ObservedStep) {
    for layer in context.graph.weightLayers {
      guard let decades = step.updateDecades(layer) else {
        continue
      }
      let isFull = largest[layer].count == Self.kept
      // Most updates of a long run end here, without a power.
      if isFull, decades <= largest[layer][Self.kept - 1].decades { continue }
      let ratio = Magnitude.power(decades)
      guard !isFull || ratio > largest[layer][Self.kept - 1].ratio else { continue }
      let place = largest[layer].firstIndex { $0.ratio < ratio } ?? largest[layer].count
      largest[layer].insert(
        Update(
          step: step.step, ratio: ratio, decades: decades, learningRate: step.learningRate),
        at: place)
      if largest[layer].count > Self.kept { largest[layer].removeLast() }
    }
  }

  /// Of the updates of `layers` at `steps` beyond `limit`, the one at the highest learning rate; of equals the largest.
  ///
  /// After a single step at a high rate the ordinary steps that follow are large as well, but not to blame.
  func suspect(
    among layers: [Int], at steps: ClosedRange<Int>, over limit: Double
  ) -> (layer: Int, update: Update)? {
    layers.flatMap { layer in largest[layer].map { (layer: layer, update: $0) } }
      .filter { steps.contains($0.update.step) && $0.update.ratio > limit }
      .max {
        ($0.update.learningRate ?? 0, $0.update.ratio)
          < ($1.update.learningRate ?? 0, $1.update.ratio)
      }
  }
}
