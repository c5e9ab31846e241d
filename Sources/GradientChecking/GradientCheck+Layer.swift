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
    let point = try RandomPoint(
      for: layer, inputs: inputs, examples: examples, scale: scale, seed: seed)
    let trial = withExtendedLifetime(point) {
      LayerTrial(
        layer, inputs: point.inputs.map(\.view), parameters: point.values.map(\.view),
        output: point.output, context: PassContext(seed: seed), node: 0)
    }
    if let obstacle = trial.problem ?? trial.difference.map({ "not deterministic: \($0)" }) {
      self.init(seed: seed, evaluations: 0, tensors: [], oracles: [])
      give(up: "layer \(layer.kind.quoted) \(obstacle)")
      return
    }
    let method = method == .automatic && !trial.hasDuals ? .finiteDifference : method
    var collector = CheckCollector(seed: seed, batch: examples, method: method)
    collector.check(LayerAlone(layer, at: point, method: method, seed: seed))
    self.init(
      seed: seed, evaluations: collector.evaluations, tensors: collector.tensors,
      oracles: method.oracles)
  }
}
