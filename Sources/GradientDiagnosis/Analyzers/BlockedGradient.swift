import GradientTrace

/// δ is exactly zero from some layer on down to the input, or from a loss on that isn't met.
public struct BlockedGradient: Analyzer {
  private let context: AnalysisContext
  private var loss: LossProgress
  /// By layer: the stretch of zeros that goes on, and the last δ that was not zero, in decades.
  private var blocks: [Block?]
  private var latest: [Double?]
  /// The layers with weights that multiply what another one passes on, and those of them that gave nothing but zeros at the
  /// last step, since all their weights are zero.
  private let gates: [Int]
  private var shutGates: [Int] = []
  private var steps = 0
  private var measured = 0
  private var lastStep = 0

  public static let explainedBy = [
    CausalLink("zero-initialization"), CausalLink("dead-relu"), CausalLink("non-finite"),
    CausalLink("saturated-activation"), CausalLink("unnormalized-input"),
    CausalLink("learning-rate-too-high"),
  ]

  /// A stretch of steps at which a layer's δ was exactly zero.
  private struct Block: Sendable {
    var firstStep: Int
    var length: Int
  }

  public init(_ context: AnalysisContext) {
    self.context = context
    loss = LossProgress(context.header.run)
    blocks = context.header.layers.map { _ in nil }
    latest = context.header.layers.map { _ in nil }
    gates = context.graph.weightLayers.filter { layer in
      context.layersFollowing(layer).contains { context.kind($0) == "multiply" }
    }
  }

