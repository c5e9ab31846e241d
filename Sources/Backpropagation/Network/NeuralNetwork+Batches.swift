extension NeuralNetwork {
  /// Whether an epoch of `examples` in batches of `batch` has enough of them in every batch for the layers.
  ///
  /// - Throws: A ``NetworkError`` that names the layer which needs more.
  func check(batch: Int, of examples: Int) throws(NetworkError) {
    let whole = min(batch, examples), last = (examples - 1) % whole + 1
    for node in nodes.dropFirst(inputCount) {
      let least = node.layer.smallestBatch(for: node.inputs.map { nodes[$0].shape })
      guard last < least else { continue }
      let found =
        whole < least
        ? "got \(whole)"
        : "but batches of \(whole) of the \(examples) examples leave a last one of \(last)"
      throw NetworkError(
        layer: node.name,
        message: "\(node.layer.kind) is trained on batches of at least \(least) examples, \(found)"
      )
    }
  }
}
