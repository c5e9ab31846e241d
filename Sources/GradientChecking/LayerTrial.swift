import Backpropagation

/// What a layer's forward pass does when it is run three times from the same point.
struct LayerTrial {
  /// What is wrong with the output, as a sentence about the layer, if something is.
  private(set) var problem: String?
  /// How the runs differ, if they do.
  private(set) var difference: String?
  /// Whether dual numbers pass through the layer with their derivatives.
  private(set) var hasDuals = true

  /// What the output holds before each run: what is still there afterwards was not written.
  private static let markers = [Double.nan, 0x1.5p301, -0x1.5p301]

  init(
    _ layer: any Layer, inputs: [TensorView<Double>], parameters: [TensorView<Double>],
    output: Shape, context: PassContext, node: Int
  ) {
    let runs = Self.markers.map { marker in
      // A pass of its own each time: running statistics move.
      let pass = LayerPass<Double>(
        layer, inputs: inputs, parameters: parameters, output: output, context: context,
        node: node)
      for place in pass.output.elements.indices { pass.output.elements[place] = marker }
      pass.run()
      return Array(pass.output.elements)
    }
    func place(_ index: Int) -> String { Preconditions.place(index, in: output) }
    if let index = runs[1].indices.first(where: {
      runs[1][$0] == Self.markers[1] && runs[2][$0] == Self.markers[2]
    }) {
      problem =
        "leaves its output unwritten \(place(index)): a check runs in Double, so forward is to be "
        + "written for every TensorScalar, not for Float alone"
    } else if let index = runs.firstDifference {
      difference =
        "three passes from the same point gave \(runs.map { "\($0[index])" }.joined(separator: ", "))"
        + " \(place(index)); its random choices are to follow from the pass's seed"
    } else if let index = runs[0].firstIndex(where: { !$0.isFinite }) {
      problem =
        "its output is \(runs[0][index].word) at the start, \(place(index)), while all that it reads "
        + "are numbers"
    } else if !layer.isOfCatalog {
      hasDuals = Self.passesDerivatives(
        layer, inputs: inputs, parameters: parameters, output: output, context: context,
        node: node)
    }
  }

  /// Whether the output moves with the inputs and parameters in dual numbers too, where it does in Double.
  private static func passesDerivatives(
    _ layer: any Layer, inputs: [TensorView<Double>], parameters: [TensorView<Double>],
    output: Shape, context: PassContext, node: Int
  ) -> Bool {
    let duals = LayerPass<Dual>(
      layer, inputs: inputs, parameters: parameters, output: output, context: context, node: node)
    let moved = LayerPass<Double>(
      layer, inputs: inputs, parameters: parameters, output: output, context: context, node: node)
    duals.run()
    moved.run()
    guard moved.agrees(with: duals) else { return false }
    let before = Array(moved.output.elements)
    var source = RandomSource(seed: 1, stream: "trial")
    // Indices stay: they have no derivative.
    let dualBuffers = (layer.vocabulary == nil ? duals.inputs : []) + duals.parameters
    let buffers = (layer.vocabulary == nil ? moved.inputs : []) + moved.parameters
    for (dual, buffer) in zip(dualBuffers, buffers) {
      let size = max(buffer.elements.rms, 0x1p-20) * 0x1p-20
      for place in buffer.elements.indices {
        let part = source.uniform(0.5, 1.5)
        dual.elements[place][direction: 0] = part
        buffer.elements[place] += size * part
      }
    }
    duals.run()
    moved.run()
    let isMoved = zip(before, moved.output.elements).contains { $0 != $1 }
    return !isMoved || duals.output.elements.contains { $0[direction: 0] != 0 }
  }
}
