import Backpropagation
import GradientTrace

extension StepSummary {
  /// This step as a trace records it, without its unit windows: deltas are per example here.
  func record(of network: NeuralNetwork) -> StepRecord {
    StepRecord(
      step: step, epoch: epoch, loss: loss, validationLoss: validationLoss,
      learningRate: learningRate, examples: examples, lossDivisor: lossDivisor,
      layers: network.nodes.indices.map { index in
        let layer = layers[index]
        return LayerRecord(
          activation: TensorStatistics(layer.activation),
          delta: TensorStatistics(
            layer.delta, scale: lossDivisor, histogram: layer.deltaHistogram),
          parameters: network.trainedParameters(of: network.nodes[index])
            .map { ParameterStatistics(parameters[$0]) },
          silentUnits: layer.activeCounts.map { counts in counts.count { $0 == 0 } },
          saturated: layer.saturated,
          deltaRMSByTime: layer.timeDeltas.map { times in times.rms.map { $0 * lossDivisor } })
      })
  }
}

extension TensorStatistics {
  /// The statistics of a tensor times `scale`; nil where it was not computed.
  fileprivate init?(_ summary: TensorSummary, scale: Double = 1, histogram: [UInt32]? = nil) {
    guard summary.count > 0 else { return nil }
    self.init(
      count: summary.count, mean: summary.mean * scale, rms: summary.rms * scale,
      max: summary.maxMagnitude * scale, zeros: summary.zeros, nonFinite: summary.nonFinite,
      subnormal: summary.subnormal, histogram: histogram.map(Log2Histogram.init(counts:)))
  }
}

extension ParameterStatistics {
  fileprivate init(_ summary: ParameterSummary) {
    let update = summary.update
    self.init(
      rms: update.weightRMS, gradientRMS: update.gradient.rms,
      gradientMax: update.gradient.maxMagnitude, gradientZeros: update.gradient.zeros,
      updateRMS: update.updateRMS, nonFinite: update.weightNonFinite,
      gradientNonFinite: update.gradient.nonFinite,
      gradientHistogram: summary.gradientHistogram.map(Log2Histogram.init(counts:)))
  }
}
