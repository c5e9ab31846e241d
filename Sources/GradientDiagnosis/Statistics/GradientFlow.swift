public import GradientTrace

/// How δ lies over depth at the end of a run: the medians of its last 50 steps, and the slope through them.
///
/// The slope is the median of those between any two depths (Theil 1950, Sen 1968), in decades a layer; it is positive where
/// δ is lost on the way to the input.
public struct GradientFlow: Sendable, Equatable {
  /// δ per example (L2) of one depth.
  public struct Size: Sendable, Equatable {
    /// The weight layer; of several at one depth the first.
    public var layer: String
    /// Log10 of δ.
    public var decades: Double

    /// δ itself.
    public var norm: Double { Magnitude.power(decades) }
  }

  /// The steps whose medians are taken.
  public let steps: ClosedRange<Int>
  /// The depths at which δ is known, the input side first.
  public let sizes: [Size]
  /// The decades lost a layer.
  public let slope: Double

  /// Measures a run; nil where fewer than two depths have a finite δ.
  ///
  /// - Throws: What reading the trace throws.
  public init?(of trace: Trace) throws {
    let context = AnalysisContext(header: trace.header)
    var profile = DepthProfile(.delta, context)
    try trace.forEachStep { profile.observe(ObservedStep($0, context)) }
    guard let steps = profile.window, let shape = profile.shape else { return nil }
    self.steps = steps
    slope = shape.slope
    sizes = zip(context.levels, shape.values).compactMap { level, value in
      value.map { Size(layer: context.name(level[0]), decades: $0) }
    }
  }
}
