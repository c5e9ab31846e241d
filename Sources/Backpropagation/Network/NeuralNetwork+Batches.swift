extension NeuralNetwork {
  /// The numbers that one example takes in a pass: the outputs of all nodes, and what their layers keep of it; `Int.max`
  /// where they are more than that.
  var numbersPerExample: Int {
    nodes.reduce(0) { sum, node in
      let memory = node.layer.memory(for: node.inputs.map { nodes[$0].shape })
      return memory.filter(\.isPerExample).reduce(saturatingSum(sum, node.shape.count)) {
        saturatingSum($0, $1.shape.count)
      }
    }
  }

  /// Whether so many examples can be run at once.
  ///
  /// - Throws: A ``NetworkError`` if they take more memory than is supported.
  package func checkRoom(forBatch batch: Int) throws(NetworkError) {
    guard numbersPerExample <= Self.mostNumbers / max(batch, 1) else {
      throw NetworkError(
        message:
          "a batch of \(batch) examples, \(numbersPerExample) numbers each, is more than the "
          + "\(Self.mostNumbers) numbers that are supported")
    }
  }

  /// Whether an epoch of `examples` in batches of `batch` has enough of them in every batch for the layers, and
  /// none too many for the memory.
  ///
  /// - Throws: A ``NetworkError`` that says what doesn't fit.
  func check(batch: Int, of examples: Int) throws(NetworkError) {
    try checkRoom(forBatch: min(batch, examples))
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

/// The sum of two counts; `Int.max` where it is larger than that.
func saturatingSum(_ a: Int, _ b: Int) -> Int {
  let (sum, overflows) = a.addingReportingOverflow(b)
  return overflows ? .max : sum
}
