import Foundation
import GradientTrace

/// The largest updates of each layer with weights, with their steps: what an event is dated against afterwards.
struct LargestUpdates: Sendable {
  /// One update of a layer's weights.
  struct Update: Sendable {
    var step: Int
    /// ‖ΔW‖/‖W‖.
    var ratio: Double
    var learningRate: Double?
  }

  private let context: AnalysisContext
  private var largest: [Int: [Update]] = [:]

  /// The updates kept of a layer.
  private static let kept = 32

  init(_ context: AnalysisContext) { self.context = context }

  /// Takes in the next step.
  mutating func observe(_ step: StepRecord) {
    for layer in context.graph.weightLayers where layer < step.layers.count {
      guard let record = step.layers[layer],
        let decades = updateDecades(record, context.header.layers[layer].parameters)
      else { continue }
      let update = Update(
        step: step.step, ratio: pow(10, decades), learningRate: step.learningRate)
      var updates = largest[layer] ?? []
      if updates.count < Self.kept {
        updates.append(update)
      } else if let least = updates.indices.min(by: { updates[$0].ratio < updates[$1].ratio }),
        updates[least].ratio < update.ratio
      {
        updates[least] = update
      } else {
        continue
      }
      largest[layer] = updates
    }
  }

  /// Of the updates of `layers` at `steps` beyond `limit`, the one at the highest learning rate; of equals the largest.
  ///
  /// After a single step at a high rate the ordinary steps that follow are large as well, but not to blame.
  func suspect(
    among layers: [Int], at steps: ClosedRange<Int>, over limit: Double
  ) -> (layer: Int, update: Update)? {
    layers.flatMap { layer in (largest[layer] ?? []).map { (layer: layer, update: $0) } }
      .filter { steps.contains($0.update.step) && $0.update.ratio > limit }
      .max {
        ($0.update.learningRate ?? 0, $0.update.ratio)
          < ($1.update.learningRate ?? 0, $1.update.ratio)
      }
  }
}
