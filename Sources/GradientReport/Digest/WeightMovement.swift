import GradientDiagnosis
import GradientTrace

/// The gradient of a layer's weights at one step, and how far they moved.
struct WeightMovement {
  /// The RMS of the gradient over all weights; NaN where it isn't finite, nil where nothing was recorded.
  let gradient: Double?
  /// ‖ΔW‖/‖W‖ of the weights that are trained; nil where none is.
  let update: Double?

  /// Pools what `record` says of the `weights` of a layer.
  ///
  /// A layer's record is large: single numbers are taken out of it, as a copy would take longer than all the rest.
  init(_ record: StepRecord, layer: Int, weights: [Weight]) {
    var gradient = PooledRMS()
    var update = PooledRMS()
    var size = PooledRMS()
    let recorded = record.layers[layer]?.parameters.count ?? 0
    for weight in weights where weight.place < recorded {
      let place = weight.place
      let isBroken = record.layers[layer]?.parameters[place]?.gradientNonFinite ?? 0 > 0
      gradient.add(
        isBroken ? .nan : record.layers[layer]?.parameters[place]?.gradientRMS,
        count: weight.elements)
      guard !weight.isFrozen, record.layers[layer]?.parameters[place]?.frozen != true,
        let change = record.layers[layer]?.parameters[place]?.updateRMS,
        let rms = record.layers[layer]?.parameters[place]?.rms, rms > 0
      else { continue }
      update.add(change, count: weight.elements)
      size.add(rms, count: weight.elements)
    }
    self.gradient = gradient.rms
    self.update = update.rms.flatMap { change in size.rms.map { change / $0 } }
  }
}

/// Which weights every layer has, to tell how they moved at a step.
struct LayerWeights {
  private let weights: [[Weight]]

  init(_ layers: [LayerDescription]) { weights = layers.map(Weight.all) }

  /// For each layer how its weights moved; nil for one without weights.
  func movements(in record: StepRecord) -> [WeightMovement?] {
    weights.indices.map { layer in
      guard layer < record.layers.count, !weights[layer].isEmpty else { return nil }
      return WeightMovement(record, layer: layer, weights: weights[layer])
    }
  }
}
