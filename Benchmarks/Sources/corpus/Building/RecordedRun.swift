import Foundation
import GradientHealth

/// A training with its trace and what became of it.
struct RecordedRun: Sendable {
  let header: TraceHeader
  let steps: [StepRecord]
  /// How the network did in the end; nil where it is judged by another network.
  let result: TrainingResult?
  /// The steps of the network that it trained against.
  var paired: [StepRecord] = []

  /// The share by which the loss on the training part ended below that of the best constant prediction; −1 at worst, and
  /// for a loss that is no number.
  var fall: Double {
    guard let loss = result?.part("training")?.loss, loss.isFinite,
      let constant = header.run.constantLoss, constant > 0
    else { return -1 }
    return max(-1, 1 - loss / constant)
  }

  /// How many times its first losses' median a network's last ones' is.
  static func lossRatio(_ steps: [StepRecord]) -> Double? {
    let losses = steps.compactMap(\.loss)
    guard let first = median(Array(losses.prefix(5))), let last = median(Array(losses.suffix(50))),
      first > 0
    else { return nil }
    return last / first
  }

  /// The step of the first window whose median loss, and that of all later ones, lies below that of the best constant
  /// prediction by less than a share of it; the last step where none does.
  func step(fromWhichTheFallIsBelow share: Double) -> Int? {
    guard let constant = header.run.constantLoss, let end = steps.last?.step else { return nil }
    let losses = steps.compactMap { step in step.loss.map { (step: step.step, loss: $0) } }
    let windows = losses.indices.dropFirst(Trainer.window - 1).map { last in
      (
        step: losses[last].step,
        loss: median(losses[(last - Trainer.window + 1)...last].map(\.loss)) ?? .nan
      )
    }
    let learned = windows.lastIndex { $0.loss <= constant * (1 - share) }
    guard let learned else { return windows.first?.step }
    return learned + 1 < windows.count ? windows[learned + 1].step : end
  }

  /// The last step of the first window in which a layer's δ loses, at the median, so many decades from the last time step
  /// back to the first; nil where there is none.
  func step(atWhichDeltaHasFadedBy decades: Double) -> Int? {
    let fades = steps.map { step in
      step.layers.compactMap { record -> Double? in
        guard let profile = record?.deltaRMSByTime, let last = profile.last(where: { $0 > 0 }),
          let first = profile.first
        else { return nil }
        return log10(last / max(first, .leastNonzeroMagnitude))
      }.max() ?? 0
    }
    let windows = steps.indices.dropFirst(Trainer.window - 1)
    return windows.first { end in
      median(Array(fades[(end - Trainer.window + 1)...end])) ?? 0 > decades
    }.map { steps[$0].step }
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

  /// The share of a layer's units whose output, at the last look at it, is less than a hundredth of the largest one's.
  func quietShare(ofLayer name: String) -> Double? {
    guard let layer = header.layers.firstIndex(where: { $0.name == name }) else { return nil }
    let looks = steps.compactMap { step -> [Double]? in
      guard step.layers.indices.contains(layer), let record = step.layers[layer],
        let means = record.unitMeans, let deviations = record.unitDeviations
      else { return nil }
      return zip(means, deviations).map { ($0 * $0 + $1 * $1).squareRoot() }
    }
    guard let sizes = looks.last, let largest = sizes.max() else { return nil }
    return Double(sizes.count { $0 < largest / 100 }) / Double(sizes.count)
  }

  /// The first step with a number that was not finite.
  var firstNonFiniteStep: Int? {
    steps.first { step in
      !(step.loss ?? 0).isFinite
        || step.layers.contains { ($0?.activation?.nonFinite ?? 0) > 0 }
    }?.step
  }

  /// Whether any number of any step was not finite.
  var hasNonFinite: Bool { firstNonFiniteStep != nil }

  /// Whether the loss on the validation part ended above that of the best constant prediction.
  var answersStrangersWorseThanAConstant: Bool {
    guard let loss = result?.part("validation")?.loss, let constant = header.run.constantLoss else {
      return false
    }
    return loss > constant
  }
}

/// The middle value, or nil of none.
func median(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
