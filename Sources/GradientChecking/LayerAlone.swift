import Backpropagation

/// One layer by itself: f = ⟨v, layer(inputs, parameters)⟩ under a random cotangent v of order one, and the gradients
/// that its backward pass claims for v as δ.
///
/// Whatever lies above and below it in a network has no part in this, so that a gradient of 1e-10 at the bottom of a deep
/// network is checked as well as one of order one, and the layer at fault is the one that fails.
struct LayerAlone {
  let variables: [Variable]
  let function: ScalarFunction

  /// A parameter of the layer at the point where it is checked.
  struct Parameter {
    var name: String
    var view: TensorView<Double>
    var isTrainable: Bool
  }

  /// Places `layer` at a point: its inputs (the examples first) and its parameters.
  init(
    _ layer: any Layer, name: String, inputs: [TensorView<Double>], parameters: [Parameter],
    output: Shape, context: PassContext, seed: UInt64
  ) {
    let inputs = inputs.map(Buffer.init(copying:))
    let values = parameters.map { Buffer(copying: $0.view) }
    let output = Buffer(output)
    let cotangent = Buffer(output.view.shape)
    var source = RandomSource(seed: seed, stream: "cotangent/\(name)")
    let direction = Sampling.direction(count: cotangent.count, from: &source)
    _ = cotangent.elements.update(from: direction)

    let memory = layer.buffers(for: inputs.map(\.view))
    let forward = ForwardPass(
      inputs: inputs.map(\.view), parameters: values.map(\.view), output: output.view,
      memory: memory.map(\.view), context: context)
    let cost = (inputs + values).reduce(0) { $0 + $1.count }
    let function = ScalarFunction([.init(output: output.view, cotangent: direction)], cost: cost) {
      // The pass speaks of the buffers' memory; naming them here keeps it alive as long as the function is.
      withExtendedLifetime((inputs, values, output, memory)) { layer.forward(forward) }
    }
    self.function = function

    // What a backward pass doesn't write shows as NaN.
    let inputDeltas = inputs.map { Buffer($0.view.shape, filledWith: .nan) }
    let gradients = values.map { Buffer($0.view.shape, filledWith: .nan) }
    layer.backward(
      BackwardPass(
        inputs: inputs.map(\.view), parameters: values.map(\.view), output: output.view,
        outputDelta: cotangent.view, inputDeltas: inputDeltas.map(\.view),
        parameterGradients: gradients.map(\.view), memory: memory.map(\.view), context: context))

    func variable(
      _ part: String, _ equation: BackpropagationEquation, _ value: Buffer, _ gradient: Buffer
    ) -> Variable {
      Variable(
        "\(name)/\(part)", of: name, shape: value.view.shape.sizes, function: function,
        elements: value.elements, gradient: Array(gradient.elements), equation: equation)
    }
    let ofParameters = zip(parameters, zip(values, gradients)).compactMap { parameter, pair in
      !parameter.isTrainable
        ? nil
        : variable(
          parameter.name, parameter.name.contains("bias") ? .bias : .weight, pair.0, pair.1)
    }
    let ofInputs = zip(inputs, inputDeltas).enumerated().map { place, pair in
      variable(
        inputs.count == 1 ? "input" : "input-\(place + 1)", .recursion, pair.0, pair.1)
    }
    // Indices have no derivative.
    let variables = ofParameters + (layer.vocabulary == nil ? ofInputs : [])
    let largest = variables.reduce(0) { max($0, $1.gradientRMS) }
    self.variables = variables.map {
      var variable = $0
      variable.largestRMS = largest
      return variable
    }
  }
}

extension Layer {
  /// The buffers that the layer asks for at such inputs, the examples first.
  func buffers(for inputs: [TensorView<Double>]) -> [Buffer] {
    let shapes = inputs.map { Shape(Array($0.shape.sizes.dropFirst())) }
    return memory(for: shapes).map { Buffer($0.shape(examples: inputs.first?.shape[0] ?? 1)) }
  }
}
