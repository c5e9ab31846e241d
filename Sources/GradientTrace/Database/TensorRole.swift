/// What a statistic is of, as the columns `tensor` and `place` of the table `statistic` say.
enum TensorRole: Hashable {
  /// The step as a whole; of no layer.
  case step
  case activation, delta
  /// The layer as a whole.
  case layer
  /// The parameter at this place among the layer's.
  case parameter(Int)

  /// The value of the column `tensor`.
  var name: String {
    switch self {
    case .step: "step"
    case .activation: "activation"
    case .delta: "delta"
    case .layer: "layer"
    case .parameter: "parameter"
    }
  }

  /// The value of the column `place`.
  var place: Int? {
    if case .parameter(let place) = self { place } else { nil }
  }

  /// The role of a row of the table, or nil for one of a later version.
  init?(name: String, place: Int?) {
    switch (name, place) {
    case ("step", nil): self = .step
    case ("activation", nil): self = .activation
    case ("delta", nil): self = .delta
    case ("layer", nil): self = .layer
    case ("parameter", let place?): self = .parameter(place)
    default: return nil
    }
  }
}

/// One row of the table `statistic`: what a series or a list is of.
struct StatisticKey: Hashable {
  /// The place of the layer in the header; nil for a step as a whole.
  var layer: Int?
  var role: TensorRole
  var name: String
  var type: ElementType
}
