extension Series {
  /// Below so many bins a series is drawn as it is.
  private static let leastBins = 40
  /// The average reaches back over this share of the run.
  private static let span = 0.04

  /// Each bin's mean, mapped by `place` and averaged exponentially over the bins before; nil for a short run.
  ///
  /// The average is of what is drawn, the logarithm on a logarithmic axis, and its first values are not drawn to zero:
  /// Σ_k d^k x_{i−k} / Σ_k d^k.
  package func smoothed(_ place: (Double) -> Double = { $0 }) -> [Double?]? {
    guard bins.count >= Self.leastBins else { return nil }
    let decay = 1 - 2 / (max(3, Double(bins.count) * Self.span) + 1)
    var sum = 0.0
    var weight = 0.0
    return bins.map { bin in
      guard let mean = bin.mean.map(place), mean.isFinite else { return nil }
      sum = decay * sum + mean
      weight = decay * weight + 1
      return sum / weight
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
