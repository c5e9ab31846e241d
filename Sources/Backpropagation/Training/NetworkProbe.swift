/// A network and the same few examples, on which it is run now and then as it is at that moment.
///
/// All memory is there from the start: measuring in the middle of a training allocates nothing.
package struct NetworkProbe {
  /// The number of examples.
  package let examples: Int
  /// Lays the examples into the inputs, without a pass, which may write over them.
  package let fillInputs: () -> Void
  /// Computes every node's output.
  package let run: () -> Void
  /// Writes a node's output for some of the examples, as it was in the last run, in Double.
  package let copyOutput:
    (_ node: Int, _ examples: Range<Int>, _ numbers: UnsafeMutablePointer<Double>) -> Void

  /// Creates a probe that runs in a workspace, which others may use in between.
  init<Scalar>(_ workspace: Workspace<Scalar>, _ source: MemorySource<Scalar>) {
    let count = source.count
    examples = count
    fillInputs = { source.gather(0..<count, into: workspace, targets: []) }
    run = {
      source.gather(0..<count, into: workspace, targets: [])
      workspace.forward(examples: count)
    }
    copyOutput = { node, examples, numbers in
      let output = workspace.output(of: node, examples: count)
      let size = output.count / max(count, 1)
      let first = output.pointer + examples.lowerBound * size
      for index in 0..<examples.count * size { numbers[index] = Double(first[index]) }
    }
    // Makes the views of a batch of this size.
    if count > 0 { _ = workspace.output(of: 0, examples: count) }
  }
}
