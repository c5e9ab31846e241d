import Backpropagation
import GradientTrace

extension StepSummary {
  /// Writes this step into `record` as a trace holds it, without its unit windows: deltas are per example there.
  ///
  /// The record has a place for each node and for each of its `parameters`; the lists of a window's end are taken from
  /// the `spares`, so that nothing is allocated.
  func fill(_ record: inout StepRecord, parameters: [[Int]], _ spares: inout SpareLists) {
    spares.takeBack(from: &record)
    record.step = step
    record.epoch = epoch
    record.loss = loss
    record.validationLoss = validationLoss
    record.learningRate = learningRate
    record.clipFactor = clipFactor
    record.examples = examples
    record.lossDivisor = lossDivisor
    for index in layers.indices {
      record.layers[index]?.fill(
        layers[index], divisor: lossDivisor,
        histogram: endsWindow && layers[index].delta.count > 0
          ? spares.histogram(layers[index].deltaHistogram) : nil)
      for (place, parameter) in parameters[index].enumerated() {
        record.layers[index]?.parameters[place] = ParameterStatistics(
          self.parameters[parameter],
          histogram: endsWindow && !self.parameters[parameter].isFrozen
            ? spares.histogram(self.parameters[parameter].gradientHistogram) : nil)
      }
    }
  }
}

extension LayerRecord {
  fileprivate mutating func fill(
    _ layer: LayerSummary, divisor: Double, histogram: Log2Histogram?
  ) {
    activation = TensorStatistics(layer.activation)
    delta = TensorStatistics(layer.delta, scale: divisor, histogram: histogram)
    silentUnits = layer.activeCounts.map { counts in counts.count { $0 == 0 } }
    saturated = layer.saturated
    guard let times = layer.timeDeltas else { return }
    if deltaRMSByTime?.count != times.counts.count {
      deltaRMSByTime = [Double](repeating: 0, count: times.counts.count)
    }
    for time in times.counts.indices {
      let mean = times.sumsOfSquares[time] / Double(max(times.counts[time], 1))
      deltaRMSByTime?[time] = mean.squareRoot() * divisor
    }
  }
}

extension TensorStatistics {
  /// The statistics of a tensor times `scale`; nil where it was not computed.
  fileprivate init?(_ summary: TensorSummary, scale: Double = 1, histogram: Log2Histogram? = nil) {
    guard summary.count > 0 else { return nil }
    self.init(
      count: summary.count, mean: summary.mean * scale, rms: summary.rms * scale,
      max: summary.maxMagnitude * scale, zeros: summary.zeros, nonFinite: summary.nonFinite,
      subnormal: summary.subnormal, histogram: histogram)
  }
}

extension ParameterStatistics {
  fileprivate init(_ summary: ParameterSummary, histogram: Log2Histogram?) {
    let update = summary.update
    guard !summary.isFrozen else {
      self.init(
        rms: update.weightRMS, updateRMS: 0, nonFinite: update.weightNonFinite, frozen: true)
      return
    }
    self.init(
      rms: update.weightRMS, gradientRMS: update.gradient.rms,
      gradientMax: update.gradient.maxMagnitude, gradientZeros: update.gradient.zeros,
      updateRMS: update.updateRMS, nonFinite: update.weightNonFinite,
      gradientNonFinite: update.gradient.nonFinite,
      gradientHistogram: histogram)
  }
}
