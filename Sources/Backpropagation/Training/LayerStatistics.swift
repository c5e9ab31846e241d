/// Takes what a step's summary holds of the layers beyond the workspace's own summaries.
struct LayerStatistics<Scalar: TensorScalar> {
  private let network: NeuralNetwork
  private let nonlinearities: [Nonlinearity?]
  /// Room for sums over a rectifier's units.
  private var sums: [Scalar]

  init(_ network: NeuralNetwork) {
    self.network = network
    nonlinearities = network.nodes.map(\.layer.nonlinearity)
    let units = network.nodes.filter { $0.layer.nonlinearity == .rectifier }.map(\.units)
    sums = [Scalar](repeating: 0, count: units.max() ?? 0)
  }

  /// Summaries whose lists have their sizes.
  func blankSummaries(_ workspace: Workspace<Scalar>) -> [LayerSummary] {
    network.nodes.indices.map { index in
      var layer = LayerSummary()
      let units = network.nodes[index].units
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

  /// Adds the last passes to what the step has found so far.
  mutating func take(
    _ workspace: Workspace<Scalar>, examples: Int, into layers: inout [LayerSummary]
  ) {
    for index in network.nodes.indices {
      layers[index].activation.merge(workspace.activations[index])
      layers[index].delta.merge(workspace.deltas[index])
      switch nonlinearities[index] {
      case .rectifier:
        let output = workspace.output(of: index, examples: examples)
        layers[index].activeCounts?.withUnsafeMutableBufferPointer { counts in
          guard let counts = counts.baseAddress else { return }
          output.addActive(of: network.nodes[index], to: counts)
        }
      case .saturating(let range):
        let output = workspace.output(of: index, examples: examples)
        // Padding is zero, which a logistic function would call saturated.
        let padding = output.count - workspace.activations[index].count
        layers[index].saturated? +=
          output.count(outside: range) - (range.contains(0) ? 0 : padding)
      case .leakyRectifier, nil: break
      }
      workspace.addTimeDelta(of: index, examples: examples, to: &layers[index].timeDeltas)
    }
  }

  /// Adds to a layer what is taken of its δ at a window's end.
  mutating func take(
    _ delta: TensorView<Scalar>, of node: Int, times divisor: Double, into layer: inout LayerSummary
  ) {
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
      start.update(repeating: 0, count: node.units)
      delta.addMagnitudes(of: node, to: start)
      for unit in 0..<node.units { magnitudes?[unit] += Double(start[unit]) }
    }
  }
}

extension LayerSummary {
  /// Begins a step, in the lists that are there.
  mutating func clear(endsWindow: Bool) {
    activation = TensorSummary()
    delta = TensorSummary()
    if saturated != nil { saturated = 0 }
    activeCounts?.setAll(to: 0)
    timeDeltas?.reset()
    guard endsWindow else { return }
    deltaMagnitudes?.setAll(to: 0)
    deltaHistogram?.setAll(to: 0)
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
      Scalar.kernels.histogram(count, Scalar(factor), pointer, start)
    }
  }

  /// Adds for each unit of a node how many of its outputs are not zero.
  fileprivate func addActive(
    of node: NeuralNetwork.Node, to counts: UnsafeMutablePointer<UInt32>
  ) {
    if node.hasChannelsFirst {
      Scalar.kernels.convolution.countActivePlanes(
        shape[0], node.units, node.shape.count / node.units, pointer, counts)
    } else {
      Scalar.kernels.countActive(rows, columns, pointer, counts)
    }
  }

  /// Adds for each unit of a node the magnitudes.
  fileprivate func addMagnitudes(
    of node: NeuralNetwork.Node, to sums: UnsafeMutablePointer<Scalar>
  ) {
    if node.hasChannelsFirst {
      Scalar.kernels.convolution.sumMagnitudesOfPlanes(
        shape[0], node.units, node.shape.count / node.units, pointer, sums)
    } else {
      Scalar.kernels.sumMagnitudes(rows, columns, pointer, sums)
    }
  }

  fileprivate func count(outside range: ClosedRange<Double>) -> Int {
    Scalar.kernels.countOutside(
      count, pointer, Scalar(range.lowerBound), Scalar(range.upperBound))
  }
}
