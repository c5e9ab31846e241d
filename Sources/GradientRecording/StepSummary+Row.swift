import Backpropagation
import GradientTrace

extension StepSummary {
  /// Writes this step into `row` as a trace holds it, without its unit windows: deltas are per example there.
  ///
  /// `parameters` are for each node those that are recorded; `numbers` is room for a list.
  func fill(_ row: StepRow, parameters: [[Int]], _ numbers: inout [Double]) {
    row.removeLists()
    row.head.step = step
    row.head.epoch = epoch
    row.head.loss = loss
    row.head.validationLoss = validationLoss
    row.head.learningRate = learningRate
    row.head.clipFactor = clipFactor
    row.head.examples = examples
    row.head.lossDivisor = lossDivisor
    for index in layers.indices {
      layers[index].write(to: row, layer: index, divisor: lossDivisor, endsWindow, &numbers)
      for place in parameters[index].indices {
        self.parameters[parameters[index][place]].write(
          to: row, place: place, layer: index, endsWindow)
      }
    }
  }
}

extension LayerSummary {
  fileprivate func write(
    to row: StepRow, layer: Int, divisor: Double, _ endsWindow: Bool, _ numbers: inout [Double]
  ) {
    row.set(activation: RowStatistics(activation), of: layer)
    row.set(delta: RowStatistics(delta, scale: divisor), of: layer)
    row.set(layer: layer, silentUnits: activeCounts?.zeroCount, saturated: saturated)
    if endsWindow, activation.count > 0, let activationHistogram {
      row.add(activationHistogram: activationHistogram, of: layer)
    }
    if endsWindow, delta.count > 0 { writeDelta(to: row, layer: layer, divisor: divisor, &numbers) }
    if endsWindow, let unitMoments {
      row.add(unitMeans: unitMoments.means, deviations: unitMoments.deviations, of: layer)
    }
    guard let timeDeltas else { return }
    numbers.removeAll(keepingCapacity: true)
    for time in timeDeltas.counts.indices {
      let mean = timeDeltas.sumsOfSquares[time] / Double(max(timeDeltas.counts[time], 1))
      numbers.append(mean.squareRoot() * divisor)
    }
    row.add(deltaRMSByTime: numbers, of: layer)
  }

  /// Writes what is taken of δ at a window's end.
  private func writeDelta(
    to row: StepRow, layer: Int, divisor: Double, _ numbers: inout [Double]
  ) {
    if let deltaHistogram { row.add(deltaHistogram: deltaHistogram, of: layer) }
    guard let unitDeltas else { return }
    numbers.removeAll(keepingCapacity: true)
    for mean in unitDeltas.means { numbers.append(mean * divisor) }
    row.add(unitDeltas: numbers, of: layer)
  }
}

extension ParameterSummary {
  fileprivate func write(to row: StepRow, place: Int, layer: Int, _ endsWindow: Bool) {
    guard !isFrozen else {
      row.set(
        frozenParameter: place, of: layer, rms: update.weightRMS,
        nonFinite: update.weightNonFinite)
      return
    }
    row.set(
      parameter: place, of: layer, rms: update.weightRMS, nonFinite: update.weightNonFinite,
      updateRMS: update.updateRMS, gradient: RowStatistics(update.gradient),
      distinctRows: distinctRows)
    if endsWindow, let gradientHistogram {
      row.add(gradientHistogram: gradientHistogram, of: place, in: layer)
    }
  }
}

extension RowStatistics {
  /// The statistics of a tensor times `scale`.
  fileprivate init(_ summary: TensorSummary, scale: Double = 1) {
    self.init(
      count: summary.count, mean: summary.mean * scale, rms: summary.rms * scale,
      max: summary.maxMagnitude * scale, zeros: summary.zeros, nonFinite: summary.nonFinite,
      subnormal: summary.subnormal)
  }
}

extension [UInt32] {
  /// The number of zeros.
  fileprivate var zeroCount: Int {
    withUnsafeBufferPointer { counts in
      var zeros = 0
      for count in counts { zeros += count == 0 ? 1 : 0 }
      return zeros
    }
  }
}
