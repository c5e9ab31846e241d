public import Backpropagation

extension GradientCheck {
  /// Checks a loss by itself, at random outputs and targets of the kind that it takes.
  ///
  /// - Throws: A ``ShapeError`` if the loss can't take such an output.
  public init(
    loss: some Loss, output: Shape, examples: Int = batch, scale: Double = 1,
    method: CheckMethod = .automatic, seed: UInt64 = 1
  ) throws(ShapeError) {
    precondition(examples > 0, "a check needs at least one example, got \(examples)")
    try loss.check(output: output, targets: nil)
    var source = RandomSource(seed: seed, stream: "targets")
    let targets = loss.sampleTargets(for: output, count: examples, from: &source)
    try loss.check(output: output, targets: targets)
    let value = Buffer<Double>(
      output.batch(of: examples), drawnFrom: RandomSource(seed: seed, stream: "output"),
      scale: scale)
    var collector = CheckCollector(seed: seed, batch: examples, method: method)
    collector.check(
      LossAlone(
        loss, output: value.view, targets: TargetMemory(targets), divisor: Double(examples),
        method: method))
    self.init(
      seed: seed, evaluations: collector.evaluations, tensors: collector.tensors,
      oracles: method.oracles)
  }
}
