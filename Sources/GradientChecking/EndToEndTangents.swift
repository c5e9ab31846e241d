import Backpropagation

/// The derivative of a network's error by every entry of every parameter, by dual numbers alone.
///
/// From the top down, dE/dz of each node's output comes of varying that output and running what lies above it; dE/dw of a
/// node's parameters is then ⟨dE/dz, ∂z/∂w⟩, of varying those and running the node. No backward pass takes part, and the
/// number of passes grows with the units, not with the parameters.
struct EndToEndTangents {
  private let network: NeuralNetwork
  private let examples: Int
  private let passes: DualPasses
  private let errors: HeadErrors
  private let seed: UInt64

  init(_ point: CheckPoint, _ heads: [WholeNetwork.WeighedLoss], seed: UInt64) {
    network = point.network
    self.seed = seed
    examples = point.data.count
    passes = DualPasses(point, keeping: Set(point.network.nodes.indices))
    errors = HeadErrors(heads, at: passes)
    passes.run()
  }

  /// DE/dw of each parameter, in the network's order, and how many passes it took.
  func gradients() -> (values: [[Double]], evaluations: Int) {
    var gradients = network.parameters.map { [Double](repeating: 0, count: $0.shape.count) }
    var evaluations = 0
    for node in network.nodes.indices {
      let trained = network.nodes[node].parameters.enumerated()
        .filter { network.parameters[$0.element].isTrainable }
      guard !trained.isEmpty else { continue }
      let above = function(above: node)
      let delta = derivatives(
        above, passes.output(of: node).elements, rows: examples, node)
      passes.prepare(node)
      let pass = LayerPass<Dual>(
        network.nodes[node].layer,
        inputs: network.nodes[node].inputs.map(passes.output(of:)),
        parameters: network.nodes[node].parameters.map(passes.parameter),
        output: passes.output(of: node).shape, context: passes.context, node: node)
      let within = TangentFunction(
        [.init(output: pass.output.view, cotangent: delta)], run: pass.run)
      for (place, parameter) in trained {
        let rows = network.parameters[parameter].shape[0]
        let part = derivatives(within, pass.parameters[place].elements, rows: rows, node)
        for (entry, value) in part.enumerated() { gradients[parameter][entry] += value }
      }
      evaluations += above.evaluations + within.evaluations
      passes.run()
    }
    return (gradients, evaluations)
  }

  /// The error as a function of a node's output.
  private func function(above node: Int) -> TangentFunction {
    TangentFunction(errors.terms) {
      passes.run(node + 1..<network.nodes.count)
      errors.compute()
    }
  }

  private func derivatives(
    _ function: TangentFunction, _ elements: UnsafeMutableBufferPointer<Dual>, rows: Int,
    _ node: Int
  ) -> [Double] {
    var source = RandomSource(seed: seed, stream: "rows/\(network.nodes[node].name)")
    return RowwiseTangents(function: function, elements: elements, rows: rows)
      .derivatives(from: &source)
  }
}
