extension Series {
  /// Below so many bins a series is drawn as it is.
  private static let leastBins = 40
  /// The average reaches back over this share of the run.
  private static let span = 0.02

  /// Each bin's mean, mapped by `place` and averaged with its neighbors on both sides; nil for a short run.
  ///
  /// The weights fall exponentially with the distance, Σ_k d^|k| x_{i+k} / Σ_k d^|k|: looking both ways, the average
  /// doesn't lag behind. It is of what is drawn, the logarithm on a logarithmic axis.
  package func smoothed(_ place: (Double) -> Double = { $0 }) -> [Double?]? {
    let known = bins.count { $0.count > 0 }
    guard known >= Self.leastBins else { return nil }
    let values = bins.map { $0.mean.map(place).flatMap { $0.isFinite ? $0 : nil } }
    let decay = 1 - 2 / (max(5, Double(known) * Self.span) + 1)
    let before = Self.decayingSums(values, decay)
    let after = Array(Self.decayingSums(values.reversed(), decay).reversed())
    return values.indices.map { index in
      values[index].map { own in
        (before[index].sum + after[index].sum - own)
          / (before[index].weight + after[index].weight - 1)
      }
    }
  }

  private static func decayingSums(
    _ values: [Double?], _ decay: Double
  ) -> [(sum: Double, weight: Double)] {
    var sum = 0.0
    var weight = 0.0
    return values.map { value in
      sum = decay * sum + (value ?? 0)
      weight = decay * weight + (value == nil ? 0 : 1)
      return (sum, weight)
    }
  }

  /// The points through which a line is drawn: both extremes of each bin, so that no spike is lost; one list for each
  /// unbroken stretch.
  package func stretches(_ place: (Double) -> Double = { $0 }) -> [[(column: Int, value: Double)]] {
    var stretches: [[(column: Int, value: Double)]] = [[]]
    for (column, bin) in bins.enumerated() {
      guard let mean = bin.mean else {
        if stretches[stretches.count - 1].count > 0 { stretches.append([]) }
        continue
      }
      let values = bin.count > 1 ? [bin.low, bin.high] : [mean]
      stretches[stretches.count - 1] += values.map { (column, place($0)) }
    }
    return stretches.filter { !$0.isEmpty }
  }
}
