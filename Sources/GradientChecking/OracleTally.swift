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
      let opinions = judgements.flatMap(\.opinions).filter { $0.oracle == oracle }
      guard !opinions.isEmpty else { return nil }
      return OracleTally(
        oracle: oracle, checked: opinions.count,
        agreed: opinions.count { $0.outcome == .pass },
        failed: opinions.count { $0.outcome == .fail },
        relativeError: oracle == .taylor ? 0 : relativeError(of: opinions))
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

  private static func relativeError(of opinions: [Judgement.Opinion]) -> Double {
    var difference = 0.0, analytic = 0.0, numeric = 0.0
    for opinion in opinions where opinion.outcome != .atKink && !opinion.isNoise {
      guard opinion.analytic.isFinite, opinion.numeric.isFinite else { return 1 }
      difference += (opinion.analytic - opinion.numeric) * (opinion.analytic - opinion.numeric)
      analytic += opinion.analytic * opinion.analytic
      numeric += opinion.numeric * opinion.numeric
    }
    let norms = analytic.squareRoot() + numeric.squareRoot()
    return norms > 0 ? difference.squareRoot() / norms : 0
  }
}

extension Judgement {
  /// What one oracle said about a derivative.
  struct Opinion {
    var oracle: NumericOracle
    var outcome: Outcome
    var analytic: Double
    var numeric: Double
    var floor: Double

    /// Whether a derivative of zero was found to be zero up to rounding, which has no relative error.
    var isNoise: Bool {
      outcome == .pass && max(abs(analytic), abs(numeric)) < 10 * floor
    }
  }

  /// What every oracle said that was asked.
  fileprivate var opinions: [Opinion] {
    let first = Opinion(
      oracle: oracle, outcome: outcome, analytic: analytic, numeric: numeric, floor: floor)
    guard let second = secondOpinion else { return [first] }
    return [
      first,
      Opinion(
        oracle: .finiteDifference, outcome: second.outcome, analytic: analytic,
        numeric: second.numeric, floor: second.floor),
    ]
  }
}
