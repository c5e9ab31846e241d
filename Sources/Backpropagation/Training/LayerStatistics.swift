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
      if nonlinearities[index] != nil || network.heads.contains(where: { $0.output == index }) {
        layer.unitMoments = UnitMoments(units: units)
        layer.unitDeltas = UnitMoments(units: units)
      }
      layer.activationHistogram = [UInt32](repeating: 0, count: 64)
      layer.deltaHistogram = [UInt32](repeating: 0, count: 64)
      return layer
    }
  }

  /// Adds the last passes to what the step has found so far.
  mutating func take(
    _ workspace: Workspace<Scalar>, examples: Int, into layers: inout [LayerSummary]
  ) {
    for index in layers.indices {
      layers[index].activation.merge(workspace.activations[index])
      layers[index].delta.merge(workspace.deltas[index])
      guard let nonlinearity = nonlinearities[index], let counts = workspace.counts else {
        continue
      }
      switch nonlinearity {
      case .rectifier: layers[index].add(active: counts.active[index])
      case .saturating(let range):
        // Padding is zero, which a logistic function would call saturated.
        let output = workspace.output(of: index, examples: examples)
        let padding = output.count - workspace.activations[index].count
        let saturated = counts.outside[index] - (range.contains(0) ? 0 : padding)
        layers[index].saturated? += saturated
      case .leakyRectifier: break
      }
    }
    for index in recurrent {
      workspace.addTimeDelta(of: index, examples: examples, to: &layers[index].timeDeltas)
    }
  }

  /// Takes the magnitudes of the outputs, and the moments of single units, from a pass at a window's end.
  func takeOutputs(
    _ workspace: Workspace<Scalar>, examples: Int, into layers: inout [LayerSummary]
  ) {
    for index in layers.indices {
      let output = workspace.output(of: index, examples: examples)
      output.addHistogram(times: 1, to: &layers[index].activationHistogram)
      layers[index].unitMoments?.take(
        output, of: network.nodes[index], values: workspace.activations[index].count)
    }
  }

  /// Adds to a layer what is taken of its δ at a window's end; of δ `values` numbers are no padding.
  mutating func take(
    _ delta: TensorView<Scalar>, of node: Int, values: Int, times divisor: Double,
    into layer: inout LayerSummary
  ) {
    layer.unitDeltas?.take(delta, of: network.nodes[node], values: values)
    if nonlinearities[node] == .rectifier {
      add(delta, of: network.nodes[node], to: &layer.deltaMagnitudes)
    }
    delta.addHistogram(times: divisor, to: &layer.deltaHistogram)
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
  /// Adds how often each unit was active.
  fileprivate mutating func add(active counts: [UInt32]) {
    activeCounts?.withUnsafeMutableBufferPointer { sums in
      for unit in sums.indices { sums[unit] &+= counts[unit] }
    }
  }

  /// Begins a step, in the lists that are there.
  mutating func clear(endsWindow: Bool) {
    activation = TensorSummary()
    delta = TensorSummary()
    if saturated != nil { saturated = 0 }
    activeCounts?.setAll(to: 0)
    timeDeltas?.reset()
    guard endsWindow else { return }
    deltaMagnitudes?.setAll(to: 0)
    activationHistogram?.setAll(to: 0)
    deltaHistogram?.setAll(to: 0)
  }
}

extension UnitMoments {
  /// Takes the moments of a node's numbers, of which all but `values` are padding.
  fileprivate mutating func take<Scalar>(
    _ numbers: TensorView<Scalar>, of node: NeuralNetwork.Node, values: Int
  ) {
    take(
      UnsafeBufferPointer(start: numbers.pointer, count: numbers.count),
      size: node.hasChannelsFirst ? node.shape.count / max(node.units, 1) : 1,
      padding: max(0, numbers.count - values))
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
