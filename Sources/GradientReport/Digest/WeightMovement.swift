import GradientTrace

/// The gradient of a layer's weights at one step, and how far they moved.
struct WeightMovement {
  /// The RMS of the gradient over all weights; NaN where it isn't finite, nil where nothing was recorded.
  let gradient: Double?
  /// ‖ΔW‖/‖W‖ of the weights that are trained; nil where none is.
  let update: Double?

  /// A weight of a layer.
  struct Weight: Sendable, Equatable {
    /// Its place among the layer's parameters.
    var place: Int
    /// The number of its elements.
    var count: Double
    var isFrozen: Bool
  }

  /// The weights of a layer.
  static func weights(of layer: LayerDescription) -> [Weight] {
    layer.parameters.enumerated().filter(\.element.isWeight).map { place, parameter in
      Weight(
        place: place, count: parameter.shape.reduce(1) { $0 * Double($1) },
        isFrozen: parameter.frozen)
    }
  }

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
        count: weight.count)
      guard !weight.isFrozen, record.layers[layer]?.parameters[place]?.frozen != true,
        let change = record.layers[layer]?.parameters[place]?.updateRMS,
        let rms = record.layers[layer]?.parameters[place]?.rms, rms > 0
      else { continue }
      update.add(change, count: weight.count)
      size.add(rms, count: weight.count)
    }
    self.gradient = gradient.rms
    self.update = update.rms.flatMap { change in size.rms.map { change / $0 } }
  }
}
