import GradientTrace

/// The gradient of a layer's weights at one step, and how far they moved.
struct WeightMovement {
  /// The RMS of the gradient over all weights; NaN where it isn't finite, nil where nothing was recorded.
  let gradient: Double?
  /// ‖ΔW‖/‖W‖ of the weights that are trained; nil where none is.
  let update: Double?

  /// Pools what `record` says of the layer that `layer` describes.
  init(_ record: LayerRecord, of layer: LayerDescription) {
    var gradient = PooledRMS()
    var update = PooledRMS()
    var size = PooledRMS()
    for (parameter, statistics) in zip(layer.parameters, record.parameters) {
      guard parameter.isWeight, let statistics else { continue }
      let count = parameter.shape.reduce(1.0) { $0 * Double($1) }
      gradient.add(
        statistics.gradientNonFinite ?? 0 > 0 ? .nan : statistics.gradientRMS, count: count)
      guard !parameter.frozen, statistics.frozen != true, statistics.updateRatio != nil else {
        continue
      }
      update.add(statistics.updateRMS, count: count)
      size.add(statistics.rms, count: count)
    }
    self.gradient = gradient.rms
    self.update = update.rms.flatMap { change in size.rms.map { change / $0 } }
  }
}
