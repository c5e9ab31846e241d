package import GradientDiagnosis

/// What the items of an assertion are, one explanation an id.
package enum AssertionRule {
  /// All that can be looked at, in the order of the work.
  package static var all: [Explanation] {
    [gradients] + Preflight.Check.allCases.map(\.explanation) + AnalyzerCatalog.explanations + [
      verdict, baseline,
    ]
  }

  /// Those that are neither a symptom of a run nor a question of the preflight.
  package static let verdicts = [gradients, verdict, baseline]

  private static let gradients = Explanation(
    id: "gradients",
    summary: "The backward pass doesn't compute the derivative of the forward pass.",
    measures: """
      Each gradient beside a numeric one that no backward pass had a part in: dual numbers carry \
      exact derivatives through the forward code, and central finite differences of a sample are a \
      second opinion. First each layer and the loss alone, entry by entry, all up to 1,000 and 200 \
      of more; then the whole network along random directions, which tells wrong wiring from a \
      wrong layer. All in Double, on the first examples, at the weights that the training starts \
      from.
      """,
    matters: """
      A wrong gradient often trains somehow, and never as well as it could. Every other finding may \
      follow from it, so it is mended first, and no setting silences it.
      """,
    fires: """
      Where an entry is off by more than a billionth of itself and 2^-40 of its tensor's root mean \
      square, beside dual numbers; by more than a millionth and the measured error of the \
      difference quotient, beside finite differences. At a kink, as of a ReLU at zero, any slope \
      between those to both sides is right. An entry too small to be told from rounding is no \
      verdict, and neither right nor wrong.
      """,
    causes: [
      "architecture: a backward pass that doesn't belong to its forward pass: a term, a factor or "
        + "a sign, a transposition, a mask that is not the one of this pass"
    ],
    remedies: [
      Remedy(
        id: "read-the-check",
        text:
          "Read what gradcheck check MODEL --output DIR writes: which entries of which tensor are "
          + "wrong, which equation of backpropagation is broken, which mistake it looks like."),
      Remedy(
        id: "mend-the-backward-pass",
        text: "Mend the backward pass of the layer that fails alone; where only the whole network "
          + "fails, a δ is lost, doubled or handed to the wrong layer on its way."),
      Remedy(
        id: "check-the-layer-alone",
        text: "Keep it right by a test, with expectCorrectGradients of the library GradientTesting."
      ),
    ],
    reference: "C. Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.")

  private static let verdict = Explanation(
    id: "verdict",
    summary: "What a run amounts to: healthy, a warning, an error, or unclear.",
    measures: """
      The worst finding, how many steps were recorded, and the loss beside that of the best constant \
      prediction. healthy: nothing above a note was found, and the loss fell clearly below that. \
      WARNING and ERROR: the worst finding is one; an assertion that fails by it says FAILED. \
      UNCLEAR: nothing was found that explains a loss that did not fall, or too little was recorded \
      to say.
      """,
    matters: """
      Silence is no health: a run that shows too little may hide anything. So an assertion without \
      a verdict never passes, whatever fails a build.
      """,
    fires: """
      Without a verdict: where no step was recorded, where there are too few, or where nothing \
      explains the loss. Exit codes: 0 fine; 1 a wrong gradient, a finding at or above --fail-on \
      (by default an error), or worse than the baseline; 2 something can't be read or written; 3 no \
      verdict. If several hold, 2 goes before 1, and 1 before 3.
      """,
    causes: [
      "data: a run that was cut short, a loss that was not recorded, targets that say nothing",
      "learning-rate: too low for the loss to fall within the steps",
    ],
    remedies: [
      Remedy(
        id: "ask-what-is-missing",
        text: "Run gradcheck diagnose TRACE: it says what was looked for, and what is missing."),
      Remedy(
        id: "record-more", text: "Record more steps: 200 tell most faults, fewer than 20 nothing."),
    ],
    reference: "gradcheck explain not-learning: what a loss that fell is.")

  private static let baseline = Explanation(
    id: "baseline",
    summary: "The run is worse than those of its baseline, by more than noise.",
    measures: """
      The medians of the steps that the baseline was measured on, the last 50: the loss, and of each \
      layer δ and the weight gradient next to those of the last layer with weights, the RMS of the \
      output, and ‖ΔW‖/‖W‖ a step. Noise is how the runs of the baseline, from several seeds, differ \
      from each other: 4 standard deviations of a size's logarithm, and more the fewer they are. Of \
      fewer than three runs noise isn't known, and it takes a factor of 3.
      """,
    matters:
      "A change that spoils the flow of gradients is cheapest to undo on the day it is made.",
    fires: """
      Where the loss is higher, or a size lies farther from health, by more than noise and by a \
      factor of 2: δ and gradients farther from being alike in all layers, an output from an RMS of \
      1, an update from a thousandth of its weights. A loss must also be higher by a hundredth of \
      what guessing costs. What is zero or not finite and wasn't is worse, too.
      """,
    causes: ["unknown: whatever was changed since the baseline was measured"],
    remedies: [
      Remedy(
        id: "compare-runs",
        text:
          "Run gradcheck compare BEFORE AFTER on two traces: it shows what changed, layer by layer."
      ),
      Remedy(
        id: "measure-the-baseline-anew",
        text:
          "Where the change is meant, run gradcheck baseline update MODEL --baseline FILE, and commit "
          + "FILE with it."),
    ],
    reference: "Documentation/command-line.md, The baseline: on which runs its limits were set.")
}
