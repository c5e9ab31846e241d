/// Who says what a derivative should be.
public enum NumericOracle: String, Sendable, Codable, CaseIterable {
  /// Dual numbers: the exact derivative, from the same forward pass.
  case dual
  /// Central differences of several steps, extrapolated.
  case finiteDifference = "finite-difference"
  /// The order at which the remainder of the Taylor expansion falls.
  case taylor

  /// The oracle in a sentence.
  public var name: String {
    switch self {
    case .dual: "dual numbers"
    case .finiteDifference: "finite differences"
    case .taylor: "Taylor remainder"
    }
  }
}
