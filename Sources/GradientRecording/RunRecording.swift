public import Backpropagation
public import GradientTrace

/// Turns what a trainer reports into the records of a trace, and hands them on.
///
/// This is the one place that knows both the training core and the trace.
public final class RunRecording: TrainingObserver {
  private let name: String?
  private let settings: [RunDescription.Setting]
  private let begin: (TraceHeader) throws -> Void
  private let record: (inout StepRecord) throws -> TrainingDecision
  private let end: (TrainingResult) throws -> Void
  private var run: TrainingRun?
  private var chance: ChanceBaseline?
  /// The nodes that are rectifiers, and what is counted of each.
  private var rectifiers: [Int] = []
  private var activities: [UnitActivity] = []
  private var windows = 0
  /// The record of a step, filled in place.
  private var step = StepRecord(step: 0)
  private var spares = SpareLists(nodes: 0)
  /// For each node the parameters that are recorded.
  private var recorded: [[Int]] = []

  /// Creates an observer.
  ///
  /// It calls `begin` with the run's header, `record` with each step, which answers whether training goes on, and `end`
  /// with the result. The record is used again: `record` may exchange it for another one.
  public init(
    name: String? = nil, settings: [RunDescription.Setting] = [],
    begin: @escaping (TraceHeader) throws -> Void,
    record: @escaping (inout StepRecord) throws -> TrainingDecision,
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
    let nodes = run.network.nodes
    rectifiers = nodes.indices.filter { nodes[$0].layer.nonlinearity == .rectifier }
    activities = rectifiers.map { UnitActivity(units: nodes[$0].units) }
    recorded = run.network.nodes.map(run.network.trainedParameters(of:))
    let header = TraceHeader(
      producer: "gradcheck \(gradientHealthVersion)",
      run: RunDescription(
        name: name, model: run.network.summary, examplesPerEpoch: run.examplesPerEpoch,
        plannedSteps: run.plannedSteps, constantLoss: run.constantLoss, settings: settings),
      layers: run.layerDescriptions)
    step = StepRecord(blankFor: header)
    spares = SpareLists(nodes: nodes.count)
    try begin(header)
  }

  public func stepEnded(_ summary: StepSummary) throws -> TrainingDecision {
    guard let run else { preconditionFailure("a step ended before training began") }
    summary.fill(&step, parameters: recorded, &spares)
    for (place, index) in rectifiers.enumerated() {
      if let counts = summary.layers[index].activeCounts {
        activities[place].observe(counts, step: summary.step)
      }
    }
    if summary.endsWindow { endWindow(summary, run) }
    return try record(&step)
  }

  public func trainingEnded(_ result: TrainingResult) throws { try end(result) }

  public var memory: [String: [Double]] {
    get {
      var memory = ["recording/windows": [Double(windows)]]
      for (index, activity) in zip(rectifiers, activities) {
        memory["recording/units/\(index)"] = activity.memory
      }
      return memory
    }
    set {
      windows = Int(newValue["recording/windows"]?.first ?? 0)
      for (place, index) in rectifiers.enumerated() {
        activities[place].memory = newValue["recording/units/\(index)"] ?? []
      }
    }
  }

  private func endWindow(_ summary: StepSummary, _ run: TrainingRun) {
    windows += 1
    // Chance costs a pass of its own: at windows 1, 2, 4, 8 and so on, the first apart only where units are silent.
    let isDue = windows & (windows - 1) == 0
    let suspects = zip(rectifiers, activities)
      .filter { isDue && (windows == 1 || $0.1.silentShare > 0.05) }.map(\.0)
    let silent = chance?.measure(suspects, in: run, step: summary.step) ?? [:]
    for (place, index) in rectifiers.enumerated() {
      let layer = summary.layers[index]
      var window = spares.window(of: index) { activities[place].blankWindow }
      activities[place].endWindow(
        &window, magnitudes: layer.delta.count > 0 ? layer.deltaMagnitudes : nil,
        divisor: summary.lossDivisor,
        positions: layer.delta.count / max(run.network.nodes[index].units, 1),
        chanceSilent: silent[index])
      step.layers[index]?.unitWindow = window
    }
  }
}

/// The version that traces and reports name.
public let gradientHealthVersion: String = "0.1.0"
