import Backpropagation

extension TrainingRun {
  /// Mean and standard deviation of each feature of each input, over the examples of the probe.
  ///
  /// Of padding, zeros count too.
  var inputMoments: [UnitMoments] {
    guard probe.examples > 0 else { return [] }
    probe.fillInputs()
    return (0..<network.inputCount).map { index in
      let node = network.nodes[index]
      var moments = UnitMoments(units: node.units)
      withUnsafeTemporaryAllocation(
        of: Double.self, capacity: probe.examples * node.shape.count
      ) { numbers in
        guard let start = numbers.baseAddress else { return }
        probe.copyOutput(index, 0..<probe.examples, start)
        moments.take(
          UnsafeBufferPointer(numbers),
          size: node.hasChannelsFirst ? node.shape.count / max(node.units, 1) : 1)
      }
      return moments
    }
  }
}
