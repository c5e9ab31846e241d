public import Backpropagation
public import GradientTrace

/// Turns what a trainer reports into the records of a trace, and hands them on.
///
/// This is the one place that knows both the training core and the trace.
public final class RunRecording: TrainingObserver {
  private let name: String?
  private let settings: [RunDescription.Setting]
  private let begin: (TraceHeader) throws -> Void
  private let record: (StepRow) throws -> TrainingDecision
  private let timed: ([LayerTiming]) throws -> Void
  private let end: (TrainingResult) throws -> Void
  private var network: NeuralNetwork?
  private var chance: ChanceBaseline?
  /// The nodes that are rectifiers, what is counted of each, and its units.
  private var rectifiers: [Int] = []
  private var activities: [UnitActivity] = []
  private var unitCounts: [Int] = []
  private var windows = 0
  /// The row of a step, filled in place, and room for a list.
  private var row: StepRow?
  private var numbers: [Double] = []
  /// Mean and standard deviation of each feature of the inputs, taken of some examples before the first step.
  private var inputs: [UnitMoments] = []
  /// For each node the parameters that are recorded.
  private var recorded: [[Int]] = []

  /// Creates an observer.
  ///
  /// It calls `begin` with the run's header, `record` with each step, which answers whether training goes on, `timed` with
  /// what the layers took, and `end` with the result. The row is filled anew at the next step.
  public init(
    name: String? = nil, settings: [RunDescription.Setting] = [],
    begin: @escaping (TraceHeader) throws -> Void,
    record: @escaping (StepRow) throws -> TrainingDecision,
    timed: @escaping ([LayerTiming]) throws -> Void = { _ in },
    end: @escaping (TrainingResult) throws -> Void = { _ in }
  ) {
    self.name = name
    self.settings = settings
    self.begin = begin
    self.record = record
    self.timed = timed
    self.end = end
  }

  public func trainingBegins(_ run: TrainingRun) throws {
    network = run.network
    let nodes = run.network.nodes
    rectifiers = nodes.indices.filter { nodes[$0].layer.nonlinearity == .rectifier }
    chance = ChanceBaseline(run, rectifiers: rectifiers)
    unitCounts = rectifiers.map { nodes[$0].units }
    activities = unitCounts.map(UnitActivity.init)
    inputs = run.inputMoments
    recorded = run.network.nodes.map(run.network.trainedParameters(of:))
    let header = TraceHeader(
      producer: "gradcheck \(gradientHealthVersion)",
      run: RunDescription(
        name: name, model: run.network.summary, examplesPerEpoch: run.examplesPerEpoch,
        plannedSteps: run.plannedSteps, constantLoss: run.constantLoss, settings: settings),
      layers: run.layerDescriptions)
    row = StepRow(header)
    try begin(header)
  }

  public func stepEnded(_ summary: StepSummary) throws -> TrainingDecision {
    guard let row else { preconditionFailure("a step ended before training began") }
    summary.fill(row, parameters: recorded, &numbers)
    for place in rectifiers.indices {
      guard let counts = summary.layers[rectifiers[place]].activeCounts else { continue }
      activities[place].observe(counts, step: summary.step)
    }
    if summary.step == 0 {
      for (index, moments) in inputs.enumerated() {
        row.add(unitMeans: moments.means, deviations: moments.deviations, of: index)
      }
    }
    if summary.endsWindow { endWindow(summary, row) }
    return try record(row)
  }

  public func layersWereTimed(_ times: LayerTimes) throws {
    if let network { try timed(times.means(of: network)) }
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

  private func endWindow(_ summary: StepSummary, _ row: StepRow) {
    windows += 1
    // Chance costs a pass of its own: at windows 1, 2, 4, 8 and so on, the first apart only where units are silent.
    let isDue = windows & (windows - 1) == 0
    var hasRun = false
    for place in rectifiers.indices {
      var chanceSilent: Double?
      if isDue, windows == 1 || activities[place].silentShare > 0.05 {
        if !hasRun { chance?.run() }
        hasRun = true
        chanceSilent = chance?.silentShare(of: place, step: summary.step)
      }
      let index = rectifiers[place], units = unitCounts[place]
      let delta = summary.layers[index].delta
      activities[place].endWindow(
        of: index, in: row,
        magnitudes: delta.count > 0 ? summary.layers[index].deltaMagnitudes : nil,
        divisor: summary.lossDivisor, positions: delta.count / max(units, 1),
        chanceSilent: chanceSilent)
    }
  }
}

/// The version that traces and reports name.
public let gradientHealthVersion: String = "0.1.0"
