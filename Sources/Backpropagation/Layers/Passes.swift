/// What a layer's `forward` reads and writes; the examples are the first axis of inputs and output.
///
/// A class, so that to hand it to a layer takes one reference instead of one for each buffer.
public final class ForwardPass<Scalar: TensorScalar> {
  /// The outputs of the layers that feed this one.
  public let inputs: [TensorView<Scalar>]
  /// The parameters, in the order in which the layer asked for them.
  public let parameters: [TensorView<Scalar>]
  /// Where the output goes.
  public let output: TensorView<Scalar>
  /// The buffers that the layer asked for, in that order.
  public let memory: [TensorView<Scalar>]
  package let context: PassContext
  package let node: Int
  private let hasPositions: Bool

  /// The first input.
  public var input: TensorView<Scalar> { inputs[0] }
  /// Whether the pass trains: batch norm then takes the batch's statistics, and dropout drops.
  public var isTraining: Bool { context.isTraining }
  /// What this node's random choices follow from.
  public var seed: UInt64 { context.seed(of: node) }
  /// How many positions of each example are valid; nil if all are, or if no input has positions.
  public var lengths: UnsafePointer<Int32>? { hasPositions ? context.lengths : nil }

  package init(
    inputs: [TensorView<Scalar>], parameters: [TensorView<Scalar>], output: TensorView<Scalar>,
    memory: [TensorView<Scalar>] = [], context: PassContext = PassContext(), node: Int = 0,
    hasPositions: Bool = true
  ) {
    self.inputs = inputs
    self.parameters = parameters
    self.output = output
    self.memory = memory
    self.context = context
    self.node = node
    self.hasPositions = hasPositions
  }
}

/// What a layer's `backward` reads and writes.
public final class BackwardPass<Scalar: TensorScalar> {
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
  /// The buffers that the layer asked for, as its forward pass left them.
  public let memory: [TensorView<Scalar>]
  package let context: PassContext
  package let node: Int
  private let hasPositions: Bool

  /// The first input.
  public var input: TensorView<Scalar> { inputs[0] }
  /// Where dE/d(first input) goes; nil where nobody asks for it.
  public var inputDelta: TensorView<Scalar>? { inputDeltas[0] }
  /// Whether the forward pass trained.
  public var isTraining: Bool { context.isTraining }
  /// What this node's random choices followed from.
  public var seed: UInt64 { context.seed(of: node) }
  /// How many positions of each example are valid; nil if all are, or if no input has positions.
  public var lengths: UnsafePointer<Int32>? { hasPositions ? context.lengths : nil }

  package init(
    inputs: [TensorView<Scalar>], parameters: [TensorView<Scalar>], output: TensorView<Scalar>,
    outputDelta: TensorView<Scalar>, inputDeltas: [TensorView<Scalar>?],
    parameterGradients: [TensorView<Scalar>], memory: [TensorView<Scalar>] = [],
    context: PassContext = PassContext(), node: Int = 0,
    hasPositions: Bool = true
  ) {
    self.inputs = inputs
    self.parameters = parameters
    self.output = output
    self.outputDelta = outputDelta
    self.inputDeltas = inputDeltas
    self.parameterGradients = parameterGradients
    self.memory = memory
    self.context = context
    self.node = node
    self.hasPositions = hasPositions
  }
}
