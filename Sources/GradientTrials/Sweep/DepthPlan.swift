import Backpropagation

/// Which part of a network can be repeated: a run of equal blocks, each from one bottleneck of the graph to the next.
///
/// A block is a stretch of the network with weights, through whose end every path leads, with the layers without weights
/// behind it: a dense layer and its activation, or a residual branch and the sum that closes it.
struct DepthPlan {
  private let network: NeuralNetwork
  /// The nodes of each block of the run, in order.
  let blocks: [Range<Int>]

  /// Finds the longest run of equal blocks, which may each be made of up to three stretches, as those of a transformer are of
  /// two; nil where nothing can be repeated.
  init?(_ network: NeuralNetwork) {
    guard network.inputCount == 1, network.heads.count == 1 else { return nil }
    let stretches = Self.stretches(of: network)
    var plans: [DepthPlan] = []
    for period in 1...3 where period <= stretches.count {
      for start in 0...stretches.count - period {
        var run: [Range<Int>] = []
        for place in stride(from: start, through: stretches.count - period, by: period) {
          let block = stretches[place].lowerBound..<stretches[place + period - 1].upperBound
          guard run.last.map({ network.areAlike($0, block) }) ?? true,
            zip(stretches[place..<place + period], stretches[place + 1..<place + period])
              .allSatisfy({ $0.upperBound == $1.lowerBound })
          else { break }
          run.append(block)
        }
        // One stretch may take another shape than it gives, as a first hidden layer does; several must close the circle.
        guard let first = run.first, period == 1 || network.keepsShape(first) else { continue }
        plans.append(DepthPlan(network, blocks: run))
      }
    }
    let longest = plans.sorted {
      ($1.nodeCount, $0.blocks[0].count) < ($0.nodeCount, $1.blocks[0].count)
    }.first(where: \.isRepeatable)
    guard let longest else { return nil }
    self = longest
  }

  /// The nodes of the whole run.
  private var nodeCount: Int { blocks.reduce(0) { $0 + $1.count } }

  private init(_ network: NeuralNetwork, blocks: [Range<Int>]) {
    self.network = network
    self.blocks = blocks
  }

  /// Whether one more block fits, and gives what it takes.
  private var isRepeatable: Bool {
    let count = blocks.count + 1
    guard let longer = try? network(blocks: count) else { return false }
    return longer.nodes[ends(blocks: count).last].shape
      == network.nodes[blocks[0].upperBound - 1].shape
  }

  /// The network with so many blocks in its run.
  ///
  /// - Throws: A ``NetworkError`` where the layers no longer fit.
  func network(blocks count: Int) throws(NetworkError) -> NeuralNetwork {
    precondition(count > 0, "a run has at least one block, got \(count)")
    let all = network.layerNodes, first = network.inputCount
    func layers(_ nodes: Range<Int>) -> [LayerNode] {
      Array(all[nodes.lowerBound - first..<nodes.upperBound - first])
    }
    let kept = blocks.prefix(count),
      run = blocks[0].lowerBound..<blocks[blocks.count - 1].upperBound
    var result = layers(first..<run.lowerBound) + kept.flatMap(layers)
    var end = network.nodes[kept[kept.count - 1].upperBound - 1].name
    if let last = blocks.last, count > blocks.count {
      let start = network.nodes[last.lowerBound - 1].name
      let names = Set(last.map { network.nodes[$0].name })
      for copy in blocks.count + 1...count {
        for var node in layers(last) {
          node.inputs = node.inputs.map {
            names.contains($0) ? Self.name($0, copy) : $0 == start ? end : $0
          }
          node.name = node.name.map { Self.name($0, copy) }
          result.append(node)
        }
        end = Self.name(network.nodes[last.upperBound - 1].name, copy)
      }
    }
    let old = network.nodes[run.upperBound - 1].name
    result += layers(run.upperBound..<network.nodes.count).map { node in
      var node = node
      node.inputs = node.inputs.map { $0 == old ? end : $0 }
      return node
    }
    return try network.rebuilt(from: result)
  }

  /// The ends of the first and the last block of a network made by this plan.
  func ends(blocks count: Int) -> (first: Int, last: Int) {
    let whole = blocks.prefix(count), copies = max(0, count - blocks.count)
    let last = whole[whole.count - 1].upperBound - 1 + copies * blocks[blocks.count - 1].count
    return (blocks[0].upperBound - 1, last)
  }

  private static func name(_ name: String, _ copy: Int) -> String { "\(name).\(copy)" }

  /// The stretches between the bottlenecks of a network that have weights, each with what follows it in the same shape; the
  /// one that the loss takes, positions and embeddings are left out.
  private static func stretches(of network: NeuralNetwork) -> [Range<Int>] {
    let bypassed = network.bypassedNodes
    let cuts = network.nodes.indices.filter { !bypassed[$0] }
    var stretches: [Range<Int>] = []
    for (start, end) in zip(cuts, cuts.dropFirst()) {
      let stretch = start + 1..<end + 1
      if network.hasWeights(stretch) {
        stretches.append(stretch)
      } else if let last = stretches.last, last.upperBound == stretch.lowerBound,
        network.keepsShape(stretch)
      {
        stretches[stretches.count - 1] = last.lowerBound..<stretch.upperBound
      }
    }
    let layers = network.layerNodes
    return stretches.filter { stretch in
      !stretch.contains(network.output)
        && stretch.allSatisfy { layers[$0 - network.inputCount].weightsOf == nil }
    }
  }
}

extension NeuralNetwork {
  fileprivate func hasWeights(_ stretch: Range<Int>) -> Bool {
    stretch.contains { index in
      !(nodes[index].layer is PositionalEncoding) && !(nodes[index].layer is Embedding)
        && nodes[index].parameters.contains { parameters[$0].shape.rank > 1 }
    }
  }

  /// Whether a stretch gives the shape that it takes.
  fileprivate func keepsShape(_ stretch: Range<Int>) -> Bool {
    nodes[stretch.lowerBound - 1].shape == nodes[stretch.upperBound - 1].shape
  }

  /// Whether two stretches are equal: in the kinds and output shapes of their layers, and in how these feed each other.
  fileprivate func areAlike(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy { one, other in
        nodes[one].layer.kind == nodes[other].layer.kind && nodes[one].shape == nodes[other].shape
          && nodes[one].inputs.map { $0 - one } == nodes[other].inputs.map { $0 - other }
      }
  }
}
