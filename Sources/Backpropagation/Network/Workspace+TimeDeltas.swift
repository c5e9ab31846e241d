extension Workspace {
  /// Adds up the δ of a recurrent node by time step, without padding; leaves that of another node at nil.
  func addTimeDelta(of node: Int, examples: Int, to sums: inout TimeDeltas?) {
    guard let delta = timeDelta(of: node, examples: examples) else { return }
    let steps = delta.shape[1]
    // Taken out and put back, so that the arrays stay where they are.
    var all = sums ?? TimeDeltas(steps: steps)
    sums = nil
    Scalar.kernels.recurrent.addSquaresByStep(
      examples, steps, delta.shape[2], network.readsPositions(node) ? context.lengths : nil,
      delta.pointer, &all.sumsOfSquares, &all.counts)
    sums = all
  }
}
