import Backpropagation

extension NeuralNetwork {
  /// About how many multiply-adds one example's forward pass takes: each weight at each place at which it is used.
  var productsPerExample: Double {
    nodes.dropFirst(inputCount).reduce(0) { sum, node in
      let weights = node.parameters.filter { parameters[$0].shape.rank > 1 }
        .reduce(0.0) { $0 + Double(parameters[$1].shape.count) }
      let input = nodes[node.inputs[0]].shape
      let isSequential = node.layer is any RecurrentLayer || node.layer is Attention
      let places =
        isSequential ? Double(input[0]) : Double(node.shape.count) / Double(max(node.units, 1))
      if node.layer is Embedding { return sum + Double(node.shape.count) }
      // Each query meets each key, and their weights each value.
      let meetings = node.layer is Attention ? 2 * places * Double(input.count) : 0
      return sum + weights * places + meetings
    }
  }

  /// The hidden layer with weights that has the fewest units.
  var narrowestHidden: Node? {
    let outputs = Set(heads.map(\.output))
    return nodes.indices.filter { index in
      !outputs.contains(index)
        && nodes[index].parameters.contains { parameters[$0].shape.rank > 1 }
    }.map { nodes[$0] }.min { $0.units < $1.units }
  }

  /// The least mean loss that any outputs could have on these examples: that of each target's own best constant.
  func leastLoss(of data: Dataset) -> Double {
    heads.enumerated().reduce(0) { sum, entry in
      let (place, head) = entry
      guard let terms = try? head.terms(of: data.targetSets[place], lengths: data.lengths) else {
        return .nan
      }
      let least = (0..<terms.count).reduce(0.0) {
        $0 + head.loss.constantLoss(of: terms.selecting([$1]), outputs: head.termShape.count)
      }
      return sum + head.weight * least / Double(max(terms.count, 1))
    }
  }
}

extension Dataset {
  /// The same examples with the targets of each loss that measures distances brought to mean 0 and deviation 1, where any
  /// number can be put out: how far off targets are, and how large, is no question of what can be learned.
  func standardizingTargets(of network: NeuralNetwork) -> Dataset {
    Dataset(
      features: features,
      targetSets: zip(network.heads, targetSets).map { head, targets in
        guard case .values(let values, let size) = targets, head.loss.measuresDistance,
          network.isUnbounded(head.output)
        else { return targets }
        return .values(values.standardized(columns: size), perExample: size)
      }, lengths: lengths)
  }
}

extension NeuralNetwork {
  /// Whether a node's output takes any value: it is a sum of products, whatever its form.
  fileprivate func isUnbounded(_ index: Int) -> Bool {
    let node = nodes[index]
    switch node.layer {
    case is Dense, is Convolution1D, is Convolution2D, is TransposedConvolution2D: return true
    case is Flatten, is Reshape, is Transpose, is Slice, is Identity:
      return index >= inputCount && isUnbounded(node.inputs[0])
    default: return false
    }
  }
}

extension Loss {
  /// Whether the loss takes how far outputs and targets are apart, and nothing else.
  fileprivate var measuresDistance: Bool {
    self is SquaredError || self is MeanAbsoluteError || self is Huber
  }
}

extension [Double] {
  /// Each column less its mean, all of them over their common root mean square.
  fileprivate func standardized(columns: Int) -> [Double] {
    let rows = count / Swift.max(columns, 1)
    guard rows > 1 else { return self }
    var centered = self
    for column in 0..<columns {
      let places = stride(from: column, to: count, by: columns)
      let mean = places.reduce(0) { $0 + self[$1] } / Double(rows)
      for place in places { centered[place] -= mean }
    }
    let square = centered.reduce(0) { $0 + $1 * $1 } / Double(count)
    guard square > 0, square.isFinite else { return self }
    let scale = 1 / square.squareRoot()
    return centered.map { $0 * scale }
  }
}
