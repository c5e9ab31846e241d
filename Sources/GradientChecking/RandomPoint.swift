import Backpropagation

/// Random inputs for a layer, and the parameters that it starts from.
struct RandomPoint {
  let inputs: [Buffer<Double>]
  /// The values of the parameters, in the order in which the layer asks for them.
  let values: [Buffer<Double>]
  let specifications: [ParameterSpecification]
  /// The shape of the layer's output there, the examples first.
  let output: Shape

  /// Draws inputs of a size of `scale`, or indices where the layer takes those.
  ///
  /// - Throws: A `ShapeError` if the layer can't take such inputs.
  init(
    for layer: any Layer, inputs shapes: [Shape], examples: Int, scale: Double, seed: UInt64
  ) throws(ShapeError) {
    precondition(examples > 0, "a check needs at least one example, got \(examples)")
    output = try layer.outputShape(of: shapes).batch(of: examples)
    inputs = shapes.enumerated().map { place, shape in
      var source = RandomSource(seed: seed, stream: "input-\(place)")
      guard let vocabulary = layer.vocabulary else {
        return Buffer(shape.batch(of: examples), drawnFrom: source, scale: scale)
      }
      let indices = Buffer<Double>(shape.batch(of: examples))
      for place in indices.elements.indices {
        indices.elements[place] = Double(source.below(vocabulary))
      }
      return indices
    }
    specifications = layer.parameters(for: shapes)
    values = specifications.map { specification in
      var source = RandomSource(seed: seed, stream: specification.name)
      let value = Buffer<Double>(specification.shape)
      let initializer = specification.initializer ?? .glorotUniform
      value.write(
        initializer.values(for: specification.shape, fans: specification.fans, from: &source))
      return value
    }
  }
}

extension LayerAlone {
  /// Places a layer at random inputs, of a size of `scale`, and at its initial parameters; `deltaScale` is the size of the δ
  /// that is passed back through it.
  ///
  /// - Throws: A `ShapeError` if the layer can't take such inputs.
  init(
    _ layer: any Layer, at inputs: [Shape], examples: Int, scale: Double = 1,
    deltaScale: Double = 1, method: CheckMethod, seed: UInt64
  ) throws(ShapeError) {
    let point = try RandomPoint(
      for: layer, inputs: inputs, examples: examples, scale: scale, seed: seed)
    self.init(layer, at: point, deltaScale: deltaScale, method: method, seed: seed)
  }

  /// Places a layer at a point.
  init(
    _ layer: any Layer, at point: RandomPoint, deltaScale: Double = 1, method: CheckMethod,
    seed: UInt64
  ) {
    self = withExtendedLifetime(point) {
      LayerAlone(
        layer, name: layer.kind, inputs: point.inputs.map(\.view),
        parameters: zip(point.specifications, point.values).map {
          Parameter(name: $0.name, view: $1.view, isTrainable: $0.isTrainable)
        },
        output: point.output, context: PassContext(seed: seed), deltaScale: deltaScale,
        method: method, seed: seed)
    }
  }
}

extension LossAlone {
  /// Places a loss at random outputs, of a size of `scale`, and targets of the kind that it takes; `deltaScale` multiplies
  /// the error.
  ///
  /// - Throws: A `ShapeError` if the loss can't take such an output.
  init(
    _ loss: any Loss, at output: Shape, examples: Int, scale: Double = 1, deltaScale: Double = 1,
    method: CheckMethod, seed: UInt64
  ) throws(ShapeError) {
    precondition(examples > 0, "a check needs at least one example, got \(examples)")
    try loss.check(output: output, targets: nil)
    var source = RandomSource(seed: seed, stream: "targets")
    let targets = loss.sampleTargets(for: output, count: examples, from: &source)
    try loss.check(output: output, targets: targets)
    let value = Buffer<Double>(
      output.batch(of: examples), drawnFrom: RandomSource(seed: seed, stream: "output"),
      scale: scale)
    self = withExtendedLifetime(value) {
      LossAlone(
        loss, output: value.view, targets: CheckTargets(targets),
        divisor: Double(examples) / deltaScale, method: method)
    }
  }
}
