import GradientTrace

/// How the dead units of a layer came to be: born dead, or killed at a step by an update.
struct LifeStory {
  /// The step whose update killed them, or the run's first where they never fired.
  let step: Int
  /// Whether most of them fired before they died.
  let haveFired: Bool
  /// The setting behind it.
  let cause: Cause
  /// The update that killed them, as a sentence, and the learning rate then.
  let update: String?
  let learningRate: Double?

  init(
    _ activity: UnitActivity, _ updates: LargestUpdates, _ context: AnalysisContext, start: Int
  ) {
    let deaths = activity.deaths
    let feeders = context.weightLayersFeeding(activity.layer)
    let fed = feeders.first.map(context.cited) ?? context.cited(activity.layer)
    haveFired = deaths.steps.count > deaths.neverActive
    guard haveFired else {
      step = start
      update = nil
      learningRate = nil
      cause = Self.birth(feeders, fed, context)
      return
    }
    // Half of the units that died had fired their last by then.
    let step = deaths.steps[(deaths.steps.count - 1) / 2]
    self.step = step
    let around = (step - 2)...step
    let limit = context.value(Thresholds.deadUpdate)
    let above = context.graph.weightLayers.filter { $0 < activity.layer }
    guard
      let killer = updates.suspect(among: feeders, at: around, over: limit)
        ?? updates.suspect(among: above, at: around, over: limit)
    else {
      update = nil
      learningRate = nil
      cause = Cause(
        id: "learning-rate",
        text: "The units died one after the other, around step \(step): the steps drift \(fed) "
          + "below anything its inputs can make up for.")
      return
    }
    let rate = killer.update.learningRate.map { ", at learning rate \(Wording.short($0))," } ?? ""
    let ratio = killer.update.ratio
    update =
      "The update of step \(killer.update.step)\(rate) moved \(context.cited(killer.layer)) by "
      + "\(Wording.movement(ratio))."
    cause = Cause(
      id: "learning-rate",
      text:
        "A step that moves the weights by \(Wording.movement(ratio, ofMany: true)) pushes units "
        + "below zero for every example, where a ReLU has no slope to bring them back.")
    learningRate = killer.update.learningRate
  }

  /// Why units never fired: biases far below zero, or inputs that never reach them.
  private static func birth(_ feeders: [Int], _ fed: String, _ context: AnalysisContext) -> Cause {
    let biases = feeders.flatMap { context.header.layers[$0].parameters }
      .filter { !$0.isWeight }.compactMap(\.initialRMS)
    if let bias = biases.max(), bias > 0.5 {
      return Cause(
        id: "initial-scale",
        text: "The biases of \(fed) start at a size of \(Wording.short(bias)), which holds its "
          + "units below zero.")
    }
    return Cause(
      id: "data",
      text: "The units have been silent from the first step on: what \(fed) receives never reaches "
        + "them.")
  }
}
