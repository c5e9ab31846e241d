public import Backpropagation
import GzipIO

extension GradientCheck {
  /// Checks one layer by itself, at random inputs and initial parameters, with a batch of `examples`.
  ///
  /// ```swift
  /// print(try GradientCheck(layer: Swish(), input: [64]))
  /// ```
  /// - Throws: A ``ShapeError`` if the layer can't take such an input.
  public init(
    layer: some Layer, input: Shape, examples: Int = batch, method: CheckMethod = .automatic,
    seed: UInt64 = 1
  ) throws(ShapeError) {
    try self.init(layer: layer, inputs: [input], examples: examples, method: method, seed: seed)
  }

  /// Checks one layer that takes several inputs; `scale` multiplies the random inputs.
  ///
  /// - Throws: A ``ShapeError`` if the layer can't take such inputs.
  public init(
    layer: some Layer, inputs: [Shape], examples: Int = batch, scale: Double = 1,
    method: CheckMethod = .automatic, seed: UInt64 = 1
  ) throws(ShapeError) {
    precondition(examples > 0, "a check needs at least one example, got \(examples)")
    let output = try layer.outputShape(of: inputs)
    let values = inputs.enumerated().map { place, shape in
      var source = RandomSource(seed: seed, stream: "input-\(place)")
      guard let vocabulary = layer.vocabulary else {
        return Buffer<Double>(shape.batch(of: examples), drawnFrom: source, scale: scale)
      }
      let indices = Buffer<Double>(shape.batch(of: examples))
      for place in indices.elements.indices {
        indices.elements[place] = Double(source.below(vocabulary))
      }
      return indices
    }
    let parameters = layer.parameters(for: inputs).map { specification in
      var source = RandomSource(seed: seed, stream: specification.name)
      let value = Buffer<Double>(specification.shape)
      let initializer = specification.initializer ?? .glorotUniform
      let initial = initializer.values(
        for: specification.shape, fans: specification.fans, from: &source)
      _ = value.elements.update(from: initial)
      return (specification, buffer: value)
    }
    let context = PassContext(seed: seed)
    let trial = LayerTrial(
      layer, inputs: values.map(\.view), parameters: parameters.map { $0.buffer.view },
      output: output.batch(of: examples), context: context, node: 0)
    if let obstacle = trial.problem ?? trial.difference.map({ "not deterministic: \($0)" }) {
      self.init(seed: seed, evaluations: 0, tensors: [], oracles: [])
      give(up: "layer \(layer.kind.quoted) \(obstacle)")
      return
    }
    let method = method == .automatic && !trial.hasDuals ? .finiteDifference : method
    var collector = CheckCollector(seed: seed, batch: examples, method: method)
    withExtendedLifetime((values, parameters)) {
      collector.check(
        LayerAlone(
          layer, name: layer.kind, inputs: values.map(\.view),
          parameters: parameters.map {
            LayerAlone.Parameter(
              name: $0.0.name, view: $0.buffer.view, isTrainable: $0.0.isTrainable)
          },
          output: output.batch(of: examples), context: context,
          method: method, seed: seed))
    }
    self.init(
      seed: seed, evaluations: collector.evaluations, tensors: collector.tensors,
      oracles: method.oracles)
  }
}
