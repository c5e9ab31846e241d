import GradientTrace

/// The gradient is clipped at every step, so that the limit, not the gradient, sets the step.
public struct ClippingAlwaysOn: Analyzer {
  private let context: AnalysisContext
  private var loss: LossProgress
  private var factors = RollingWindow<Double>(capacity: Evaluation.window)
  /// The norm that the gradient was cut down to, where the trace tells all of it; 0 where it was not cut or doesn't tell.
  private var norms = RollingWindow<Double>(capacity: Evaluation.window)
  private var alarm = Hysteresis()
  private var count = 0
  private var clipped = 0

  public static let explainedBy = [
    CausalLink("unnormalized-input"), CausalLink("exploding-gradient"),
    CausalLink("exploding-through-time"), CausalLink("learning-rate-too-high"),
    CausalLink("dead-relu", .before),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    loss = LossProgress(context.header.run)
  }

  public mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    guard let factor = step.record.clipFactor, factor.isFinite else { return }
    factors.append(factor)
    norms.append(factor < 1 ? factor * (gradientNorm(step.record) ?? 0) : 0)
    count += 1
    clipped += factor < 1 ? 1 : 0
    if count >= Evaluation.window, Evaluation.isDue(after: count) { evaluate() }
  }

  private mutating func evaluate() {
    let isOver =
      share > context.value(Thresholds.clippingShare)
      && (median(factors.unordered) ?? 1) < context.value(Thresholds.clippingFactor)
    alarm.note(isOver ? .warning : nil, over: loss.firstStep...max(loss.firstStep, loss.lastStep))
  }

  /// The L2 norm of the gradient of all parameters, before clipping; nil where one of them doesn't tell.
  private func gradientNorm(_ step: StepRecord) -> Double? {
    var sum = 0.0
    for (layer, described) in context.header.layers.enumerated() {
      for (place, parameter) in described.parameters.enumerated() where !parameter.frozen {
        guard layer < step.layers.count, let record = step.layers[layer],
          place < record.parameters.count, let rms = record.parameters[place]?.gradientRMS
        else { return nil }
        sum += rms * rms * parameter.shape.reduce(1) { $0 * Double($1) }
      }
    }
    return sum.squareRoot()
  }

  /// The limit, if clipping is by the global norm: then the gradient is cut down to it at each step.
  private var limit: Double? {
    guard let low = norms.unordered.min(), let high = norms.unordered.max(), low > 0,
      high.isFinite, high < 1.01 * low
    else { return nil }
    return median(norms.unordered)
  }

  /// The share of the window's steps at which clipping acted.
  private var share: Double {
    let values = factors.unordered
    return values.isEmpty ? 0 : Double(values.count { $0 < 1 }) / Double(values.count)
  }

  public func outcome(ended: Bool) -> Outcome {
    guard count > 0 else { return .notChecked("no clipping in this trace") }
    guard count >= Evaluation.window else {
      return .notChecked("\(count) steps with clipping; it takes \(Evaluation.window)")
    }
    var judged = self
    if ended { judged.evaluate() }
    guard judged.alarm.isPresent, let raised = judged.alarm.raisedAtStep,
      let factor = median(factors.unordered)
    else {
      return .clear("clipping acts at \(Wording.percent(share)) of the last steps")
    }
    return .found([
      Finding(
        id: Self.explanation.id, severity: min(loss.harm(context), .warning), layer: nil,
        firstStep: judged.alarm.firstStep ?? loss.firstStep, raisedAtStep: raised,
        lastStep: loss.lastStep, statistic: "clipped-share", value: share,
        threshold: context.value(Thresholds.clippingShare), healthy: 0...0.5,
        cause: Cause(
          id: "clipping",
          text:
            "The limit\(limit.map { ", \(Wording.short($0))," } ?? "") lies far below the gradient's "
            + "usual size. It no longer guards against the rare large step, but makes every step "
            + "\(Wording.short(1 / max(factor, 1e-300))) times smaller."),
        message:
          "Clipping acts at \(Wording.percent(share)) of the last \(factors.unordered.count) "
          + "steps and leaves \(Wording.percent(factor)) of the gradient.",
        remedies: [
          .higherClipping(by: 1 / max(factor, 1e-300), from: limit)
        ])
    ])
  }
}

extension ClippingAlwaysOn {
  public static let explanation = Explanation(
    id: "clipping-always-on",
    summary: "The gradient is clipped at nearly every step, to a small part of itself.",
    measures: """
      The share of the last 50 steps at which clipping scaled the gradient, and the median of the \
      factor.
      """,
    matters: """
      Clipping is made for the rare step whose gradient is too large. Where it acts always, the \
      step's length says nothing of the slope any more, and training takes as much longer.
      """,
    fires: """
      After 50 steps with clipping at more than 90 % of them (clipping-always-on.share) and a \
      median factor below 0.1 (clipping-always-on.factor): a warning where the loss has \
      fallen by less than half, else a note, since an optimizer like Adam makes up for it.
      """,
    causes: [
      "clipping: a limit far below the gradient's usual norm",
      "another symptom: gradients that explode, inputs that were not normalized",
    ],
    remedies: [.higherClipping(), .higherLearningRate(), .normalizeInput],
    reference: """
      R. Pascanu, T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural networks, \
      ICML 2013: set the limit from the average norm.
      """)
}