  public mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    steps += 1
    lastStep = step.step
    var hasDelta = false
    for layer in context.graph.weightLayers {
      guard let delta = step.deltaDecades(layer) else { continue }
      hasDelta = true
      if delta == -.infinity {
        guard !isFrozen(layer, step.record) else { continue }
        blocks[layer] = blocks[layer] ?? Block(firstStep: step.step, length: 0)
        blocks[layer]?.length += 1
      } else {
        blocks[layer] = nil
        latest[layer] = delta
      }
    }
    measured += hasDelta ? 1 : 0
    shutGates = gates.filter { isShut($0, step.record) }
  }

  private func isFrozen(_ layer: Int, _ step: StepRecord) -> Bool {
    let parameters = context.header.layers[layer].parameters
    return zip(parameters, step.layers[layer]?.parameters ?? []).contains { described, statistics in
      described.isWeight && (described.frozen || statistics?.frozen == true)
    }
  }

  private func isShut(_ gate: Int, _ step: StepRecord) -> Bool {
    guard gate < step.layers.count, let record = step.layers[gate], record.activation?.rms == 0
    else { return false }
    return zip(context.header.layers[gate].parameters, record.parameters).allSatisfy {
      described, statistics in !described.isWeight || statistics?.rms == 0
    }
  }

  public func outcome(ended: Bool) -> Outcome {
    guard measured > 0 else { return .notChecked("no δ of a layer with weights in this trace") }
    let needed = ended ? min(Evaluation.grace, measured) : Evaluation.grace
    let zeros = context.graph.weightLayers.filter { (blocks[$0]?.length ?? 0) >= needed }
    let comesFromTheLoss = !isLossMet && isSilent(exceptFor: zeros)
    let blocked = comesFromTheLoss ? zeros : blockedBelowTheLoss(zeros)
    guard let nearest = blocked.last, let block = blocks[nearest] else {
      return .clear(
        isSilent(exceptFor: zeros)
          ? "δ is exactly zero, as the loss is met" : "δ reaches every layer with weights")
    }
    let cause = cause(of: nearest, comesFromTheLoss: comesFromTheLoss)
    let learned = (loss.fall ?? 0) > context.value(Thresholds.learningFall)
    let bypassed = !comesFromTheLoss && blocked.allSatisfy { context.bypassed[$0] }
    return .found([
      Finding(
        id: Self.explanation.id, severity: learned || bypassed ? .warning : .error,
        layer: context.name(nearest), layers: blocked.map(context.name),
        firstStep: block.firstStep,
        raisedAtStep: ended
          ? min(lastStep, block.firstStep + needed - 1) : block.firstStep + needed - 1,
        lastStep: lastStep, statistic: "blocked-layers", value: Double(blocked.count),
        threshold: 0, healthy: 0...0, cause: cause,
        message: message(blocked, since: block.firstStep, comesFromTheLoss: comesFromTheLoss),
        remedies: remedies(cause.id))
    ])
  }

  private func message(_ layers: [Int], since step: Int, comesFromTheLoss: Bool) -> String {
    let names = Wording.list(layers.map(context.name), contiguous: layers.count > 2)
    guard comesFromTheLoss else {
      return "δ is exactly zero in \(names) since step \(step), though not at the loss: "
        + (layers.count == 1 ? "it no longer learns." : "they no longer learn.")
    }
    let now = loss.current.map { ", though the loss is \(Wording.loss($0))" } ?? ""
    return "δ is exactly zero from the loss on, in \(names), since step \(step)\(now): "
      + "nothing can learn."
  }

  /// Whether a loss has come down to next to nothing of its start, so that nothing need come from it.
  private var isLossMet: Bool {
    guard let first = loss.first, let start = loss.start, let current = loss.current else {
      return false
    }
    return current <= Self.metLoss * max(abs(first), abs(start))
  }

  /// Whether δ of every layer with weights is zero, as far as it is told.
  private func isSilent(exceptFor zeros: [Int]) -> Bool {
    !zeros.isEmpty
      && context.graph.weightLayers.allSatisfy { zeros.contains($0) || latest[$0] == nil }
  }

  /// The share of its start below which a loss counts as met.
  private static let metLoss = 0.01

  /// Leaves out layers from which no way leads to one where δ arrives, at a magnitude that cannot have underflowed: a head
  /// that nothing uses, or a loss that is fully met.
  private func blockedBelowTheLoss(_ layers: [Int]) -> [Int] {
    guard !layers.isEmpty else { return [] }
    let consumers = context.graph.consumers
    // Of the first layer further down that is measured and not blocked; nil where there is none.
    var arrives = [Bool?](repeating: nil, count: consumers.count)
    for layer in consumers.indices.reversed() {
      for next in consumers[layer].reversed() where arrives[layer] == nil {
        let isOpen = context.hasWeights(next) && blocks[next] == nil
        let delta = isOpen ? latest[next] : nil
        arrives[layer] = delta.map { $0 > Magnitude.nearUnderflow } ?? arrives[next]
      }
    }
    return layers.filter { arrives[$0] ?? false }
  }

  /// The gate that multiplies what `layer` passes on by zero.
  private func shutGate(above layer: Int) -> Int? {
    let isReached = context.fed { $0 == layer }
    return shutGates.first { gate in
      !isReached[gate]
        && context.layersFollowing(gate).contains {
          context.kind($0) == "multiply" && isReached[$0]
        }
    }
  }

  private func remedies(_ cause: String) -> [Remedy] {
    switch cause {
    case "dead-units":
      [.lowerLearningRate(than: loss.learningRate), .leakyReLU, .heInitialization]
    case "initial-scale": [.randomInitialization, .trainLayer]
    case "loss-scale": [.scaleLoss, .checkGraph]
    default: [.checkGraph, .heInitialization]
    }
  }

  private func cause(of layer: Int, comesFromTheLoss: Bool) -> Cause {
    if let gate = shutGate(above: layer) {
      return Cause(
        id: "initial-scale",
        text: "\(context.cited(gate)), whose weights are all zero, multiplies what "
          + "\(context.cited(layer)) passes on, and nothing trains it.")
    }
    let activations = context.layersFollowing(layer).filter {
      ActivationKind.withZeroBranch.contains(context.kind($0))
    }
    guard let activation = activations.first else {
      if comesFromTheLoss {
        return Cause(
          id: "loss-scale",
          text: "Nothing comes back from the loss itself: it is multiplied by so little that its "
            + "gradient is below what single precision can tell from zero (1e-45), or by zero, or "
            + "it is detached from the network.")
      }
      return Cause(
        id: "architecture",
        text: "Nothing between \(context.cited(layer)) and the loss has a zero branch: the layer "
          + "may be detached, multiplied by zero or rounded.")
    }
    return Cause(
      id: "dead-units",
      text: "\(context.cited(activation)) passes nothing back: none of its units fires.")
  }
}

extension BlockedGradient {
  public static let explanation = Explanation(
    id: "blocked-gradient",
    summary: "δ is exactly zero in some layers, so nothing reaches what lies before them.",
    measures: """
      For each layer with weights, the steps in a row at which its δ was exactly zero, while δ \
      arrives further on; or at which it was so in all of them, though the loss has not come down \
      to a hundredth of its start. A δ that faded below single precision on its way belongs to \
      vanishing-gradient.
      """,
    matters: """
      A zero δ is a zero weight gradient, in this layer and in all that feed it: they keep what \
      they have, whatever the data says.
      """,
    fires: """
      After 10 steps of exact zeros. An error, a warning where the loss has fallen all the same or \
      something bypasses the layer. Frozen layers, heads that nothing uses, and a loss that is met \
      are left out.
      """,
    causes: [
      "dead-units: an activation none of whose units fires",
      "initial-scale: a gate whose weights are zero and stay so",
      "loss-scale: a loss that is multiplied by next to nothing, or detached",
      "architecture: a detached tensor, a factor of zero, a rounding in the forward pass",
    ],
    remedies: [
      .randomInitialization, .lowerLearningRate(), .leakyReLU, .heInitialization, .scaleLoss,
      .checkGraph,
    ],
    reference: """
      L. Lu, Y. Shin, Y. Su, G. Karniadakis, Dying ReLU and initialization: theory and numerical \
      examples, Communications in Computational Physics 28 (2020).
      """)
}
