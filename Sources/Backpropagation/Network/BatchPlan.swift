/// The views of every pass for one size of batch.
final class BatchPlan<Scalar: TensorScalar> {
  /// The number of examples.
  let examples: Int
  /// For each loss the error of each of its terms.
  private(set) var errors: [TensorView<Scalar>] = []
  /// For each loss the output of its node, with one row a term, and the δ there.
  private(set) var heads: [TensorView<Scalar>] = []
  private(set) var headDeltas: [TensorView<Scalar>] = []
  private(set) var forward: [ForwardPass<Scalar>] = []
  /// For each node its backward pass; nil where there is none.
  private(set) var backward: [BackwardPass<Scalar>?] = []
  /// For each node dE/d(output).
  private(set) var deltas: [TensorView<Scalar>] = []
  /// For each node what its backward pass writes beside, and what that is to be added to.
  private(set) var contributions: [[(TensorView<Scalar>, TensorView<Scalar>)]]

  init(
    _ workspace: Workspace<Scalar>, _ buffers: PassBuffers<Scalar>, _ wiring: BackwardWiring,
    examples: Int, isForwardOnly: Bool
  ) {
    self.examples = examples
    let network = workspace.network
    contributions = network.nodes.map { _ in [] }
    let shapes = network.nodes.map { $0.shape.batch(of: examples) }
    for (index, node) in network.nodes.enumerated() {
      forward.append(
        ForwardPass(
          inputs: node.inputs.map { forward[$0].output },
          parameters: node.parameters.map { workspace.parameters.views[$0] },
          output: buffers.output(of: index, shapes[index]),
          memory: buffers.memory(of: index, examples: examples), context: workspace.context,
          node: index, hasPositions: network.readsPositions(index)))
    }
    let terms = network.heads.map { examples * ($0.positions ?? 1) }
    for (place, head) in network.heads.enumerated() {
      errors.append(buffers.errors(of: place, terms: terms[place]))
      heads.append(forward[head.output].output.reshaped(head.termShape.batch(of: terms[place])))
    }
    guard !isForwardOnly else { return }
    deltas = shapes.enumerated().map { buffers.delta(of: $0, $1) }
    headDeltas = zip(network.heads, heads).map { deltas[$0.output].reshaped($1.shape) }
    for index in network.nodes.indices {
      let isRun = index >= network.inputCount && wiring.needsDelta[index]
      backward.append(isRun ? backwardPass(of: index, workspace, buffers, wiring) : nil)
    }
  }

  private func backwardPass(
    of index: Int, _ workspace: Workspace<Scalar>, _ buffers: PassBuffers<Scalar>,
    _ wiring: BackwardWiring
  ) -> BackwardPass<Scalar> {
    let pass = forward[index], node = workspace.network.nodes[index]
    let inputDeltas = node.inputs.enumerated().map { place, input -> TensorView<Scalar>? in
      guard wiring.deltas[index][place] != .none else { return nil }
      let delta = deltas[input]
      return beside(buffers.deltaBeside(index, input: place, delta.shape), delta, of: index)
    }
    let gradients = node.parameters.enumerated().map { place, parameter -> TensorView<Scalar> in
      let gradient = workspace.gradients.views[parameter]
      let beside = buffers.gradientBeside(index, parameter: place, gradient.shape)
      return self.beside(beside, gradient, of: index)
    }
    return BackwardPass(
      inputs: pass.inputs, parameters: pass.parameters, output: pass.output,
      outputDelta: deltas[index], inputDeltas: inputDeltas, parameterGradients: gradients,
      memory: pass.memory, context: workspace.context, node: index,
      hasPositions: workspace.network.readsPositions(index))
  }

  /// Where a node writes what it contributes to `sum`: there, or beside, to be added.
  private func beside(
    _ beside: TensorView<Scalar>?, _ sum: TensorView<Scalar>, of node: Int
  ) -> TensorView<Scalar> {
    guard let beside else { return sum }
    contributions[node].append((beside, sum))
    return beside
  }
}
