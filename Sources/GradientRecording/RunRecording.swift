public import Backpropagation
public import GradientTrace

/// Turns what a trainer reports into the records of a trace, and hands them on.
///
/// This is the one place that knows both the training core and the trace.
public final class RunRecording: TrainingObserver {
  private let name: String?
  private let settings: [RunDescription.Setting]
  private let begin: (TraceHeader) throws -> Void
  private let record: (StepRecord) throws -> TrainingDecision
  private let end: (TrainingResult) throws -> Void
  private var run: TrainingRun?
  private var chance: ChanceBaseline?
  private var activities: [Int: UnitActivity] = [:]
  private var windows = 0

  /// Creates an observer that calls `begin` with the run's header, `record` with each step, which answers whether
  /// training goes on, and `end` with the result.
  public init(
    name: String? = nil, settings: [RunDescription.Setting] = [],
    begin: @escaping (TraceHeader) throws -> Void,
    record: @escaping (StepRecord) throws -> TrainingDecision,
    end: @escaping (TrainingResult) throws -> Void = { _ in }
  ) {
    self.name = name
    self.settings = settings
    self.begin = begin
    self.record = record
    self.end = end
  }

  public func trainingBegins(_ run: TrainingRun) throws {
    self.run = run
    chance = ChanceBaseline(run)
    for (index, node) in run.network.nodes.enumerated()
    where node.layer.nonlinearity == .rectifier {
      activities[index] = UnitActivity(units: node.units)
    }
    try begin(
      TraceHeader(
        producer: "gradcheck \(gradientHealthVersion)",
        run: RunDescription(
          name: name, model: run.network.summary, examplesPerEpoch: run.examplesPerEpoch,
          plannedSteps: run.plannedSteps, constantLoss: run.constantLoss, settings: settings),
        layers: run.layerDescriptions))
  }

  public func stepEnded(_ step: StepSummary) throws -> TrainingDecision {
    guard let run else { preconditionFailure("a step ended before training began") }
    var record = step.record(of: run.network)
    for (index, layer) in step.layers.enumerated() {
      if let counts = layer.activeCounts { activities[index]?.observe(counts, step: step.step) }
    }
    // The last window of a run may be shorter.
    if (step.step + 1) % Trainer.window == 0 || step.step + 1 == run.plannedSteps {
      endWindow(step, run, &record)
    }
    return try self.record(record)
  }

  public func trainingEnded(_ result: TrainingResult) throws { try end(result) }

  private func endWindow(_ step: StepSummary, _ run: TrainingRun, _ record: inout StepRecord) {
    windows += 1
    // Chance costs a pass of its own: at windows 1, 2, 4, 8 and so on, the first apart only where units are silent.
    let isDue = windows & (windows - 1) == 0
    let suspects = activities.filter { isDue && (windows == 1 || $0.value.silentShare > 0.05) }
    let silent =
      chance?.measure(suspects.keys.sorted(), in: run, step: step.step) ?? [:]
    for index in activities.keys {
      let layer = step.layers[index]
      record.layers[index]?.unitWindow = activities[index]?.endWindow(
        magnitudes: layer.deltaMagnitudes, divisor: step.lossDivisor,
        positions: layer.delta.count / max(run.network.nodes[index].units, 1),
        chanceSilent: silent[index])
    }
  }
}

/// The version that traces and reports name.
public let gradientHealthVersion: String = "0.1.0"
