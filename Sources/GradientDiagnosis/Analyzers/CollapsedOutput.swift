import GradientTrace

/// The network answers the same whatever it is asked.
public struct CollapsedOutput: Analyzer {
  private let context: AnalysisContext
  private let outputs: [Int]
  private var loss: LossProgress
  /// For each output the spread of its answers, as last seen, and since which step it has been too small.
  private var spreads: [Double?]
  private var since: [Int?]
  private var windows: [Int]
  /// For each output the last step at which its answers were looked at: the next window begins after it.
  private var looks: [Int?]
  private var raised: [Int?]
  private var lastStep = 0
  /// Whether the inputs were alike for all examples, as last seen; nil where no input tells.
  private var inputsAreAlike: Bool?

  public static let explainedBy = [
    "zero-initialization", "symmetric-initialization", "dead-relu", "blocked-gradient",
    "unnormalized-input", "exploding-gradient", "learning-rate-too-high", "saturated-activation",
    "vanishing-through-time", "vanishing-gradient", "untrained-layer", "learning-rate-too-low",
    "loss-divergence",
  ].map { CausalLink($0) }

  public init(_ context: AnalysisContext) {
    self.context = context
    outputs = context.header.layers.indices.filter {
      context.graph.consumers[$0].isEmpty && context.kind($0) != "input"
    }
    loss = LossProgress(context.header.run)
    spreads = outputs.map { _ in nil }
    since = outputs.map { _ in nil }
    windows = outputs.map { _ in 0 }
    looks = outputs.map { _ in nil }
    raised = outputs.map { _ in nil }
  }

  public mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    lastStep = step.step
    noteInputs(step)
    for (place, layer) in outputs.enumerated() where layer < step.layers.count {
      guard step.examples ?? Self.leastExamples >= Self.leastExamples,
        let record = step.layers[layer], let spread = Self.spread(record)
      else { continue }
      spreads[place] = spread
      let start = looks[place].map { $0 + 1 } ?? loss.firstStep
      looks[place] = step.step
      guard spread < context.value(Thresholds.collapsedSpread, layer: layer) else {
        (since[place], windows[place], raised[place]) = (nil, 0, nil)
        continue
      }
      since[place] = since[place] ?? start
      windows[place] += 1
      if windows[place] == Self.leastWindows { raised[place] = step.step }
    }
  }

  private mutating func noteInputs(_ step: ObservedStep) {
    guard step.examples ?? Self.leastExamples >= Self.leastExamples else { return }
    let inputs = context.header.layers.indices.filter { context.kind($0) == "input" }
    let deviations = inputs.compactMap { $0 < step.layers.count ? step.layers[$0] : nil }
      .compactMap(\.unitDeviations)
    guard !inputs.isEmpty, deviations.count == inputs.count else { return }
    inputsAreAlike = deviations.allSatisfy { $0.allSatisfy { $0 == 0 } }
  }

  /// The fewest examples of a batch whose answers can be called alike.
  private static let leastExamples = 4
  /// The windows in a row that it takes while the run goes on.
  private static let leastWindows = 2

  /// The RMS of the units' deviations over the examples, next to the RMS of their values.
  private static func spread(_ record: LayerRecord) -> Double? {
    guard let means = record.unitMeans, let deviations = record.unitDeviations,
      means.count == deviations.count
    else { return nil }
    let around = deviations.reduce(0) { $0 + $1 * $1 }
    let all = means.reduce(around) { $0 + $1 * $1 }
    return all > 0 && all.isFinite ? (around / all).squareRoot() : nil
  }

  private var hasLearned: Bool { (loss.fall ?? 0) > context.value(Thresholds.learningFall) }

  public func outcome(ended: Bool) -> Outcome {
    let known = outputs.indices.filter { spreads[$0] != nil }
    guard !known.isEmpty else {
      return .notChecked("no means and deviations of the output in this trace")
    }
    let collapsed = known.filter { since[$0] != nil && (ended || raised[$0] != nil) }
    guard let place = collapsed.first, let first = since[place], let spread = spreads[place],
      !hasLearned, loss.count >= Evaluation.patience
    else {
      let least = known.compactMap { spreads[$0] }.min() ?? 0
      return .clear(
        "answers differ by \(Wording.short(least)) of their size from example to example; alarm "
          + "below \(Wording.short(context.value(Thresholds.collapsedSpread)))")
    }
    let layer = outputs[place]
    var finding = Finding(
      id: Self.explanation.id, severity: .error, layer: context.name(layer),
      layers: collapsed.map { context.name(outputs[$0]) }, firstStep: first,
      raisedAtStep: raised[place] ?? lastStep, lastStep: lastStep, statistic: "output-spread",
      value: spread, threshold: context.value(Thresholds.collapsedSpread, layer: layer),
      healthy: 0.1...1,
      cause: cause,
      message: "\(context.cited(layer)) gives the same answer for every example: its units "
        + "differ by \(Wording.short(spread)) of their size.",
      remedies: inputsAreAlike == true
        ? [.checkColumns]
        : [.checkTargets, .lowerLearningRate(than: loss.learningRate), .batchNormalization])
    finding.isDatedByWindow = true
    return .found([finding])
  }

  private var cause: Cause {
    inputsAreAlike == true
      ? Cause(
        id: "data",
        text: "All examples look the same to the network: no feature of its input varies.")
      : Cause(
        id: "unknown",
        text: "Nothing of the input arrives at the output: its layers have died, saturated or "
          + "unlearned, or the targets do not depend on it.")
  }
}

extension CollapsedOutput {
  public static let explanation = Explanation(
    id: "collapsed-output",
    summary: "The network gives the same answer for every example.",
    measures: """
      At the end of each window, the RMS over the output's units of their standard deviations over \
      the examples, divided by the RMS of their values: 0 for a constant answer.
      """,
    matters: """
      A constant answer is what a model gives that ignores its inputs. It is also what a generator \
      gives that has found one picture to pass with.
      """,
    fires: """
      Below 0.01 (collapsed-output.spread) in two windows in a row, or in the last of a run that \
      has ended, if the loss has not fallen. An error; mostly the consequence of another finding.
      """,
    causes: [
      "another symptom: dead, saturated or vanished layers",
      "data: inputs that do not vary, or targets that do not depend on them",
    ],
    remedies: [.checkTargets, .checkColumns, .lowerLearningRate(), .batchNormalization],
    reference: """
      A. Karpathy, A recipe for training neural networks (2019): compare with an input-independent \
      baseline.
      """)
}
