/// Which numeric oracle the gradients are held against.
public enum CheckMethod: String, Sendable, CaseIterable {
  /// Dual numbers, with finite differences of a sample of the entries as a second opinion.
  case automatic
  /// Dual numbers alone: exact derivatives from the same forward pass, without a step.
  case dual
  /// Finite differences alone, with their own error estimate.
  case finiteDifference = "finite-difference"
  /// The order of the remainder along random directions: 2 if the gradient is right, 1 if it is wrong.
  case taylor

  var asksDuals: Bool { self == .automatic || self == .dual }
  var asksDifferences: Bool { self == .automatic || self == .finiteDifference }

  /// The names of the oracles that are asked.
  var oracles: [String] {
    switch self {
    case .automatic: ["dual", "finite-difference"]
    case .dual: ["dual"]
    case .finiteDifference: ["finite-difference"]
    case .taylor: ["taylor"]
    }
  }
}
