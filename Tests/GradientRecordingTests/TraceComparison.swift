import GradientTrace

/// Compares what two recorders wrote of one run, number by number, where both of them have it.
struct TraceComparison {
  /// The numbers that differ, in words.
  private(set) var differences: [String] = []
  /// How many numbers were compared.
  private(set) var count = 0
  private let tolerance: Double

  init(_ ours: [StepRecord], _ theirs: [StepRecord], _ header: TraceHeader, tolerance: Double) {
    self.tolerance = tolerance
    guard ours.map(\.step) == theirs.map(\.step) else {
      differences = ["the steps are not the same"]
      return
    }
    for (mine, other) in zip(ours, theirs) {
      let place = "step \(mine.step)"
      compare(mine.loss, other.loss, "\(place) loss")
      compare(mine.learningRate, other.learningRate, "\(place) learning rate")
      compare(mine.lossDivisor, other.lossDivisor, "\(place) divisor")
      compare(mine.examples, other.examples, "\(place) examples")
      for (index, layer) in header.layers.enumerated() {
        compare(mine.layers[index], other.layers[index], layer, place)
      }
    }
  }

  private mutating func compare(
    _ mine: LayerRecord?, _ other: LayerRecord?, _ layer: LayerDescription, _ step: String
  ) {
    let place = "\(step) \(layer.name)"
    guard let mine, let other else {
      differences.append("\(place) is in one trace only")
      return
    }
    compare(mine.activation, other.activation, "\(place) activation")
    compare(mine.delta, other.delta, "\(place) delta")
    compare(mine.silentUnits, other.silentUnits, "\(place) silent units")
    compare(mine.saturated, other.saturated, "\(place) saturated")
    compareMoments(mine, other, place)
    compare(mine.unitWindow, other.unitWindow, place)
    for (index, parameter) in layer.parameters.enumerated() {
      compare(mine.parameters[index], other.parameters[index], "\(place) \(parameter.name)")
    }
  }

  private mutating func compare(
    _ mine: TensorStatistics?, _ other: TensorStatistics?, _ place: String
  ) {
    // Only the input's δ is recorded by neither.
    guard let mine, let other, mine.count ?? 0 > 0 else {
      if other != nil { differences.append("\(place) is in one trace only") }
      return
    }
    compare(mine.count, other.count, "\(place) count")
    compare(mine.rms, other.rms, "\(place) rms")
    compare(mine.max, other.max, "\(place) max")
    compare(mine.zeros, other.zeros, "\(place) zeros")
    compare(mine.nonFinite, other.nonFinite, "\(place) non-finite")
    compare(mine.subnormal, other.subnormal, "\(place) subnormal")
  }

  /// Compares the units' means and deviations; a mean near zero is a difference of larger numbers, so that its deviation
  /// is what it may be off by a part of.
  private mutating func compareMoments(
    _ mine: LayerRecord, _ other: LayerRecord, _ place: String
  ) {
    guard let means = mine.unitMeans, let deviations = mine.unitDeviations,
      let otherMeans = other.unitMeans, let otherDeviations = other.unitDeviations
    else { return }
    guard means.count == otherMeans.count, deviations.count == otherDeviations.count else {
      differences.append("\(place) has other units")
      return
    }
    for unit in means.indices {
      let scale = max(abs(otherMeans[unit]), otherDeviations[unit])
      count += 1
      if !(abs(means[unit] - otherMeans[unit]) <= tolerance * scale) {
        differences.append("\(place) mean of unit \(unit): \(means[unit]), \(otherMeans[unit])")
      }
      compare(deviations[unit], otherDeviations[unit], "\(place) deviation of unit \(unit)")
    }
  }

  private mutating func compare(
    _ mine: ParameterStatistics?, _ other: ParameterStatistics?, _ place: String
  ) {
    guard let mine, let other else {
      differences.append("\(place) is in one trace only")
      return
    }
    compare(mine.rms, other.rms, "\(place) rms")
    compare(mine.gradientRMS, other.gradientRMS, "\(place) gradient rms")
    compare(mine.gradientMax, other.gradientMax, "\(place) gradient max")
    compare(mine.gradientZeros, other.gradientZeros, "\(place) gradient zeros")
    compare(mine.gradientNonFinite, other.gradientNonFinite, "\(place) gradient non-finite")
    compare(mine.updateRMS, other.updateRMS, "\(place) update")
    compare(mine.nonFinite, other.nonFinite, "\(place) non-finite")
    compare(mine.distinctRows, other.distinctRows, "\(place) distinct rows")
  }

  private mutating func compare(_ mine: UnitWindow?, _ other: UnitWindow?, _ place: String) {
    guard let mine, let other else {
      if mine != nil || other != nil { differences.append("\(place) has one window only") }
      return
    }
    compare(mine.steps, other.steps, "\(place) window")
    count += mine.activeCounts.count
    if mine.activeCounts != other.activeCounts || mine.lastActive != other.lastActive {
      differences.append("\(place) has other active units")
    }
  }

  private mutating func compare(_ mine: Int?, _ other: Int?, _ name: String) {
    guard let mine, let other else { return }
    count += 1
    if mine != other { differences.append("\(name): \(mine) and \(other)") }
  }

  private mutating func compare(_ mine: Double?, _ other: Double?, _ name: String) {
    guard let mine, let other else { return }
    count += 1
    if !(abs(mine - other) <= tolerance * abs(other)) {
      differences.append("\(name): \(mine) and \(other)")
    }
  }
}
