/// The result of a numeric gradient check: whether what the backward pass computes is the derivative of what the forward
/// pass computes.
///
/// Its description is the text that `gradcheck check` prints, its ``jsonText`` what `--format json` does.
public struct GradientCheck: Sendable, Equatable {
  /// What the check came to: fail where any entry fails; unverifiable where more than ``mostUnverifiable`` of the
  /// entries, or all entries of a tensor, are too small against the noise.
  public var verdict: CheckVerdict
  /// The seed of the cotangents, directions and samples.
  public var seed: UInt64
  /// How many forward evaluations it took, of one layer or of the whole network.
  public var evaluations: Int
  /// One result a tensor, in the order of the forward pass: first each layer alone, then the whole network.
  public var tensors: [TensorCheck]
  /// The oracles that were asked: `finite-difference`.
  public var oracles: [String]
  /// Why there is no verdict, where nothing could be checked: a function that isn't deterministic.
  public var obstacle: String?
  /// What is to be known beside the verdict: a model without parameters, a layer that one oracle can't be asked of.
  public var notes: [String] = []
  /// What the derivatives of the weights that matter most mean, the largest derivative first; empty where that was not asked.
  public var effects: [WeightEffect] = []
  /// The error of the difference quotient against its step, for the entry that agrees least; nil where that was not asked.
  public var curve: StepCurve?
  /// The gradient in Float beside the one in Double; nil where that was not asked.
  public var float: FloatComparison?
  /// What the gradient's own derivative says; nil where that was not asked.
  public private(set) var secondOrder: SecondOrder?

  /// The share of unverifiable entries that a verdict of pass may have, from 0 to 1; with 1 all of any tensor may be.
  public private(set) var mostUnverifiable: Double

  /// Creates a result; the verdict follows from the tensors.
  ///
  /// Unless `mostUnverifiable` says otherwise, no entry may be unverifiable where dual numbers were asked, which can always
  /// tell, and else 5 %.
  public init(
    seed: UInt64, evaluations: Int, tensors: [TensorCheck],
    oracles: [String] = ["finite-difference"], mostUnverifiable: Double? = nil
  ) {
    self.seed = seed
    self.evaluations = evaluations
    self.tensors = tensors
    self.oracles = oracles
    self.mostUnverifiable =
      mostUnverifiable ?? (oracles.contains(NumericOracle.dual.rawValue) ? 0 : 0.05)
    verdict = .pass
    verdict = verdictOnTensors
  }

  private var verdictOnTensors: CheckVerdict {
    let checked = tensors.reduce(0) { $0 + $1.checked }
    let isBlind =
      mostUnverifiable < 1
      && tensors.contains { $0.checked > 0 && $0.unverifiable == $0.checked }
    if !failures.isEmpty { return .fail }
    if isBlind || Double(unverifiable) > mostUnverifiable * Double(checked) { return .unverifiable }
    return .pass
  }

  /// How many of the entries are too small against the noise to say.
  public var unverifiable: Int { tensors.reduce(0) { $0 + $1.unverifiable } }

  /// This result judged anew, with a share of the entries from 0 to 1 that may be unverifiable.
  public func allowing(unverifiable share: Double) -> GradientCheck {
    var result = self
    result.mostUnverifiable = share
    guard obstacle == nil, verdict != .fail else { return result }
    result.verdict = result.verdictOnTensors
    return result
  }

  /// The result where a precondition of checking doesn't hold.
  mutating func give(up obstacle: String) {
    verdict = .unverifiable
    self.obstacle = obstacle
  }

  /// This result with that of the second order, whose lack of symmetry is a failure as well.
  public func adding(_ secondOrder: SecondOrder) -> GradientCheck {
    var result = self
    result.secondOrder = secondOrder
    if secondOrder.symmetry.verdict == .fail { result.verdict = .fail }
    return result
  }

  /// What each oracle said, over all tensors.
  public var tallies: [OracleTally] { OracleTally.total(over: tensors) }

  /// The tensors that fail.
  public var failures: [TensorCheck] { tensors.filter { $0.failed > 0 } }
  /// Of the layers alone, the tensor whose analytic and numeric gradients differ most.
  public var worst: TensorCheck? {
    tensors.filter { !$0.isWholeNetwork }.max { $0.relativeError < $1.relativeError }
  }
}

/// What the check of an entry, a tensor or a model came to.
public enum CheckVerdict: String, Sendable, Codable {
  /// The analytic gradient agrees with the numeric one.
  case pass
  /// It does not.
  case fail
  /// The numeric gradient is too small, against its own noise, to say.
  case unverifiable
}
