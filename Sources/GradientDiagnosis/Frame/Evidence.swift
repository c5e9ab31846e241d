/// The figures behind a finding, layer by layer: what a screen draws as bars.
public struct Evidence: Sendable, Equatable {
  /// What the figures are: `"δ per example (L2), median of steps 350 to 399"`.
  public var title: String
  /// Whether the figures span decades, so that their logarithm is to be drawn.
  public var isLogarithmic: Bool
  /// The figures, the layer nearest the input first.
  public var values: [LayerValue]

  /// One layer's figure.
  public struct LayerValue: Sendable, Equatable {
    /// The layer's name.
    public var layer: String
    /// The figure.
    public var value: Double

    /// Creates a figure.
    public init(layer: String, value: Double) {
      self.layer = layer
      self.value = value
    }
  }

  /// Creates evidence.
  public init(title: String, isLogarithmic: Bool, values: [LayerValue]) {
    self.title = title
    self.isLogarithmic = isLogarithmic
    self.values = values
  }
}
