extension Preflight.Check {
  /// What the check is, for `explain`.
  public var explanation: Explanation {
    switch self {
    case .initialScale: Self.initialScaleExplanation
    case .initialLoss: Self.initialLossExplanation
    case .gradientReach: Self.gradientReachExplanation
    case .exampleIndependence: Self.exampleIndependenceExplanation
    case .overfit: Self.overfitExplanation
    }
  }

  private static let initialScaleExplanation = Explanation(
    id: "initial-scale",
    summary: "Before the first step: activations grow or fade on their way through the network.",
    measures: """
      The RMS of each layer's output in the first pass, over that of what it started from: the \
      input, or the output of the last layer that sets a scale of its own, as normalizations, \
      sigmoids and embeddings do.
      """,
    matters: """
      What multiplies activations multiplies δ on its way back: a network that starts at the wrong \
      scale explodes, vanishes or saturates with the first updates.
      """,
    fires: """
      Beyond 100 times, or on the trunk below a millionth, unless a normalization follows. An exact \
      zero, as of a last layer or a gate that starts there, is healthy.
      """,
    causes: ["initial-scale: weights that are too large or too small for the number of inputs"],
    remedies: [.heInitialization, .xavierInitialization, .batchNormalization],
    reference: "X. Glorot, Y. Bengio (2010); K. He et al. (2015).")

  private static let initialLossExplanation = Explanation(
    id: "initial-loss",
    summary: "Before the first step: the loss is far above that of guessing.",
    measures: """
      The mean loss of the first examples, over that of guessing: of the classes' frequencies, or of \
      outputs of zero where those cost more.
      """,
    matters: """
      A network that has seen nothing should be sure of nothing; one that is spends its first steps \
      on taking back its initial weights.
      """,
    fires: """
      Beyond 10 times (times the inputs' RMS, where that is above 1), for losses that take logits, \
      margins or logarithms, or where the loss is no number. For numbers to be met, whose scale is the data's, it is told and no fault.
      """,
    causes: ["initial-scale: the last layer's weights are too large"],
    remedies: [.heInitialization, .xavierInitialization],
    reference: "A. Karpathy, A recipe for training neural networks (2019): verify loss at init.")

  private static let gradientReachExplanation = Explanation(
    id: "gradient-reach",
    summary: "Before the first step: a parameter gets no gradient.",
    measures: """
      Whether the gradient of each parameter that is to be trained has any entry but zero, in three \
      steps of Adam on copies of the weights.
      """,
    matters: "A parameter without a gradient is never trained, whatever the run looks like.",
    fires: """
      Where it is exactly zero in each of the three. What lies below zeros, as a residual branch \
      that starts there, gets one in the second step and is healthy; so is a bias that batch norm \
      subtracts again.
      """,
    causes: [
      "architecture: an output that is detached or multiplied by zero",
      "initial-scale: zeros in more than one layer, or units that are all off",
    ],
    remedies: [.checkGraph, .randomInitialization],
    reference: """
      H. Ben Braiek and F. Khomh, TheDeepChecker, TOSEM 2023: untrained parameters.
      """)

  private static let exampleIndependenceExplanation = Explanation(
    id: "example-independence",
    summary: "Before the first step: a layer mixes the examples of a batch.",
    measures: """
      Each layer is run alone: with the second example replaced, the first one's output must stay \
      the same to the last bit; from a δ of the first one alone, the second one's input must get a \
      δ of exactly zero.
      """,
    matters: """
      Where one example's output depends on another, the loss measures something else in training \
      than in use, and mistakes in axes hide behind a loss that falls.
      """,
    fires: """
      Where either is violated, in layers that don't say that they mix on purpose, as batch norm \
      does.
      """,
    causes: ["architecture: a reshape, sum or transposition that takes in the examples' axis"],
    remedies: [.checkGraph],
    reference: """
      A. Karpathy, A recipe for training neural networks (2019): use backprop to chart dependencies.
      """)

  private static let overfitExplanation = Explanation(
    id: "overfit",
    summary: "Before the first step: not even a handful of examples can be learned by heart.",
    measures: """
      What is left of what the best constant prediction leaves to learn, after at most 200 steps of \
      Adam on four examples that differ, at 0.003, 0.03 and 0.0003.
      """,
    matters: """
      With so few examples neither noise nor generalization is in the way: what fails here will \
      fail on all of them.
      """,
    fires: """
      Where over a tenth is left at each rate, or where inputs say nothing about their targets. A \
      model that is affine in its inputs is asked no more than it can tell apart.
      """,
    causes: [
      "architecture: gradients that don't arrive, too few units, outputs that can't reach the targets",
      "data: targets that contradict their inputs",
    ],
    remedies: [.checkGraph, .checkTargets],
    reference: "A. Karpathy, A recipe for training neural networks (2019): overfit one batch.")
}
