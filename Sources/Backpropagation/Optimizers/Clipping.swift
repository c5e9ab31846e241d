/// How large gradients are cut down before the optimizer gets them.
///
/// As in PyTorch, a norm of exactly the limit is cut too, by 10⁻⁶ of it.
public enum Clipping: Sendable, Equatable {
  /// Each element to at most this magnitude.
  case value(Double)
  /// Each parameter's gradient to at most this norm: g ← g · min(1, c / (‖g‖ + 10⁻⁶)).
  case norm(Double)
  /// The gradient of all parameters together to at most this norm, all by the same factor.
  case globalNorm(Double)

  /// What a gradient of this norm is multiplied by to have at most the norm `limit`.
  static func factor(norm: Double, limit: Double) -> Double {
    // A norm that is not finite cuts nothing down: what is wrong must stay to be seen.
    norm.isFinite ? min(1, limit / (norm + 1e-6)) : 1
  }
}
