import Foundation
import GradientHealth

/// A training with its trace and what became of it.
struct RecordedRun {
  let header: TraceHeader
  let steps: [StepRecord]
  let result: TrainingResult

  /// The share by which the loss on the training part ended below that of the best constant prediction; −1 at worst, and
  /// for a loss that is no number.
  var fall: Double {
    guard let loss = result.part("training")?.loss, loss.isFinite,
      let constant = header.run.constantLoss, constant > 0
    else { return -1 }
    return max(-1, 1 - loss / constant)
  }

  /// The places of the layers with weights that are trained, in the order of the forward pass.
  var weightLayers: [Int] {
    header.layers.indices.filter { layer in
      header.layers[layer].parameters.contains { $0.isWeight && !$0.frozen }
    }
  }

  /// What was recorded of the weights of a layer at a step, with their number.
  func weights(
    _ layer: Int, _ step: StepRecord
  ) -> [(count: Int, statistics: ParameterStatistics)] {
    guard step.layers.indices.contains(layer), let record = step.layers[layer] else { return [] }
    return zip(header.layers[layer].parameters, record.parameters).compactMap {
      description, statistics in
      guard description.isWeight, let statistics else { return nil }
      return (description.shape.reduce(1, *), statistics)
    }
  }

  /// The median over the run of a layer's ‖ΔW‖/‖W‖.
  func updateRatio(_ layer: Int) -> Double? {
    median(steps.flatMap { weights(layer, $0).compactMap(\.statistics.updateRatio) })
  }

  /// The share of a rectifier's units that were silent over the last whole window.
  func silentShare(ofLayer name: String) -> Double? {
    guard let layer = header.layers.firstIndex(where: { $0.name == name }) else { return nil }
    let windows = steps.compactMap { step in
      step.layers.indices.contains(layer) ? step.layers[layer]?.unitWindow : nil
    }
    guard let counts = windows.last?.activeCounts, !counts.isEmpty else { return nil }
    return Double(counts.count { $0 == 0 }) / Double(counts.count)
  }

  /// Whether any number of any step was not finite.
  var hasNonFinite: Bool {
    steps.contains { step in
      !(step.loss ?? 0).isFinite
        || step.layers.contains { ($0?.activation?.nonFinite ?? 0) > 0 }
    }
  }
}

/// The middle value, or nil of none.
func median(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
