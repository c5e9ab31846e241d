import GradientDiagnosis
import GradientTrace

/// A made-up run of dense layers with an activation between them, whose figures a test sets by formula.
///
/// As it stands it is healthy: δ keeps its size, updates are a thousandth of the weights, the loss falls from 2.3.
struct SyntheticRun {
  var depth: Int
  var activation = "relu"
  var steps = 100
  var units = 64
  var examples: Int? = 64
  var run = RunDescription(name: "synthetic", plannedSteps: 100, constantLoss: 2.3)
  var initialRMS: Double? = (2.0 / 64).squareRoot()
  var learningRate: Double? = 0.1
  var loss: (_ step: Int) -> Double? = { 2.4 / (1 + 0.1 * Double($0)) }
  /// The L2 norm of δ per example at the dense layer of a depth, from 1.
  var delta: (_ depth: Int, _ step: Int) -> Double? = { _, _ in 0.5 }
  var updateRatio: (_ depth: Int, _ step: Int) -> Double? = { _, _ in 1e-3 }
  var gradient: (_ depth: Int, _ step: Int) -> Double? = { _, _ in 1e-2 }
  var weight: (_ depth: Int, _ step: Int) -> Double = { _, _ in 0.18 }
  /// For each unit of the activation at a depth, the examples of a step for which it was active.
  var active: (_ depth: Int, _ step: Int, _ unit: Int) -> UInt32 = { _, _, _ in 32 }
  var chanceSilent: Double?
  var windowSteps = 10
  var nonFinite: (_ tensor: Tensor, _ depth: Int, _ step: Int) -> Int = { _, _, _ in 0 }

  /// What a test changes in the header and in each record besides.
  var editHeader: (_ header: inout TraceHeader) -> Void = { _ in }
  var edit: (_ record: inout StepRecord) -> Void = { _ in }

  enum Tensor { case activation, delta, gradient, parameter }

  init(depth: Int) { self.depth = depth }

  var header: TraceHeader {
    var layers = [LayerDescription(name: "input", kind: "input", units: units)]
    for level in 1...depth {
      layers.append(
        LayerDescription(
          name: "dense-\(level)", kind: "dense", inputs: [layers[layers.count - 1].name],
          units: units,
          parameters: [
            ParameterDescription(name: "weight", shape: [units, units], initialRMS: initialRMS),
            ParameterDescription(name: "bias", shape: [units], initialRMS: 0),
          ]))
      if level < depth {
        layers.append(
          LayerDescription(
            name: "\(activation)-\(level)", kind: activation, inputs: ["dense-\(level)"],
            units: units))
      }
    }
    var header = TraceHeader(producer: "test", run: run, layers: layers)
    editHeader(&header)
    return header
  }

  var records: [StepRecord] { (0..<steps).map(record) }

  var trace: Trace { Trace(header: header, steps: records) }

  func diagnosis(_ policy: HealthPolicy = .standard) throws -> Diagnosis {
    try Diagnosis(of: trace, policy: policy)
  }

  /// What one analyzer makes of the whole run.
  func outcome(of analyzer: any Analyzer.Type, _ policy: HealthPolicy = .standard) -> Outcome {
    let context = AnalysisContext(header: header, policy: policy)
    var fold = analyzer.init(context)
    for record in records { fold.observe(ObservedStep(record, context)) }
    return fold.outcome(ended: true)
  }

  func findings(of analyzer: any Analyzer.Type, _ policy: HealthPolicy = .standard) -> [Finding] {
    guard case .found(let findings) = outcome(of: analyzer, policy) else { return [] }
    return findings
  }

  /// The step at which an alarm about `id` is first raised while the run goes on, or nil.
  func liveAlarm(_ id: String) -> Int? {
    var live = LiveDiagnosis(header: header)
    return records.first { record in
      live.observe(record)
      return live.alarms().contains { $0.id == id }
    }?.step
  }

  func record(_ step: Int) -> StepRecord {
    var layers: [LayerRecord?] = [LayerRecord(activation: statistics(rms: 1))]
    for level in 1...depth {
      layers.append(dense(level, step))
      if level < depth { layers.append(activated(level, step)) }
    }
    var record = StepRecord(
      step: step, loss: loss(step), learningRate: learningRate, examples: examples,
      lossDivisor: examples.map(Double.init), layers: layers)
    edit(&record)
    return record
  }

  private func dense(_ level: Int, _ step: Int) -> LayerRecord {
    let bad = nonFinite(.gradient, level, step)
    let weights = ParameterStatistics(
      rms: weight(level, step), gradientRMS: bad > 0 ? .nan : gradient(level, step),
      updateRMS: updateRatio(level, step).map { $0 * weight(level, step) },
      nonFinite: nonFinite(.parameter, level, step), gradientNonFinite: bad)
    return LayerRecord(
      activation: statistics(rms: 1, nonFinite: nonFinite(.activation, level, step)),
      delta: delta(level, step).map {
        statistics(
          rms: $0 / Double(units).squareRoot(), nonFinite: nonFinite(.delta, level, step))
      },
      parameters: [weights, ParameterStatistics(rms: 0.01, gradientRMS: gradient(level, step))])
  }

  private func activated(_ level: Int, _ step: Int) -> LayerRecord {
    let counts = (0..<units).map { active(level, step, $0) }
    var record = LayerRecord(
      activation: statistics(rms: 0.7), silentUnits: counts.count { $0 == 0 })
    guard (step + 1) % windowSteps == 0 || step == steps - 1 else { return record }
    let first = step / windowSteps * windowSteps
    let sums = (0..<units).map { unit in
      (first...step).reduce(UInt32(0)) { $0 + active(level, $1, unit) }
    }
    let last = (0..<units).map { unit in (0...step).last { active(level, $0, unit) > 0 } }
    record.unitWindow = UnitWindow(
      steps: step - first + 1, activeCounts: sums, lastActive: last, chanceSilent: chanceSilent)
    return record
  }

  private func statistics(rms: Double, nonFinite: Int = 0) -> TensorStatistics {
    let count = (examples ?? 64) * units
    return TensorStatistics(
      count: count, mean: 0, rms: nonFinite > 0 ? .nan : rms, max: nonFinite > 0 ? .nan : 3 * rms,
      zeros: rms == 0 ? count : 0, nonFinite: nonFinite)
  }
}
