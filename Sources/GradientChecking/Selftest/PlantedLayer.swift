package import Backpropagation

/// A layer whose backward pass is right but for one mistake in one gradient.
package struct PlantedLayer: Layer {
  private let base: any Layer
  private let mutation: Mutation
  private let place: GradientPlace

  /// Plants a mutation in one of the gradients of a layer.
  package init(_ mutation: Mutation, at place: GradientPlace, in base: any Layer) {
    self.base = base
    self.mutation = mutation
    self.place = place
  }

  package var kind: String { base.kind }
  package var nonlinearity: Nonlinearity? { base.nonlinearity }
  package var keepsPositions: Bool { base.keepsPositions }
  package var vocabulary: Int? { base.vocabulary }
  package var timeDelta: Int? { base.timeDelta }
  package func decisions(of pass: ForwardPass<Double>) -> [Int] { base.decisions(of: pass) }
  package func smallestBatch(for inputs: [Shape]) -> Int { base.smallestBatch(for: inputs) }

  package func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try base.outputShape(of: inputs)
  }
  package func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    base.parameters(for: inputs)
  }
  package func memory(for inputs: [Shape]) -> [MemorySpecification] { base.memory(for: inputs) }

  package func forward<S>(_ pass: ForwardPass<S>) { base.forward(pass) }

  package func backward<S>(_ pass: BackwardPass<S>) {
    base.backward(pass)
    let gradient: TensorView<S>? =
      switch place {
      case .parameter(let index, _): pass.parameterGradients[index]
      case .input(let index): pass.inputDeltas[index]
      case .loss: nil
      }
    guard let gradient else { return }
    if let other = otherPass(pass) {
      other.backward()
      gradient.assign(other.gradient(at: place))
    } else {
      let examples = pass.output.shape[0]
      mutation.alter(gradient, batch: examples, outputs: pass.output.count / max(examples, 1))
    }
  }

  /// The pass that the mistake takes for this one; nil where the mistake needs none, or none fits.
  private func otherPass<S>(_ pass: BackwardPass<S>) -> OtherPass<S>? {
    let examples = pass.output.shape[0]
    let isMap = pass.inputs.count == 1 && pass.input.shape == pass.output.shape
    switch mutation {
    case .lastExample:
      let delta = Buffer<S>(copying: pass.outputDelta)
      let others = delta.count / examples * (examples - 1)
      for place in 0..<others { delta.elements[place] = 0 }
      return OtherPass(of: base, pass, inputs: pass.inputs, context: pass.context, delta: delta)
    case .stale:
      let inputs = pass.inputs.map { input in
        let other = Buffer<S>(input.shape)
        other.write(input.copy.scalars.rotatedRows(of: examples, by: 1))
        return other
      }
      let context = PassContext(
        isTraining: pass.isTraining, seed: pass.context.seed &+ 1, lengths: pass.context.lengths)
      return withExtendedLifetime(inputs) {
        OtherPass(of: base, pass, inputs: inputs.map(\.view), context: context)
      }
    case .atOutput where isMap:
      return OtherPass(of: base, pass, inputs: [pass.output], context: pass.context)
    case .otherActivation where isMap && pass.parameters.isEmpty:
      let other: any Layer = base.kind == Tanh().kind ? Sigmoid() : Tanh()
      return OtherPass(of: other, pass, inputs: pass.inputs, context: pass.context)
    default: return nil
    }
  }
}

/// A forward and backward pass over buffers of its own.
private struct OtherPass<Scalar: TensorScalar> {
  private let layer: any Layer
  private let forward: LayerPass<Scalar>
  private let delta: Buffer<Scalar>
  private let inputDeltas: [Buffer<Scalar>]
  private let gradients: [Buffer<Scalar>]
  private let context: PassContext
  private let node: Int

  /// Places a layer at other inputs, or under another δ, than a pass has.
  init(
    of layer: any Layer, _ pass: BackwardPass<Scalar>, inputs: [TensorView<Scalar>],
    context: PassContext, delta: Buffer<Scalar>? = nil
  ) {
    self.layer = layer
    self.context = context
    node = pass.node
    forward = LayerPass(
      layer, inputs: inputs, parameters: pass.parameters, output: pass.output.shape,
      context: context, node: node)
    self.delta = delta ?? Buffer(copying: pass.outputDelta)
    inputDeltas = inputs.map { Buffer($0.shape) }
    gradients = pass.parameters.map { Buffer($0.shape) }
  }

  func backward() {
    forward.run()
    layer.backward(
      BackwardPass(
        inputs: forward.inputs.map(\.view), parameters: forward.parameters.map(\.view),
        output: forward.output.view, outputDelta: delta.view,
        inputDeltas: inputDeltas.map(\.view), parameterGradients: gradients.map(\.view),
        memory: forward.memory.map(\.view), context: context, node: node))
  }

  func gradient(at place: GradientPlace) -> TensorView<Scalar> {
    switch place {
    case .parameter(let index, _): gradients[index].view
    case .input(let index): inputDeltas[index].view
    case .loss: delta.view
    }
  }
}
