import Foundation
package import GradientDiagnosis
package import GradientTrace

/// What the charts need of a run, gathered in one pass over its steps and in bounded memory.
///
/// A run of any length becomes at most ``columnLimit`` columns; a bin keeps its extremes, so that a spike of one step in a
/// million is still drawn.
package struct RunDigest: Sendable {
  package let header: TraceHeader
  package let graph: LayerGraph
  /// The layers' names, as short as a chart needs them.
  package let names: [String]
  package private(set) var columns = StepColumns(capacity: Self.columnLimit)
  /// The number of steps recorded.
  package private(set) var stepCount = 0
  /// The training loss.
  package private(set) var loss = Series()
  /// Where the loss started and where it stands, as the diagnosis judges it.
  package private(set) var progress: LossProgress
  /// The validation loss.
  package private(set) var validation = Series()
  /// The first step whose loss is not finite.
  package private(set) var firstNonFiniteLoss: Int?
  /// log10 of δ's L2 norm per example, for each of `graph.weightLayers`.
  package private(set) var delta: [Series]
  /// Whether δ is known per example; without the number of examples it is the RMS of its elements.
  package private(set) var isDeltaPerExample = true
  /// The first step at which δ of a weight layer was not finite.
  package private(set) var firstNonFiniteDelta: Int?
  /// The weights of the run, in the order of `graph.weightLayers`.
  package let weights: [WeightName]
  /// log10 of ‖ΔW‖/‖W‖, for each of `weights`.
  package private(set) var ratio: [Series]
  /// Activations and weight gradients of every layer.
  package private(set) var layerSeries: LayerSeries
  /// How large δ is in each layer in the window that is judged: the last with finite values, or the one that shows the root cause.
  package private(set) var profile = DepthProfile(capacity: Self.profileSteps)
  /// What every layer recorded in that window.
  package private(set) var window: JudgedWindow
  /// Where the features of the inputs lie, and the outputs of the layers whose units a finding is about.
  package private(set) var features: [InputFeatures] = []
  /// The norm of the whole gradient, and what clipping leaves of it.
  package private(set) var gradientNorm: GradientNorm
  /// How many units of each layer have weights of their own.
  package private(set) var distinctUnits: [DistinctUnits] = []
  /// The loss of the run that this one is paired with, if it is.
  package let paired: PairedLoss?
  /// How long layers take at a step, where that was measured.
  package let times: [LayerTiming]
  /// The layers whose units were watched.
  package private(set) var units: [UnitHistory]
  /// How activations, δ and weight gradients are distributed.
  package private(set) var distributions: Distributions
  /// δ by time step of each recurrent layer that tells it, up to the step that is judged.
  package private(set) var timeHistories: [TimeHistory] = []
  /// The mean δ of each unit, of the layers that findings name and of the widest.
  package private(set) var unitDeltas: [UnitDeltas]

  /// A weight of the network, by its place in the header.
  package struct WeightName: Sendable, Equatable {
    package var layer: Int
    package var parameter: Int
    package var name: String
  }

  /// At most so many columns: about as many as a chart has pixels to show them.
  private static let columnLimit = 1024
  /// The steps of the window over depth, as long as the diagnosis' own.
  private static let profileSteps = 50
  /// The unit states kept in all, some 16 MB of them.
  private static let unitBudget = 1 << 22
  /// The kinds of layer with a branch whose output is exactly zero.
  private static let zeroBranch: Set<String> = ["relu", "relu6", "threshold", "hard-sigmoid"]

  /// The findings that are about the outputs of a layer's units.
  private static let aboutUnits: Set<String> = ["dormant-units", "collapsed-output"]

  private let profileEnd: Int
  private let layerWeights: LayerWeights
  /// The indices of the inputs.
  private let inputs: [Int]
  /// The layers whose units a finding is about, each with the last step at which it was seen.
  private let judgedUnits: [Int: Int]
  /// For each layer its place in `graph.weightLayers`, if it has one.
  private let rowOfLayer: [Int?]

  /// Folds over `trace`, with an eye on the layers and steps that `diagnosis` names, and over the loss of the run that it is
  /// `paired` with.
  ///
  /// - Throws: what reading the traces throws.
  package init(_ trace: Trace, _ diagnosis: Diagnosis, paired: Trace? = nil) throws {
    header = trace.header
    let graph = LayerGraph(trace.header)
    self.graph = graph
    let names = shortNames(trace.header.layers.map(\.name))
    self.names = names
    progress = LossProgress(trace.header.run)
    delta = [Series](repeating: Series(), count: graph.weightLayers.count)
    var rows = [Int?](repeating: nil, count: trace.header.layers.count)
    for (row, layer) in graph.weightLayers.enumerated() { rows[layer] = row }
    rowOfLayer = rows
    let layers = trace.header.layers
    layerWeights = LayerWeights(layers)
    gradientNorm = GradientNorm(layers)
    self.paired = try paired.map(PairedLoss.init)
    window = JudgedWindow(layers: layers.count, capacity: Self.profileSteps)
    weights = graph.weightLayers.flatMap { layer in
      let parameters = layers[layer].parameters.indices
        .filter { layers[layer].parameters[$0].isWeight }
      return parameters.map { parameter in
        let suffix = parameters.count > 1 ? "/" + layers[layer].parameters[parameter].name : ""
        return WeightName(
          layer: layer, parameter: parameter, name: names[layer] + suffix)
      }
    }
    ratio = [Series](repeating: Series(), count: weights.count)
    layerSeries = LayerSeries(layers, [.activation, .gradient])
    let watched = Self.watchedLayers(layers, diagnosis)
    let unitCount = watched.reduce(0) { $0 + min(layers[$1].units ?? 0, Self.unitBudget) }
    let windows = max(8, min(256, Self.unitBudget / max(1, unitCount)))
    units = watched.map {
      UnitHistory(layer: $0, units: layers[$0].units ?? 0, capacity: windows)
    }
    inputs = layers.indices.filter { layers[$0].kind == "input" }
    judgedUnits = Dictionary(
      diagnosis.findings.filter { Self.aboutUnits.contains($0.id) }.compactMap { finding in
        layers.firstIndex { $0.name == finding.layer }.map { ($0, finding.lastStep) }
      }, uniquingKeysWith: max)
    times = try trace.timings().ofLayers(layers.map(\.name))
    profileEnd = diagnosis.root.map(Self.judgedStep) ?? .max
    let noted = diagnosis.findings.compactMap(\.layer)
    distributions = Distributions(trace.header, graph, noted: noted, end: profileEnd)
    unitDeltas = [UnitDeltas](trace.header, graph, noted: noted)
    try trace.forEachMergedStep { add($0) }
    try trace.forEachStep { add($0) }
    units.removeAll { $0.windows.isEmpty }
    unitDeltas.removeAll { $0.windows.isEmpty }
  }

  /// Folds over `trace`, with an eye on what is found in it.
  ///
  /// - Throws: what reading the trace throws.
  package init(_ trace: Trace) throws { try self.init(trace, Diagnosis(of: trace)) }

  /// The last step of the window that shows a finding: of gradients that explode from the start the first step, since later
  /// ones show what that has made of the weights.
  private static func judgedStep(_ finding: Finding) -> Int {
    let isInitial = finding.id == "exploding-gradient" && finding.firstStep == 0
    return isInitial ? finding.firstStep : finding.lastStep
  }

  private static func watchedLayers(
    _ layers: [LayerDescription], _ diagnosis: Diagnosis
  ) -> [Int] {
    let named = Set(diagnosis.findings.filter { $0.id == "dead-relu" }.compactMap(\.layer))
    return layers.indices.filter { index in
      guard let units = layers[index].units, units > 0, units <= unitBudget / 8 else {
        return false
      }
      return zeroBranch.contains(layers[index].kind) || named.contains(layers[index].name)
    }
  }

  private mutating func add(_ record: StepRecord) {
    stepCount += 1
    prepareBins(columns.add(record.step...record.step))
    progress.observe(record)
    addSeries(of: record, profiled: true)
    distributions.add(record)
    if record.step <= profileEnd { timeHistories.add(record, layers: header.layers.count) }
    unitDeltas.add(record)
    distinctUnits.add(record, weights, header)
    // NaN is not zero, so that units look active once numbers have broken.
    if firstNonFiniteLoss ?? firstNonFiniteDelta == nil { addUnits(of: record) }
  }

  /// Adds the steps of a trace that outgrew its budget: their extremes, so that a spike is still seen, and their mean.
  private mutating func add(_ merged: MergedSteps) {
    stepCount += merged.steps.count
    prepareBins(columns.add(merged.steps))
    progress.observe(merged.mean)
    for var record in [merged.minimum, merged.mean, merged.maximum] {
      record.examples = merged.mean.examples
      addSeries(of: record, profiled: false)
    }
  }

  private mutating func addSeries(of record: StepRecord, profiled: Bool) {
    if let value = record.loss {
      loss.add(value)
      if !value.isFinite, firstNonFiniteLoss == nil { firstNonFiniteLoss = record.step }
    }
    if let value = record.validationLoss { validation.add(value) }
    let movements = layerWeights.movements(in: record)
    layerSeries.add(record, movements)
    addFeatures(of: record)
    gradientNorm.add(record)
    let sizes = addDeltas(of: record)
    if profiled, record.step <= profileEnd, let sizes {
      window.add(record, movements)
      if graph.weightLayers.contains(where: { !sizes[$0].isNaN }) {
        profile.add(record.step, sizes)
      }
    }
    for (index, weight) in weights.enumerated() {
      // A layer's record is large: it isn't copied for what is taken out of it.
      guard weight.layer < record.layers.count,
        weight.parameter < record.layers[weight.layer]?.parameters.count ?? 0,
        let statistics = record.layers[weight.layer]?.parameters[weight.parameter],
        statistics.frozen != true,
        !header.layers[weight.layer].parameters[weight.parameter].frozen,
        let value = Self.updateRatio(statistics)
      else { continue }
      ratio[index].add(logarithmOf: value)
    }
  }

  /// ‖ΔW‖/‖W‖, NaN where that isn't finite; weights that are all zero, and stay so, don't move either.
  private static func updateRatio(_ weight: ParameterStatistics) -> Double? {
    guard let change = weight.updateRMS, let size = weight.rms else { return nil }
    guard change.isFinite, size.isFinite else { return .nan }
    return change == 0 ? 0 : weight.updateRatio
  }

  private mutating func prepareBins(_ change: StepColumns.Change) {
    guard change != StepColumns.Change() else { return }
    loss.prepare(change)
    validation.prepare(change)
    layerSeries.prepare(change)
    gradientNorm.prepare(change)
    for index in delta.indices { delta[index].prepare(change) }
    for index in ratio.indices { ratio[index].prepare(change) }
  }

  private func layer(_ index: Int, of record: StepRecord) -> LayerRecord? {
    index < record.layers.count ? record.layers[index] : nil
  }

  /// Adds how large δ is and returns it for each layer in decades, NaN where it wasn't recorded; nil where δ of a weight layer
  /// isn't finite.
  private mutating func addDeltas(of record: StepRecord) -> [Double]? {
    var values = [Double](repeating: .nan, count: header.layers.count)
    var isFinite = true
    for index in record.layers.indices.prefix(values.count) {
      let row = rowOfLayer[index]
      guard
        let size = size(ofDelta: record.layers[index]?.delta, of: record, isJudged: row != nil)
      else { continue }
      if size.isFinite { values[index] = size == 0 ? -.infinity : log10(abs(size)) }
      guard let row else { continue }
      delta[row].add(decades: size.isFinite ? values[index] : .nan)
      if !size.isFinite { isFinite = false }
    }
    if !isFinite, firstNonFiniteDelta == nil { firstNonFiniteDelta = record.step }
    return isFinite ? values : nil
  }

  /// How large δ is, NaN where that isn't finite; nil where it was not recorded.
  ///
  /// Whether it is known per example depends on the layers with weights, which are judged by it.
  private mutating func size(
    ofDelta statistics: TensorStatistics?, of record: StepRecord, isJudged: Bool
  ) -> Double? {
    guard let statistics, let rms = statistics.rms else { return nil }
    let norm = record.examples.flatMap(statistics.l2(perExampleOf:))
    if norm == nil, isJudged {
      isDeltaPerExample = false
    } else if norm == nil, isDeltaPerExample, record.examples != nil {
      return nil
    }
    let size = norm ?? rms
    return statistics.nonFinite ?? 0 > 0 || !size.isFinite ? .nan : size
  }

  /// Takes in where an input's features lie the first time that it is told, and the outputs of units the last time.
  private mutating func addFeatures(of record: StepRecord) {
    for index in inputs where !features.contains(where: { $0.layer == index }) {
      guard let layer = layer(index, of: record),
        let found = InputFeatures(layer: index, step: record.step, layer)
      else { continue }
      features.append(found)
    }
    for (index, last) in judgedUnits where record.step <= last {
      guard let layer = layer(index, of: record),
        let found = InputFeatures(layer: index, step: record.step, layer)
      else { continue }
      features.removeAll { $0.layer == index }
      features.append(found)
    }
  }

  private mutating func addUnits(of record: StepRecord) {
    for index in units.indices {
      guard let layer = layer(units[index].layer, of: record), let window = layer.unitWindow else {
        continue
      }
      let examples = record.examples ?? 1
      let count = layer.activation?.count ?? examples * units[index].units
      units[index].add(
        window, step: record.step, examples: examples,
        observationsPerStep: Double(count) / Double(units[index].units))
    }
  }
}

