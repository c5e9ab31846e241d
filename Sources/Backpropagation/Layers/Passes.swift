/// What a layer's `forward` reads and writes; the examples are the first axis of inputs and output.
public struct ForwardPass<Scalar: TensorScalar> {
  /// The outputs of the layers that feed this one.
  public let inputs: [TensorView<Scalar>]
  /// The parameters, in the order in which the layer asked for them.
  public let parameters: [TensorView<Scalar>]
  /// Where the output goes.
  public let output: TensorView<Scalar>

  /// The first input.
  public var input: TensorView<Scalar> { inputs[0] }

  package init(
    inputs: [TensorView<Scalar>], parameters: [TensorView<Scalar>], output: TensorView<Scalar>
  ) {
    self.inputs = inputs
    self.parameters = parameters
    self.output = output
  }
}

/// What a layer's `backward` reads and writes.
public struct BackwardPass<Scalar: TensorScalar> {
  /// The inputs of the forward pass.
  public let inputs: [TensorView<Scalar>]
  /// The parameters.
  public let parameters: [TensorView<Scalar>]
  /// The output of the forward pass.
  public let output: TensorView<Scalar>
  /// dE/d(output).
  public let outputDelta: TensorView<Scalar>
  /// Where dE/d(input) goes, for each input; nil where nobody asks for it.
  public let inputDeltas: [TensorView<Scalar>?]
  /// Where dE/d(parameter) goes, for each parameter.
  public let parameterGradients: [TensorView<Scalar>]

  /// The first input.
  public var input: TensorView<Scalar> { inputs[0] }
  /// Where dE/d(first input) goes; nil where nobody asks for it.
  public var inputDelta: TensorView<Scalar>? { inputDeltas[0] }

  package init(
    inputs: [TensorView<Scalar>], parameters: [TensorView<Scalar>], output: TensorView<Scalar>,
    outputDelta: TensorView<Scalar>, inputDeltas: [TensorView<Scalar>?],
    parameterGradients: [TensorView<Scalar>]
  ) {
    self.inputs = inputs
    self.parameters = parameters
    self.output = output
    self.outputDelta = outputDelta
    self.inputDeltas = inputDeltas
    self.parameterGradients = parameterGradients
  }
}
