import Backpropagation

/// A layer's forward pass over buffers of its own.
final class LayerPass<Scalar: TensorScalar> {
  let inputs: [Buffer<Scalar>]
  let parameters: [Buffer<Scalar>]
  let output: Buffer<Scalar>
  let memory: [Buffer<Scalar>]
  private let layer: any Layer
  private let pass: ForwardPass<Scalar>

  /// Places `layer` at copies of these inputs (the examples first) and parameters.
  init(
    _ layer: any Layer, inputs: [TensorView<some TensorScalar>],
    parameters: [TensorView<some TensorScalar>], output: Shape, context: PassContext, node: Int = 0
  ) {
    self.layer = layer
    self.inputs = inputs.map { Buffer(copying: $0) }
    self.parameters = parameters.map { Buffer(copying: $0) }
    self.output = Buffer(output)
    memory = layer.buffers(for: inputs)
    pass = ForwardPass(
      inputs: self.inputs.map(\.view), parameters: self.parameters.map(\.view),
      output: self.output.view, memory: memory.map(\.view), context: context, node: node)
  }

  /// The kind of the layer.
  var kind: String { layer.kind }
  /// The numbers that the pass reads.
  var cost: Int { (inputs + parameters).reduce(0) { $0 + $1.count } }

  /// Computes the output.
  func run() { layer.forward(pass) }

  /// What the backward pass makes of δ: dE/d(input) and dE/dw, NaN where it writes nothing.
  func backward(from delta: [Double]) -> (inputs: [Buffer<Scalar>], parameters: [Buffer<Scalar>]) {
    let outputDelta = Buffer<Scalar>(output.view.shape)
    for (place, value) in delta.enumerated() { outputDelta.elements[place] = Scalar(value) }
    let inputDeltas = inputs.map { Buffer<Scalar>($0.view.shape, filledWith: Scalar(Double.nan)) }
    let gradients = parameters.map {
      Buffer<Scalar>($0.view.shape, filledWith: Scalar(Double.nan))
    }
    withExtendedLifetime(outputDelta) {
      layer.backward(
        BackwardPass(
          inputs: inputs.map(\.view), parameters: parameters.map(\.view), output: output.view,
          outputDelta: outputDelta.view, inputDeltas: inputDeltas.map(\.view),
          parameterGradients: gradients.map(\.view), memory: memory.map(\.view),
          context: pass.context, node: pass.node))
    }
    return (inputDeltas, gradients)
  }

  /// Who tells what the layer, called `name`, decides in a run.
  func decisions(of name: String, hasChannelsFirst: Bool) -> DecisionSource
  where Scalar == Double {
    DecisionSource(layer) { [self] in
      Decisions(
        layer.decisions(of: pass), of: name, output: output.view.shape,
        hasChannelsFirst: hasChannelsFirst)
    }
  }

  /// Whether another pass came to the same output, but for rounding.
  func agrees(with other: LayerPass<some TensorScalar>) -> Bool {
    let rms = output.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    return zip(output.elements, other.output.elements).allSatisfy { mine, theirs in
      let difference = abs(Double(mine) - Double(theirs))
      return difference <= 0x1p-30 * rms || !difference.isFinite
    }
  }
}

extension Layer {
  /// The buffers that the layer asks for at such inputs, the examples first.
  func buffers<Scalar: TensorScalar>(
    for inputs: [TensorView<some TensorScalar>]
  ) -> [Buffer<Scalar>] {
    let shapes = inputs.map { Shape(Array($0.shape.sizes.dropFirst())) }
    return memory(for: shapes).map { Buffer($0.shape(examples: inputs.first?.shape[0] ?? 1)) }
  }
}
