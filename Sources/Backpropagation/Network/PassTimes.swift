/// What is still there when a pass over a network is over.
package enum PassResults {
  /// Every node's output and δ.
  case all
  /// Every node's output, which the backward pass reads, and the δ of the inputs.
  case outputs
  /// The outputs that losses take and those of some nodes: there is no backward pass.
  case ends(and: Set<Int>)

  /// Whether there is no backward pass.
  var isForwardOnly: Bool { if case .ends = self { true } else { false } }
}

/// When a network's passes use which buffer: of n nodes, node i runs forward at i, the losses at n, and node i backward at
/// 2n − i.
///
/// Each of them is a list of times, or nil for always.
struct PassTimes {
  private let network: NeuralNetwork
  private let keeping: PassResults
  private let wiring: BackwardWiring
  /// For each node the last of those that it feeds.
  private let lastConsumers: [Int?]
  private let takenByLosses: Set<Int>
  private var losses: Int { network.nodes.count }
  private var end: Int { 2 * network.nodes.count + 1 }

  init(_ network: NeuralNetwork, keeping: PassResults, _ wiring: BackwardWiring) {
    self.network = network
    self.keeping = keeping
    self.wiring = wiring
    var consumers: [Int?] = network.nodes.map { _ in nil }
    for (index, node) in network.nodes.enumerated() {
      for input in node.inputs { consumers[input] = index }
    }
    lastConsumers = consumers
    takenByLosses = Set(network.heads.map(\.output))
  }

  /// When a node's output is in use; all inputs are written before the first node runs.
  func output(of node: Int) -> [ClosedRange<Int>]? {
    guard case .ends(let kept) = keeping, !kept.contains(node) else { return nil }
    let start = node < network.inputCount ? 0 : node
    let last = takenByLosses.contains(node) ? losses : lastConsumers[node] ?? node
    return [start...max(start, last)]
  }

  /// When a buffer that a node's layer asked for is in use.
  func memory(_ specification: MemorySpecification, of node: Int) -> [ClosedRange<Int>]? {
    if keeping.isForwardOnly { return [node...node] }
    return specification.isScratch ? [node...node] + backward(of: node) : nil
  }

  /// When a node's δ is in use: from the first contribution until the node has run, at inputs for whoever reads it.
  func delta(of node: Int) -> [ClosedRange<Int>]? {
    if case .all = keeping { return nil }
    let last = node < network.inputCount ? end : 2 * losses - node
    if takenByLosses.contains(node) { return [losses...last] }
    // Nobody writes the δ that isn't asked for.
    guard wiring.needsDelta[node], let consumer = lastConsumers[node] else { return [] }
    return [2 * losses - consumer...last]
  }

  /// When a node runs backward.
  func backward(of node: Int) -> [ClosedRange<Int>] { [2 * losses - node...2 * losses - node] }
}
