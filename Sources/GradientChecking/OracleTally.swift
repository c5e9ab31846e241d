/// What one oracle said about a tensor, or about all of a check.
public struct OracleTally: Sendable, Equatable, Codable {
  /// The oracle.
  public var oracle: NumericOracle
  /// The entries and directions that it was asked about.
  public var checked: Int
  /// Of those, the ones at which it agrees with the backward pass.
  public var agreed: Int
  /// Of those, the ones at which it does not.
  public var failed: Int
  /// ‖analytic − numeric‖₂ / (‖analytic‖₂ + ‖numeric‖₂) over what it was asked about, kinks left out.
  ///
  /// Over several tensors the largest. The Taylor remainder, which estimates no derivative, has none: 0.
  public var relativeError: Double
  /// Of several tensors, the one with that error.
  public var worst: String?

  /// What it was asked about and could not tell: too small against the noise, or at a kink.
  public var undecided: Int { checked - agreed - failed }
}

extension OracleTally {
  /// One tally an oracle, of what it said about the entries or directions of a tensor.
  static func tallies(of judgements: [Judgement]) -> [OracleTally] {
    NumericOracle.allCases.compactMap { oracle in
      var tally = OracleTally(oracle: oracle, checked: 0, agreed: 0, failed: 0, relativeError: 0)
      var error = RelativeError()
      for judgement in judgements {
        guard let opinion = judgement.opinion(of: oracle) else { continue }
        tally.checked += 1
        if opinion.outcome == .pass { tally.agreed += 1 }
        if opinion.outcome == .fail { tally.failed += 1 }
        if oracle != .taylor { error.add(opinion) }
      }
      tally.relativeError = error.value
      return tally.checked > 0 ? tally : nil
    }
  }

  /// One tally an oracle, over several tensors.
  static func total(over tensors: [TensorCheck]) -> [OracleTally] {
    NumericOracle.allCases.compactMap { oracle in
      let named = tensors.flatMap { tensor in tensor.tallies.map { (tensor.name, $0) } }
        .filter { $0.1.oracle == oracle }
      guard let worst = named.max(by: { $0.1.relativeError < $1.1.relativeError }) else {
        return nil
      }
      return OracleTally(
        oracle: oracle, checked: named.reduce(0) { $0 + $1.1.checked },
        agreed: named.reduce(0) { $0 + $1.1.agreed },
        failed: named.reduce(0) { $0 + $1.1.failed },
        relativeError: worst.1.relativeError, worst: oracle == .taylor ? nil : worst.0)
    }
  }
}
