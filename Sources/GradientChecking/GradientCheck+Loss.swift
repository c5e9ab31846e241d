public import Backpropagation

extension GradientCheck {
  /// Checks a loss by itself, at random outputs and targets of the kind that it takes.
  ///
  /// - Throws: A ``ShapeError`` if the loss can't take such an output.
  public init(
    loss: some Loss, output: Shape, examples: Int = batch, scale: Double = 1,
    method: CheckMethod = .automatic, seed: UInt64 = 1
  ) throws(ShapeError) {
    var collector = CheckCollector(seed: seed, batch: examples, method: method)
    collector.check(
      try LossAlone(
        loss, at: output, examples: examples, scale: scale, method: method, seed: seed))
    self.init(
      seed: seed, evaluations: collector.evaluations, tensors: collector.tensors,
      oracles: method.oracles)
  }
}