extension RunDigest {
  /// The first and the last step recorded.
  package var stepRange: ClosedRange<Int> {
    guard let first = columns.ranges.first, let last = columns.ranges.last else { return 0...0 }
    return first.lowerBound...last.upperBound
  }

  /// The steps that a chart shows: all of them, or where numbers have ceased to be finite for most of the run, as many of
  /// those steps as of the ones before.
  package var shownSteps: ClosedRange<Int> {
    let all = stepRange
    let shown = loss.isEmpty ? delta : [loss]
    let last = shown.compactMap { $0.bins.lastIndex { $0.count > 0 } }.max()
    guard let last, firstNonFiniteLoss ?? firstNonFiniteDelta != nil else { return all }
    let finite = columns.ranges[last].upperBound - all.lowerBound + 1
    return all.lowerBound...min(all.upperBound, all.lowerBound + max(2 * finite, 10))
  }

  /// The steps shown, as a scale; a step lies in the middle of its cell.
  package var stepScale: Scale {
    Scale(.steps, Double(shownSteps.lowerBound) - 0.5...Double(shownSteps.upperBound) + 0.5)
  }

  /// What stands below an axis of steps.
  package var stepCaption: String {
    let hidden = stepRange.upperBound - shownSteps.upperBound
    return hidden > 0 ? "step (none of the \(Wording.count(hidden)) after these is finite)" : "step"
  }
}
