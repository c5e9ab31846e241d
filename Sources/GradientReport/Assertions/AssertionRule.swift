package import GradientDiagnosis

/// What the items of an assertion are, one explanation an id.
package enum AssertionRule {
  /// All that can be looked at, in the order of the work.
  package static var all: [Explanation] {
    [gradients] + Preflight.Check.allCases.map(\.explanation) + AnalyzerCatalog.explanations + [
      verdict, baseline,
    ]
  }

  private static let gradients = Explanation(
    id: "gradients",
    summary: "The backward pass doesn't compute the derivative of the forward pass.",
    measures: """
      Each gradient, layer by layer and then through the whole network, beside the one that dual \
      numbers and finite differences give.
      """,
    matters: "A wrong gradient often trains somehow, and never as well as it could.",
    fires: "Where they differ by more than rounding explains.",
    causes: ["architecture: a backward pass that doesn't belong to its forward pass"],
    remedies: [],
    reference: "`gradcheck check MODEL` says what is wrong, entry by entry.")

  private static let verdict = Explanation(
    id: "verdict",
    summary: "Whether the run is healthy can't be said.",
    measures: "How many steps were recorded, and whether the loss fell.",
    matters: "Silence is no health: a run that shows too little may hide anything.",
    fires: """
      Where no step was recorded, where there are too few of them, or where nothing explains a loss \
      that did not fall below that of the best constant prediction.
      """,
    causes: ["data: a run that was cut short, or a loss that was not recorded"],
    remedies: [],
    reference: "`gradcheck diagnose TRACE` says what was looked for, and what is missing.")

  private static let baseline = Explanation(
    id: "baseline",
    summary: "The run is worse than those of its baseline, by more than noise.",
    measures: """
      The medians of the steps that the baseline was measured on: the loss, and of each layer δ and \
      the weight gradient next to the last layer's, the RMS of the output, and ‖ΔW‖/‖W‖ a step.
      """,
    matters:
      "A change that spoils the flow of gradients is cheapest to undo on the day it is made.",
    fires: """
      Where a size differs by more than the baseline's runs differ from each other, and lies farther \
      from health than they do.
      """,
    causes: ["unknown: whatever was changed since the baseline was measured"],
    remedies: [],
    reference: "`gradcheck baseline update` measures it anew, where the change is meant.")
}
