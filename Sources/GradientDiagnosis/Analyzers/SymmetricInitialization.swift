import GradientTrace

/// All units of a layer were made alike, and nothing makes them different.
public struct SymmetricInitialization: Analyzer {
  private let context: AnalysisContext
  private var histories: [RowHistory]
  private var lastStep = 0

  public static let explainedBy = [CausalLink("zero-initialization")]

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
    let known = histories.filter(\.knowsRows)
    guard !known.isEmpty else {
      return .notChecked("no counts of distinct rows at two steps of this trace")
    }
    let alike = known.filter { $0.areRowsAlike && !$0.beganAtZero }
    guard let first = alike.first, let since = first.firstStep else {
      return .clear("the units of every layer differ")
    }
    let layers = alike.map { context.name($0.layer) }
    let list = Wording.list(layers, contiguous: layers.count > 2)
    return .found([
      Finding(
        id: Self.explanation.id, severity: .error, layer: layers[0], layers: layers,
        firstStep: since, raisedAtStep: first.comparedAtStep ?? lastStep, lastStep: lastStep,
        statistic: "distinct-rows",
        value: 1, threshold: 1,
        cause: Cause(
          id: "initial-scale",
          text: "Units that start alike get the same δ from weights that are alike, and so the "
            + "same update, at every step."),
        message: "All units of \(list) have had the same weights since step \(since): "
          + (layers.count == 1 ? "the layer is worth one unit." : "each layer is worth one unit."),
        remedies: [.randomInitialization])
    ])
  }
}

extension SymmetricInitialization {
  public static let explanation = Explanation(
    id: "symmetric-initialization",
    summary: "All units of a layer start alike and stay alike.",
    measures: """
      How many rows of a weight differ from each other, by more than a thousandth of its RMS, at the first step and at the \
      end of each window: one row a unit.
      """,
    matters: """
      Equal units compute the same, get the same δ and learn the same. Only a difference at the \
      start, in the units or in what they feed, can part them.
      """,
    fires: """
      Where all rows of a weight were equal the first two times they were counted, though updates \
      had moved it, and at most half of them have parted since, by rounding alone; an error. A layer whose rows differ after the first \
      update, as one of constants below random weights, is healthy.
      """,
    causes: ["initial-scale: a constant initializer in successive layers"],
    remedies: [.randomInitialization],
    reference: """
      I. Goodfellow, Y. Bengio, A. Courville, Deep Learning (2016), section 8.4: breaking symmetry.
      """)
}
