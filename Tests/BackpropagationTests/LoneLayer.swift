@testable import Backpropagation

/// One layer with buffers of its own, run outside of any network.
struct LoneLayer<Scalar: TensorScalar & BinaryFloatingPoint> {
  let layer: any Layer
  let context = PassContext(seed: 1)
  let inputs: [TensorView<Scalar>]
  let parameters: [TensorView<Scalar>]
  let memory: [TensorView<Scalar>]
  let output: TensorView<Scalar>
  let outputDelta: TensorView<Scalar>
  let inputDeltas: [TensorView<Scalar>]
  let gradients: [TensorView<Scalar>]

  /// Places a layer at inputs whose first axis is the examples; what it doesn't write stays NaN.
  init(_ layer: any Layer, _ inputs: Tensor<Scalar>...) throws {
    let examples = inputs[0].shape[0]
    let shapes = inputs.map { Shape(Array($0.shape.sizes.dropFirst())) }
    let output = try layer.outputShape(of: shapes).batch(of: examples)
    let specifications = layer.parameters(for: shapes)
    func views(_ shapes: [Shape]) -> [TensorView<Scalar>] {
      let arena = Arena<Scalar>(counts: shapes.map(\.count))
      return shapes.enumerated().map { arena.view($0, $1) }
    }
    self.layer = layer
    self.inputs = views(inputs.map(\.shape))
    inputDeltas = views(inputs.map(\.shape))
    parameters = views(specifications.map(\.shape))
    gradients = views(specifications.map(\.shape))
    memory = views(layer.memory(for: shapes).map { $0.shape(examples: examples) })
    self.output = views([output])[0]
    outputDelta = views([output])[0]
    for (view, input) in zip(self.inputs, inputs) { view.assign(input) }
    for (view, specification) in zip(parameters, specifications) {
      var source = RandomSource(seed: 1, stream: specification.name)
      let values = (specification.initializer ?? .glorotUniform)
        .values(for: specification.shape, fans: specification.fans, from: &source)
      for (index, value) in values.enumerated() { view[index] = Scalar(value) }
    }
    for view in inputDeltas + gradients + memory + [self.output] { view.fill(.nan) }
  }

  /// The output of a forward pass.
  @discardableResult
  func forward(training: Bool = true) -> [Double] {
    context.isTraining = training
    layer.forward(
      ForwardPass(
        inputs: inputs, parameters: parameters, output: output, memory: memory, context: context))
    return output.numbers
  }

  /// dE/d(first input) of a backward pass, which also writes the other deltas and the gradients.
  @discardableResult
  func backward(_ delta: [Double]) -> [Double] {
    for (index, value) in delta.enumerated() { outputDelta[index] = Scalar(value) }
    layer.backward(
      BackwardPass(
        inputs: inputs, parameters: parameters, output: output, outputDelta: outputDelta,
        inputDeltas: inputDeltas, parameterGradients: gradients, memory: memory, context: context))
    return inputDeltas[0].numbers
  }
}

extension TensorView {
  /// The elements in Double.
  var numbers: [Double] { elements.map { Double($0) } }

  /// Writes numbers into the elements.
  func assign(numbers: [Double]) {
    for (index, number) in numbers.enumerated() { self[index] = Scalar(number) }
  }
}

extension Tensor {
  /// Normal random numbers around `mean`.
  static func random(_ shape: Shape, seed: UInt64 = 1, around mean: Double = 0) -> Tensor {
    var source = RandomSource(seed: seed, stream: "tensor")
    return Tensor(
      shape: shape, scalars: (0..<shape.count).map { _ in Scalar(mean + source.normal()) })
  }
}

/// The largest difference between two lists of numbers; infinite where there is none to speak of.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { $1.0.isNaN || $1.1.isNaN ? .infinity : max($0, abs($1.0 - $1.1)) }
}
