import GradientTrace

/// A NaN or an infinity appears; the first tensor that holds one is named.
public struct NonFinite: Analyzer {
  private let context: AnalysisContext
  private var origin: NonFiniteOrigin?
  private var previous: StepRecord?
  private var firstActivations: [Double?] = []
  private var lastStep = 0
  private var affected: Set<Int> = []
  private var finiteSince = 0
  private var steps = 0
  private var wasSkipped = false

  public static let explainedBy = [
    CausalLink("unnormalized-input"), CausalLink("exploding-gradient"),
    CausalLink("exploding-through-time"), CausalLink("learning-rate-too-high"),
    CausalLink("loss-divergence", .before, unlessBlamed: "learning-rate"),
  ]

  /// The finite steps after which a run has recovered.
  private static let recovery = 10

  public init(_ context: AnalysisContext) { self.context = context }

  public mutating func observe(_ step: ObservedStep) {
    steps += 1
    if firstActivations.isEmpty { firstActivations = step.layers.map { $0?.activation?.rms } }
    guard !step.isFinite,
      let here = NonFiniteOrigin.first(in: step.record, after: previous, context)
    else {
      finiteSince += 1
      if origin == nil { previous = step.record }
      return
    }
    finiteSince = 0
    lastStep = step.step
    if let layer = here.layer { affected.insert(layer) }
    if origin == nil {
      origin = here
      wasSkipped = here.phase == .backward && Self.tookNoUpdate(step.record)
    }
  }

  /// Whether the optimizer left every parameter alone, as loss scaling does on purpose with a step that overflowed.
  private static func tookNoUpdate(_ step: StepRecord) -> Bool {
    let updates = step.layers.flatMap { $0?.parameters ?? [] }.compactMap { $0?.updateRMS }
    return !updates.isEmpty && updates.allSatisfy { $0 == 0 }
  }

  public func outcome(ended: Bool) -> Outcome {
    guard steps > 0 else { return .notChecked("no steps in this trace") }
    guard let origin else { return .clear("all values are finite in all \(steps) steps") }
    let recovered = finiteSince >= Self.recovery
    let cause = cause(origin)
    let last = origin.lastHealthy.map { " \($0)" } ?? ""
    let end =
      recovered
      ? wasSkipped ? " The step was skipped and the run went on." : " The run went on without them."
      : ""
    return .found([
      Finding(
        id: Self.explanation.id,
        severity: recovered ? (wasSkipped ? .info : .warning) : .error,
        layer: origin.layer.map(context.name),
        // What is broken after the loss is broken by it.
        layers: origin.layer == nil ? [] : affected.sorted().map(context.name),
        firstStep: origin.step, raisedAtStep: origin.step, lastStep: lastStep,
        statistic: "non-finite-values", value: Double(origin.count), threshold: 0, healthy: 0...0,
        cause: cause,
        message: "\(origin.sentence) at step \(origin.step)\(origin.phase.place).\(last)\(end)",
        remedies: remedies(cause.id))
    ])
  }

  private func cause(_ origin: NonFiniteOrigin) -> Cause {
    if let layer = origin.layer, context.kind(layer) == "input" {
      return Cause(id: "data", text: "The values are in the data, before any layer.")
    }
    if let largest = largestUpdate, largest.ratio > context.value(Thresholds.explodingUpdate) {
      let rate = previous?.learningRate.map { ", at learning rate \(Wording.short($0))," } ?? ""
      return Cause(
        id: "learning-rate",
        text:
          "The update of step \(previous?.step ?? origin.step)\(rate) moved \(largest.layer) by "
          + "\(Wording.movement(largest.ratio)); what the network computes with such weights "
          + "overflows.")
    }
    if let growth = growthOverDepth, growth > 3 {
      return Cause(
        id: "initial-scale",
        text: "The activations grow by \(Wording.decades(growth)) decades over the layers.")
    }
    return Cause(
      id: "unknown",
      text: "What went before was of ordinary size; a logarithm, a root or a division of zero "
        + "makes such values at once.")
  }

  /// The layer that the last finite step moved most, for its size.
  private var largestUpdate: (layer: String, ratio: Double)? {
    guard let previous else { return nil }
    return context.graph.weightLayers.compactMap { layer -> (layer: String, ratio: Double)? in
      previous.updateDecades(layer, context.weights[layer]).map {
        (context.cited(layer), Magnitude.power($0))
      }
    }.max { $0.ratio < $1.ratio }
  }

  /// The decades from the first layer's activation to the largest, at the first step.
  private var growthOverDepth: Double? {
    let sizes = firstActivations.compactMap(decades)
    guard let first = sizes.first, let largest = sizes.max() else { return nil }
    return largest - first
  }

  private func remedies(_ cause: String) -> [Remedy] {
    let rate = previous?.learningRate
    return switch cause {
    case "data": [.checkData]
    case "learning-rate": [.lowerLearningRate(than: rate), .clipping, .warmup]
    case "initial-scale": [.heInitialization, .batchNormalization, .lowerLearningRate(than: rate)]
    default: [.guardOperations, .lowerLearningRate(than: rate), .clipping]
    }
  }
}

extension NonFinite {
  public static let explanation = Explanation(
    id: "non-finite",
    summary: "A value is NaN or infinite, and spreads to everything computed from it.",
    measures: """
      The counts of NaN and infinite values in every output, in the loss, in every δ and \
      gradient, and in every parameter after its update, looked through in the order of the \
      computation, so that the first one is the origin.
      """,
    matters: """
      One NaN in a weight makes every later output NaN: the run is over, though it may go on for \
      hours. What is seen after the first one is its consequence.
      """,
    fires: """
      At the first value that is not finite, at once. An error; a warning where the following 10 \
      steps are finite again; a note where the optimizer skipped the step, as loss scaling does \
      on purpose.
      """,
    causes: [
      "learning-rate: steps as large as the weights themselves, until a number overflows",
      "initial-scale: activations that grow from layer to layer",
      "data: missing or infinite values in the input",
      "unknown: a logarithm, a root or a division of zero",
    ],
    remedies: [
      .lowerLearningRate(), .clipping, .heInitialization, .checkData, .guardOperations,
    ],
    reference: """
      IEEE 754-2019, section 6.2; PyTorch's torch.autograd.detect_anomaly, which looks at the \
      backward pass alone.
      """)
}
