import GradientTrace

/// Weights that start at zero and cannot leave it, or leave it all alike.
public struct ZeroInitialization: Analyzer {
  private let context: AnalysisContext
  private var histories: [RowHistory]
  private var lastStep = 0

  public static let explainedBy: [CausalLink] = []

  public init(_ context: AnalysisContext) {
    self.context = context
    histories = context.graph.weightLayers.sorted()
      .map { RowHistory(layer: $0, context.header.layers[$0]) }
  }

  public mutating func observe(_ step: ObservedStep) {
    lastStep = step.step
    for index in histories.indices { histories[index].observe(step.record) }
  }

  public func outcome(ended: Bool) -> Outcome {
    let seen = histories.filter { $0.steps > 0 }
    guard !seen.isEmpty else { return .notChecked("no statistics of weights in this trace") }
    let zeros = onTheWayToTheLoss(
      seen.filter { $0.isStuckAtZero || ($0.beganAtZero && $0.areRowsAlike) })
    let needed = Evaluation.grace
    guard let first = zeros.first, let since = first.firstStep, first.steps >= needed else {
      return .clear(
        zeros.isEmpty
          ? "no weights stay at zero"
          : "weights are zero, in the first \(seen.map(\.steps).max() ?? 0) steps")
    }
    let stuck = zeros.filter(\.isStuckAtZero)
    let named = stuck.isEmpty ? zeros : stuck
    let layers = named.map { context.name($0.layer) }
    let list = Wording.list(layers, contiguous: layers.count > 2)
    return .found([
      Finding(
        id: Self.explanation.id, severity: .error, layer: layers[0], layers: layers,
        firstStep: since, raisedAtStep: min(since + needed - 1, lastStep), lastStep: lastStep,
        statistic: stuck.isEmpty ? "distinct-rows" : "zero-layers",
        value: stuck.isEmpty ? 1 : Double(stuck.count), threshold: 0, healthy: 0...0,
        cause: Cause(
          id: "initial-scale",
          text: "A weight's gradient is δ times its input, and δ passes back through the weights "
            + "above: where input and weights are zero, no weight is told which way to go."),
        message: stuck.isEmpty
          ? "The weights of \(list) started at zero, and all units of a layer have stayed alike."
          : "The weights of \(list) are exactly zero since step \(since), and no update moves them.",
        remedies: [.randomInitialization])
    ])
  }

  /// Leaves out heads that nothing uses: they have no δ, and none comes to a layer further on.
  ///
  /// Where no layer has anything but zeros, none of them is a head.
  private func onTheWayToTheLoss(_ zeros: [RowHistory]) -> [RowHistory] {
    guard !zeros.isEmpty, zeros.count < histories.count || histories.contains(where: \.hasDelta)
    else { return zeros }
    let reached = Set(histories.filter(\.hasDelta).map(\.layer))
    let feedsReached = context.feeding(where: reached.contains)
    return zeros.filter { $0.hasDelta || feedsReached[$0.layer] }
  }
}

extension ZeroInitialization {
  public static let explanation = Explanation(
    id: "zero-initialization",
    summary: "Weights start at zero and cannot leave it, or leave it all in the same way.",
    measures: """
      For each layer with weights that is to be trained, whether all its weights have been exactly \
      zero from the start on; and where they started at zero and moved, whether all rows of the \
      weight are still equal.
      """,
    matters: """
      With all weights zero every unit computes the same, gets the same δ, and learns the same: a \
      layer of a hundred units is worth one, or none where the gradient is zero as well.
      """,
    fires: """
      After 10 steps, an exact test without a threshold; an error. A last layer, a residual \
      branch's last layer, a gate or an adapter that starts at zero leaves it with the first or \
      second update and is healthy, and so is a head that nothing uses.
      """,
    causes: ["initial-scale: an initializer of zeros in more than a last layer"],
    remedies: [.randomInitialization],
    reference: """
      I. Goodfellow, Y. Bengio, A. Courville, Deep Learning (2016), section 8.4: breaking symmetry.
      """)
}
