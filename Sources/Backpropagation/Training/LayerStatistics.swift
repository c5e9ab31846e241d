/// Takes what a step's summary holds of the layers, from a workspace that has run.
struct LayerStatistics<Scalar: TensorScalar> {
  private let network: NeuralNetwork
  private let nonlinearities: [Nonlinearity?]
  private let units: [Int]
  /// The nodes that tell their δ by time step.
  private let recurrent: [Int]
  /// Room for sums over a rectifier's units.
  private var sums: [Scalar]

  init(_ network: NeuralNetwork) {
    self.network = network
    let nonlinearities = network.nodes.map(\.layer.nonlinearity)
    self.nonlinearities = nonlinearities
    units = network.nodes.map(\.units)
    recurrent = network.nodes.indices.filter { network.nodes[$0].layer.timeDelta != nil }
    let counted = network.nodes.indices.filter { nonlinearities[$0] == .rectifier }
    sums = [Scalar](repeating: 0, count: counted.map { network.nodes[$0].units }.max() ?? 0)
  }

  /// Summaries whose lists have their sizes.
  func blankSummaries(_ workspace: Workspace<Scalar>) -> [LayerSummary] {
    network.nodes.indices.map { index in
      var layer = LayerSummary()
      let units = self.units[index]
      switch nonlinearities[index] {
      case .rectifier:
        layer.activeCounts = [UInt32](repeating: 0, count: units)
        layer.deltaMagnitudes = [Double](repeating: 0, count: units)
      case .saturating: layer.saturated = 0
      case .leakyRectifier, nil: break
      }
      if let times = workspace.timeDelta(of: index, examples: 1)?.shape[1] {
        layer.timeDeltas = TimeDeltas(steps: times)
      }
      layer.deltaHistogram = [UInt32](repeating: 0, count: 64)
      return layer
    }
  }

  /// Adds the last passes to what the step has found so far, from nothing if they are its first.
  mutating func take(
    _ workspace: Workspace<Scalar>, examples: Int, endsWindow: Bool, isFirst: Bool, divisor: Double,
    into layers: inout [LayerSummary]
  ) {
    for index in layers.indices {
      layers[index].add(
        activation: workspace.activations[index], delta: workspace.deltas[index], isFirst)
      guard let nonlinearity = nonlinearities[index], let counts = workspace.counts else {
        continue
      }
      switch nonlinearity {
      case .rectifier: layers[index].add(active: counts.active[index], isFirst)
      case .saturating(let range):
        // Padding is zero, which a logistic function would call saturated.
        let output = workspace.output(of: index, examples: examples)
        let padding = output.count - workspace.activations[index].count
        let saturated = counts.outside[index] - (range.contains(0) ? 0 : padding)
        layers[index].saturated = (isFirst ? 0 : layers[index].saturated ?? 0) + saturated
      case .leakyRectifier: break
      }
    }
    for index in recurrent {
      if isFirst { layers[index].timeDeltas?.reset() }
      workspace.addTimeDelta(of: index, examples: examples, to: &layers[index].timeDeltas)
    }
    if endsWindow {
      endWindow(workspace, examples: examples, isFirst: isFirst, divisor: divisor, &layers)
    }
  }

  /// Adds what is taken once a window.
  private mutating func endWindow(
    _ workspace: Workspace<Scalar>, examples: Int, isFirst: Bool, divisor: Double,
    _ layers: inout [LayerSummary]
  ) {
    for index in layers.indices {
      if isFirst {
        layers[index].deltaMagnitudes?.setAll(to: 0)
        layers[index].deltaHistogram?.setAll(to: 0)
      }
      guard workspace.deltas[index].count > 0 else { continue }
      let delta = workspace.delta(of: index, examples: examples)
      delta.addHistogram(times: divisor, to: &layers[index].deltaHistogram)
      if nonlinearities[index] == .rectifier {
        add(delta, of: network.nodes[index], to: &layers[index].deltaMagnitudes)
      }
    }
  }

  /// Adds the magnitudes of a node's δ, unit by unit.
  private mutating func add(
    _ delta: TensorView<Scalar>, of node: NeuralNetwork.Node, to magnitudes: inout [Double]?
  ) {
    sums.withUnsafeMutableBufferPointer { sums in
      guard let start = sums.baseAddress else { return }
      delta.sumMagnitudes(of: node, to: start)
      for unit in 0..<node.units { magnitudes?[unit] += Double(start[unit]) }
    }
  }
}

extension LayerSummary {
  /// Adds what was found of output and δ, to nothing if it is the step's first pass.
  fileprivate mutating func add(
    activation: TensorSummary, delta: TensorSummary, _ isFirst: Bool
  ) {
    guard !isFirst else {
      self.activation = activation
      self.delta = delta
      return
    }
    self.activation.merge(activation)
    self.delta.merge(delta)
  }

  /// Adds how often each unit was active.
  fileprivate mutating func add(active counts: [UInt32], _ isFirst: Bool) {
    activeCounts?.withUnsafeMutableBufferPointer { sums in
      for unit in sums.indices { sums[unit] = counts[unit] &+ (isFirst ? 0 : sums[unit]) }
    }
  }
}

extension Array {
  /// Writes `value` into each element, in place.
  mutating func setAll(to value: Element) {
    withUnsafeMutableBufferPointer { $0.update(repeating: value) }
  }
}

extension TensorView {
  /// Adds how often each binary exponent of the elements times `factor` occurs, in 64 bins from −48.
  func addHistogram(times factor: Double, to bins: inout [UInt32]?) {
    bins?.withUnsafeMutableBufferPointer { bins in
      guard let start = bins.baseAddress else { return }
      Scalar.kernels.statistics.histogram(count, Scalar(factor), pointer, start)
    }
  }

  /// Writes for each unit of a node the sum of the magnitudes.
  fileprivate func sumMagnitudes(
    of node: NeuralNetwork.Node, to sums: UnsafeMutablePointer<Scalar>
  ) {
    let size = node.hasChannelsFirst ? node.shape.count / node.units : 1
    Scalar.kernels.statistics.sumMagnitudes(
      count / (node.units * size), node.units, size, pointer, sums)
  }
}
