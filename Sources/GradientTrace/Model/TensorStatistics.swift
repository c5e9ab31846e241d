/// Statistics of one tensor at one step; each is optional, since a producer records what it can.
public struct TensorStatistics: Sendable, Equatable {
  /// The number of elements, over all examples (and positions) of the batch.
  public var count: Int?
  /// The arithmetic mean.
  public var mean: Double?
  /// The root mean square.
  public var rms: Double?
  /// The largest magnitude.
  public var max: Double?
  /// The number of exact zeros.
  public var zeros: Int?
  /// The number of NaN and infinite values.
  public var nonFinite: Int?
  /// The number of subnormal values, too small for full precision.
  public var subnormal: Int?
  /// How the magnitudes are distributed; taken once a window.
  public var histogram: Log2Histogram?

  /// Creates statistics; what was not measured stays nil.
  public init(
    count: Int? = nil, mean: Double? = nil, rms: Double? = nil, max: Double? = nil,
    zeros: Int? = nil, nonFinite: Int? = nil, subnormal: Int? = nil,
    histogram: Log2Histogram? = nil
  ) {
    self.count = count
    self.mean = mean
    self.rms = rms
    self.max = max
    self.zeros = zeros
    self.nonFinite = nonFinite
    self.subnormal = subnormal
    self.histogram = histogram
  }

  /// The L2 norm per example, rms·√(count/examples), which does not shift with width, stride or pooling.
  public func l2(perExampleOf examples: Int) -> Double? {
    guard let rms, let count, examples > 0 else { return nil }
    return rms * (Double(count) / Double(examples)).squareRoot()
  }

  /// The L2 norm per example where the number of examples is known, else the RMS of the elements.
  public func size(perExampleOf examples: Int?) -> Double? {
    examples.flatMap(l2(perExampleOf:)) ?? rms
  }
}

/// How the magnitudes of a tensor are distributed, in 64 bins of a factor of 2.
///
/// Bin i counts the values with 2^(i−48) ≤ |x| < 2^(i−47); what is smaller or larger goes to the first or the last
/// bin. Exact zeros and non-finite values are not in it.
public struct Log2Histogram: Sendable, Equatable {
  /// The number of bins.
  public static let binCount: Int = 64
  /// The binary exponent at which the first bin starts.
  public static let lowestExponent: Int = -48
  /// The count of each bin.
  public var counts: [UInt32]

  /// Creates a histogram from its 64 counts.
  public init(counts: [UInt32]) {
    precondition(counts.count == Self.binCount, "expected 64 bins, got \(counts.count)")
    self.counts = counts
  }
}

/// Per-unit activity of a layer over a window of steps, of which this record's is the last.
public struct UnitWindow: Sendable, Equatable {
  /// The number of steps that the window covers.
  public var steps: Int
  /// For each unit, the number of examples (times positions) in the window for which its output was not zero.
  public var activeCounts: [UInt32]
  /// For each unit, the last step at which it was active, or nil if it never was; nil as a whole if not recorded.
  public var lastActive: [Int?]?
  /// For each unit, the mean magnitude of its δ per example in the window (the sum of the nudges from above).
  public var deltaMeans: [Float]?
  /// The share of units that would be silent over the window by chance: random directions on the same inputs.
  public var chanceSilent: Double?

  /// Creates a window.
  public init(
    steps: Int, activeCounts: [UInt32], lastActive: [Int?]? = nil, deltaMeans: [Float]? = nil,
    chanceSilent: Double? = nil
  ) {
    self.steps = steps
    self.activeCounts = activeCounts
    self.lastActive = lastActive
    self.deltaMeans = deltaMeans
    self.chanceSilent = chanceSilent
  }
}

/// Statistics of one parameter at one step.
public struct ParameterStatistics: Sendable, Equatable {
  /// The root mean square of the values, after this step's update.
  public var rms: Double?
  /// The root mean square of the gradient as the optimizer gets it, before clipping and decoupled decay.
  public var gradientRMS: Double?
  /// The gradient's largest magnitude.
  public var gradientMax: Double?
  /// The number of exact zeros in the gradient.
  public var gradientZeros: Int?
  /// The root mean square of the change really applied, ΔW.
  public var updateRMS: Double?
  /// The number of NaN and infinite values in the parameter.
  public var nonFinite: Int?
  /// The number of NaN and infinite values in the gradient.
  public var gradientNonFinite: Int?
  /// How many first-axis slices differ from each other: 1 in a layer initialized alike.
  public var distinctRows: Int?
  /// Whether training leaves the parameter alone on purpose at this step.
  public var frozen: Bool?
  /// How the gradient's magnitudes are distributed; taken once a window.
  public var gradientHistogram: Log2Histogram?

  /// Creates statistics; what was not measured stays nil.
  public init(
    rms: Double? = nil, gradientRMS: Double? = nil, gradientMax: Double? = nil,
    gradientZeros: Int? = nil, updateRMS: Double? = nil, nonFinite: Int? = nil,
    gradientNonFinite: Int? = nil, distinctRows: Int? = nil, frozen: Bool? = nil,
    gradientHistogram: Log2Histogram? = nil
  ) {
    self.rms = rms
    self.gradientRMS = gradientRMS
    self.gradientMax = gradientMax
    self.gradientZeros = gradientZeros
    self.updateRMS = updateRMS
    self.nonFinite = nonFinite
    self.gradientNonFinite = gradientNonFinite
    self.distinctRows = distinctRows
    self.frozen = frozen
    self.gradientHistogram = gradientHistogram
  }

  /// The update:weight ratio, ‖ΔW‖/‖W‖; nil where either is unknown or the weights are all zero.
  public var updateRatio: Double? {
    guard let updateRMS, let rms, rms > 0 else { return nil }
    return updateRMS / rms
  }
}
