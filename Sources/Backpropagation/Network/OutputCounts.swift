/// What a workspace counts of its nodes' outputs for a learner, in the pass that summarizes them: the active outputs of each
/// unit of a rectifier, and a saturating activation's outside of its range.
final class OutputCounts<Scalar: TensorScalar> {
  /// What is counted of a node.
  private enum Kind {
    case nothing
    /// Units of so many numbers an example each.
    case active(units: Int, size: Int)
    case outside(low: Scalar, high: Scalar)
  }

  private let kinds: [Kind]
  /// For each rectifier and unit how many outputs are not zero; for other nodes empty.
  private(set) var active: [[UInt32]]
  /// For each saturating activation how many outputs lie outside of its range.
  private(set) var outside: [Int]

  init(_ network: NeuralNetwork) {
    kinds = network.nodes.map { node in
      switch node.layer.nonlinearity {
      case .rectifier:
        .active(
          units: node.units,
          size: node.hasChannelsFirst ? node.shape.count / max(node.units, 1) : 1)
      case .saturating(let range):
        .outside(low: Scalar(range.lowerBound), high: Scalar(range.upperBound))
      case .leakyRectifier, nil: .nothing
      }
    }
    active = kinds.map { kind in
      if case .active(let units, _) = kind { [UInt32](repeating: 0, count: units) } else { [] }
    }
    outside = kinds.map { _ in 0 }
  }

  /// The summary of a node's output, whose counts are taken besides.
  func summary(of output: TensorView<Scalar>, node: Int) -> TensorSummary {
    switch kinds[node] {
    case .nothing: return output.summary
    case .active(let units, let size):
      let found = active[node].withUnsafeMutableBufferPointer { counts in
        counts.baseAddress.map {
          Scalar.kernels.statistics.summarizeUnits(
            output.count / (units * size), units, size, output.pointer, $0)
        }
      }
      return found.map { TensorSummary(count: output.count, $0) } ?? output.summary
    case .outside(let low, let high):
      return TensorSummary(
        count: output.count,
        Scalar.kernels.statistics.summarizeSaturating(
          output.count, output.pointer, low, high, &outside[node]))
    }
  }
}
