/// The four equations that backpropagation consists of.
public enum BackpropagationEquation: Int, Sendable {
  /// δ_k = dE_n/dy_k, from the error function.
  case outputDelta = 1
  /// δ_j = h′(a_j) Σ_k w_kj δ_k, over all units k that j feeds.
  case recursion
  /// dE/db = δ.
  case bias
  /// dE/dw_ji = δ_j z_i.
  case weight

  /// The equation as it is printed.
  public var formula: String {
    switch self {
    case .outputDelta: "δ = dE/dy"
    case .recursion: "δ_j = h′(a_j) Σ_k w_kj δ_k"
    case .bias: "dE/db = δ"
    case .weight: "dE/dw = δ·z"
    }
  }
}
