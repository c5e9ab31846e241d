/// One entry's analytic gradient beside the numeric one.
public struct EntryCheck: Sendable, Equatable {
  /// The entry's index in its tensor; empty where a direction was checked.
  public var index: [Int]
  /// What the backward pass says.
  public var analytic: Double
  /// What the numeric oracle says.
  public var numeric: Double
  /// |analytic − numeric| / max(|analytic|, |numeric|).
  public var relativeError: Double
  /// The numeric oracle's own error, below which it can't tell.
  public var floor: Double
  /// The step that was used; 0 for dual numbers, which take none.
  public var step: Double
  /// What the entry's check came to.
  public var verdict: CheckVerdict
  /// Whether every stencil that could tell crossed a kink, so that the entry has no derivative.
  public var isAtKink: Bool = false
  /// The decision that changes there, where the entry is at a kink and the layers tell what they decide.
  public var kink: Kink?
  /// Where the entry is at a kink, the slopes to both sides, between which any derivative is right.
  public var slopes: ClosedRange<Double>?
  /// Who says the numeric value.
  public var oracle: NumericOracle = .finiteDifference
  /// What finite differences say where another oracle decided and they were asked too.
  public var secondOpinion: SecondOpinion?

  /// A derivative by finite differences beside that of another oracle.
  public struct SecondOpinion: Sendable, Equatable, Codable {
    /// The derivative.
    public var numeric: Double
    /// Its own error, below which it can't tell.
    public var floor: Double
    /// The step that was used.
    public var step: Double
  }

  /// Creates a result.
  public init(
    index: [Int], analytic: Double, numeric: Double, relativeError: Double, floor: Double,
    step: Double, verdict: CheckVerdict
  ) {
    self.index = index
    self.analytic = analytic
    self.numeric = numeric
    self.relativeError = relativeError
    self.floor = floor
    self.step = step
    self.verdict = verdict
  }
}

extension EntryCheck {
  /// Whether a derivative of zero was found to be zero up to rounding: how far the two digits left are apart says nothing.
  package var isNoise: Bool {
    verdict == .pass && max(abs(analytic), abs(numeric)) < 10 * floor
  }

  /// What was found about an entry, as it is told.
  init(_ judgement: Judgement, index: [Int]) {
    let verdict: CheckVerdict =
      switch judgement.outcome {
      case .pass: .pass
      case .fail: .fail
      case .unverifiable, .atKink: .unverifiable
      }
    self.init(
      index: index, analytic: judgement.analytic, numeric: judgement.numeric,
      relativeError: judgement.relativeError, floor: judgement.floor, step: judgement.step,
      verdict: verdict)
    isAtKink = judgement.outcome == .atKink
    if isAtKink { (kink, slopes) = (judgement.kink, judgement.slopes) }
    oracle = judgement.oracle
    secondOpinion = judgement.secondOpinion.map {
      SecondOpinion(numeric: $0.numeric, floor: $0.floor, step: $0.step)
    }
  }
}
