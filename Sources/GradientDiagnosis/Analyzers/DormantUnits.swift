import GradientTrace

/// Units that hardly say anything next to their neighbors, though they are not dead.
public struct DormantUnits: Analyzer {
  private let context: AnalysisContext
  private let layers: [Int]
  private var loss: LossProgress
  /// For each layer the dormant units of its last window, of how many, and since when they have been too many.
  private var latest: [(dormant: Int, units: Int)?]
  private var since: [Int?]
  private var raised: [Int?]
  /// For each layer the last step at which its units were looked at: the next window begins after it.
  private var looks: [Int?]
  private var lastStep = 0

  public static let explainedBy = [
    CausalLink("dead-relu"), CausalLink("zero-initialization"), CausalLink("vanishing-gradient"),
    CausalLink("saturated-activation"), CausalLink("learning-rate-too-high"),
  ]

  public init(_ context: AnalysisContext) {
    self.context = context
    let activations = ActivationKind.reluFamily.union(ActivationKind.withFlatEnds)
    layers = context.header.layers.indices.filter {
      activations.contains(context.kind($0)) && context.feedsWeights[$0]
    }
    loss = LossProgress(context.header.run)
    latest = layers.map { _ in nil }
    since = layers.map { _ in nil }
    raised = layers.map { _ in nil }
    looks = layers.map { _ in nil }
  }

  public mutating func observe(_ step: ObservedStep) {
    loss.observe(step.record)
    lastStep = step.step
    for (place, layer) in layers.enumerated()
    where layer < step.layers.count && step.layers[layer]?.unitMeans != nil {
      guard let record = step.layers[layer], let found = dormant(layer, record) else { continue }
      latest[place] = found
      let start = looks[place].map { $0 + 1 } ?? loss.firstStep
      looks[place] = step.step
      let share = Double(found.dormant) / Double(max(found.units, 1))
      if share > context.value(Thresholds.dormantShare, layer: layer) {
        if since[place] != nil { raised[place] = raised[place] ?? step.step }
        since[place] = since[place] ?? start
      } else {
        (since[place], raised[place]) = (nil, nil)
      }
    }
  }

  /// The units whose RMS is next to nothing beside the layer's mean; not those that are dead, where units can be.
  private func dormant(_ layer: Int, _ record: LayerRecord) -> (dormant: Int, units: Int)? {
    guard let means = record.unitMeans, let deviations = record.unitDeviations,
      means.count == deviations.count, means.count > 1
    else { return nil }
    let sizes = zip(means, deviations).map { ($0 * $0 + $1 * $1).squareRoot() }
    let mean = sizes.reduce(0, +) / Double(sizes.count)
    guard mean > 0, mean.isFinite else { return nil }
    let limit = context.value(Thresholds.dormantScore, layer: layer) * mean
    let canDie = ActivationKind.withZeroBranch.contains(context.kind(layer))
    return (sizes.count { ($0 > 0 || !canDie) && $0 <= limit }, sizes.count)
  }

  public func outcome(ended: Bool) -> Outcome {
    guard !layers.isEmpty else { return .notChecked("no activation between layers with weights") }
    let known = layers.indices.filter { latest[$0] != nil }
    guard !known.isEmpty else {
      return .notChecked("no means and deviations of single units in this trace")
    }
    let alarmed = known.filter { raised[$0] != nil }
    guard let place = alarmed.max(by: { share($0) < share($1) }), let first = since[place],
      let found = latest[place]
    else {
      let largest = known.map(share).max() ?? 0
      return .clear(
        "at most \(Wording.percent(largest)) of a layer's units are dormant; a note above "
          + Wording.percent(context.value(Thresholds.dormantShare)))
    }
    let learned = (loss.fall ?? 0) > context.value(Thresholds.learningFall)
    let isMajority = share(place) > context.value(Thresholds.dormantMajority, layer: layers[place])
    let name = context.name(layers[place])
    var finding = Finding(
      id: Self.explanation.id, severity: learned && !isMajority ? .info : .warning, layer: name,
      layers: alarmed.map { context.name(layers[$0]) }, firstStep: first,
      raisedAtStep: raised[place] ?? lastStep, lastStep: lastStep, statistic: "dormant-share",
      value: share(place),
      threshold: context.value(Thresholds.dormantShare, layer: layers[place]), healthy: 0...0.2,
      cause: cause(of: found, since: first),
      message: "\(found.dormant) of \(found.units) units of \(Wording.name(name)) say less than "
        + "\(Wording.percent(context.value(Thresholds.dormantScore))) of what its units say on "
        + "average.",
      remedies: first == loss.firstStep
        ? [.batchNormalization, .zeroBias, .heInitialization, lowerRate]
        : [lowerRate, .batchNormalization, .heInitialization])
    finding.isDatedByWindow = true
    return .found([finding])
  }

  private var lowerRate: Remedy { .lowerLearningRate(than: loss.learningRate) }

  private func cause(of found: (dormant: Int, units: Int), since step: Int) -> Cause {
    step == loss.firstStep
      ? Cause(
        id: "initial-scale",
        text:
          "\(found.dormant) of \(found.units) units are so in the first window already: biases or "
          + "weights start where the activation is next to zero.")
      : Cause(
        id: "unknown",
        text:
          "The weights of \(found.dormant) of \(found.units) units have shrunk, or their inputs have "
          + "moved to where the activation is next to zero.")
  }

  private func share(_ place: Int) -> Double {
    latest[place].map { Double($0.dormant) / Double(max($0.units, 1)) } ?? 0
  }
}

extension DormantUnits {
  public static let explanation = Explanation(
    id: "dormant-units",
    summary: "Many units hardly say anything next to their neighbors.",
    measures: """
      At the end of each window, the RMS of each unit's output over the examples, divided by the \
      mean of the layer's units. Units of a ReLU that are exactly zero belong to dead-relu.
      """,
    matters: """
      A dormant unit takes no part: the network works as if it were narrower. It happens with every \
      activation, also with those that cannot die.
      """,
    fires: """
      Where more than 25 % of a layer's units (dormant-units.share) lie at or below 0.025 of the \
      mean (dormant-units.score) in two windows in a row. A note, a warning where the loss has not \
      fallen or more than half of the units are dormant (dormant-units.majority).
      """,
    causes: [
      "initial-scale: biases or weights that start where the activation is next to zero",
      "learning-rate: updates that drove units to where they are off",
      "unknown: a task that does not need so many units",
    ],
    remedies: [.batchNormalization, .zeroBias, .heInitialization, .lowerLearningRate()],
    reference: """
      G. Sokar et al., The dormant neuron phenomenon in deep reinforcement learning, ICML 2023.
      """)
}
