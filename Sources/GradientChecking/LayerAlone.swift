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

  /// Places `layer` at a point: its inputs (the examples first) and its parameters; `deltaScale` is the size of v.
  ///
  /// Whether the output's units are channels, each a plane or a length, is by default told by its shape.
  init(
    _ layer: any Layer, name: String, inputs: [TensorView<Double>], parameters: [Parameter],
    output: Shape, context: PassContext, label: String = "", deltaScale: Double = 1,
    hasChannelsFirst: Bool? = nil, method: CheckMethod, seed: UInt64
  ) {
    func pass<Scalar>(_: Scalar.Type) -> LayerPass<Scalar> {
      LayerPass(
        layer, inputs: inputs, parameters: parameters.map(\.view), output: output,
        context: context)
    }
    let numbers = pass(Double.self)
    var source = RandomSource(seed: seed, stream: "cotangent/\(name)")
    let direction = Sampling.direction(count: output.count, from: &source).map { deltaScale * $0 }
    let function = ScalarFunction(
      [.init(output: numbers.output.view, cotangent: direction)], cost: numbers.cost,
      decisions: numbers.decisions(
        of: name, hasChannelsFirst: hasChannelsFirst ?? (output.rank == 4)),
      run: numbers.run)
    self.function = function

    let claims = numbers.backward(from: direction)
    let floats = OnDemand {
      // Of the copies, since who lent the originals may have freed them by then.
      let pass = LayerPass<Float>(
        layer, inputs: numbers.inputs.map(\.view), parameters: numbers.parameters.map(\.view),
        output: output, context: context)
      pass.run()
      return withExtendedLifetime(numbers) { pass.backward(from: direction) }
    }

    var tangents: TangentFunction?, duals: LayerPass<Dual>?
    if method.asksDuals {
      let pass = pass(Dual.self)
      pass.run()
      let function = TangentFunction(
        [.init(output: pass.output.view, cotangent: direction)], run: pass.run)
      if numbers.agrees(with: pass) { (tangents, duals) = (function, pass) }
    }

    func variable(
      _ part: String, _ equation: BackpropagationEquation, _ value: Buffer<Double>,
      _ dual: Buffer<Dual>?, _ gradient: Buffer<Double>,
      float: @escaping () -> Buffer<Float>
    ) -> Variable {
      var variable = Variable(
        "\(name)/\(part)", of: name, shape: value.view.shape.sizes, function: function,
        elements: value.elements, gradient: Array(gradient.elements), equation: equation)
      variable.outputs = output.count / max(output[0], 1)
      variable.floatGradient = OnDemand { float().elements.map { Double($0) } }
      if let tangents, let dual, let duals {
        variable.tangents = Variable.Tangents(function: tangents, elements: dual.elements)
        variable.hypotheses = {
          Hypothesis.all(for: dual.elements, in: duals, under: direction)
        }
      }
      return variable
    }
    let ofParameters = parameters.enumerated().filter(\.element.isTrainable).map { place, it in
      variable(
        it.name, it.name.contains("bias") ? .bias : .weight, numbers.parameters[place],
        duals?.parameters[place], claims.parameters[place]
      ) { floats.value.parameters[place] }
    }
    let ofInputs = inputs.indices.map { place in
      variable(
        (inputs.count == 1 ? "input" : "input-\(place + 1)") + label, .recursion,
        numbers.inputs[place], duals?.inputs[place], claims.inputs[place]
      ) { floats.value.inputs[place] }
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
