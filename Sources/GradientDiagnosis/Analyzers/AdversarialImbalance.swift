import Foundation
public import GradientTrace

/// Of two networks that train against each other, one has won.
public struct AdversarialImbalance: Analyzer {
  private let context: AnalysisContext
  private var own: LossProgress
  private var other = LossProgress(RunDescription())

  public static let explainedBy: [CausalLink] = []

  public init(_ context: AnalysisContext) {
    self.context = context
    own = LossProgress(context.header.run)
  }

  public mutating func observe(_ step: ObservedStep) { own.observe(step.record) }

  public mutating func observe(paired step: StepRecord) { other.observe(step) }

  /// The decades by which one loss has left its start more than the other; above 0 where this run is losing.
  private var balance: Double? {
    guard let excess = own.excess, let opposite = other.excess, excess > 0, opposite > 0 else {
      return nil
    }
    return log10(excess / opposite)
  }

  public func outcome(ended: Bool) -> Outcome {
    guard other.count > 0 else { return .notChecked("no paired trace with a loss") }
    guard own.count >= Evaluation.window, other.count >= Evaluation.window else {
      return .notChecked("fewer than \(Evaluation.window) steps of one of the two runs")
    }
    guard let balance, let mine = own.excess, let theirs = other.excess else {
      return .notChecked("losses that are not above zero, of which no ratio tells who wins")
    }
    let limit = context.value(Thresholds.adversarialBalance)
    let losing = max(mine, theirs)
    guard abs(balance) > limit, losing > 1 else {
      return .clear(
        "the two losses stand at \(Wording.short(mine)) and \(Wording.short(theirs)) times their "
          + "starts; alarm where these are \(Wording.factor(limit)) apart")
    }
    let isLosing = balance > 0
    let names = names
    let (winner, loser) = isLosing ? (names.other, names.own) : (names.own, names.other)
    return .found([
      Finding(
        id: Self.explanation.id, severity: .warning, layer: nil, firstStep: own.firstStep,
        raisedAtStep: own.lastStep, lastStep: own.lastStep, statistic: "balance", value: balance,
        threshold: isLosing ? limit : -limit, healthy: -1...1,
        cause: Cause(
          id: "learning-rate",
          text:
            "Of the two \(winner) learns faster than \(loser) can follow; where it is always right or "
            + "always wrong, its answers have no slope to learn from."),
        message: "The winner is \(winner): the loss of \(names.own) stands at "
          + "\(Wording.short(mine)) times \(own.referenceName), that of \(names.other) at "
          + "\(Wording.short(theirs)).",
        remedies: [.balancePlayers(winner: winner, loser: loser), .labelSmoothing])
    ])
  }

  /// What the two runs are called in a sentence.
  private var names: (own: String, other: String) {
    guard let own = context.header.run.name, let other = context.pairedName, own != other else {
      return ("this run", "the paired run")
    }
    return (Wording.name(own), Wording.name(other))
  }
}

extension AdversarialImbalance {
  public static let explanation = Explanation(
    id: "adversarial-imbalance",
    summary: "Of two networks that train against each other, one has won.",
    measures: """
      Of two paired traces (--paired), how many times its start each loss stands at, and log10 of \
      the ratio of the two.
      """,
    matters: """
      Where the discriminator is never wrong, its answer is flat wherever the generator is, and \
      the generator learns nothing; where it is always wrong, there is nothing to learn from.
      """,
    fires: """
      A warning above 1.5 decades either way (adversarial-imbalance.balance), if one of the losses \
      stands above its start, after 50 steps of both.
      """,
    causes: [
      "learning-rate: one of the two learns too fast, or takes too many steps to the other's"
    ],
    remedies: [.balancePlayers(), .labelSmoothing],
    reference: """
      M. Arjovsky and L. Bottou, Towards principled methods for training generative adversarial \
      networks, ICLR 2017.
      """)
}
