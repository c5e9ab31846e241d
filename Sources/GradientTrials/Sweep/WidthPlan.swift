import Backpropagation

/// Which layers of a network can be made wider and narrower: those whose width neither the data nor the targets fix.
///
/// Layers whose outputs are added or multiplied must stay equally wide, and an activation or normalization is as wide as what
/// it reads; so the nodes fall into groups of one width. A group that holds an input or the output of a loss is fixed, and so
/// is what a reshape with written sizes reads.
struct WidthPlan {
  private let network: NeuralNetwork
  /// The nodes to be scaled, and what their width must be a multiple of.
  let scaled: [Int: Int]

  init(_ network: NeuralNetwork) {
    self.network = network
    var groups = WidthGroups(count: network.nodes.count)
    for node in 0..<network.inputCount { groups.fix(node) }
    for head in network.heads { groups.fix(head.output) }
    for (index, node) in network.nodes.enumerated().dropFirst(network.inputCount) {
      Self.place(index, node, in: &groups, network)
    }
    var owners: [Int: Int] = [:]
    for (index, node) in network.nodes.enumerated() {
      guard let parameter = node.parameters.first else { continue }
      if let owner = owners[parameter] {
        groups.join(index, owner)
        groups.join(node.inputs[0], network.nodes[owner].inputs[0])
      }
      owners[parameter] = owners[parameter] ?? index
    }
    groups.settle()
    var scaled: [Int: Int] = [:]
    for (index, node) in network.nodes.enumerated()
    where node.layer is any ResizableLayer && !groups.isFixed(index) {
      scaled[index] = groups.divisor(of: index)
    }
    self.scaled = scaled
  }

  /// Puts a node into the group of what it reads, or into one of its own.
  private static func place(
    _ index: Int, _ node: NeuralNetwork.Node, in groups: inout WidthGroups,
    _ network: NeuralNetwork
  ) {
    let divisor = node.layer.divisor
    groups.divide(index, by: divisor)
    switch node.layer {
    case is any ResizableLayer:
      // Channels in groups read and make multiples of their number.
      if divisor > 1 { groups.divide(node.inputs[0], by: divisor) }
    case is Attention: groups.join(index, node.inputs[0])
    case is Flatten, is Concatenate, is Transpose, is Slice:
      groups.derive(index, from: node.inputs)
    case is Reshape:
      groups.fix(node.inputs[0])
      groups.derive(index, from: node.inputs)
    default:
      let isEven = node.inputs.allSatisfy { network.nodes[$0].units == node.units }
      if isEven {
        for input in node.inputs { groups.join(index, input) }
      } else {
        for input in node.inputs { groups.fix(input) }
      }
    }
  }

  /// The network with its scalable layers `factor` times as wide.
  ///
  /// - Throws: A ``NetworkError`` where the layers no longer fit.
  func network(times factor: Double) throws(NetworkError) -> NeuralNetwork {
    var layers = network.layerNodes
    for (index, divisor) in scaled {
      let place = index - network.inputCount
      guard var layer = layers[place].layer as? any ResizableLayer else { continue }
      let parts = (Double(layer.width) * factor / Double(divisor)).rounded()
      layer.width = max(1, Int(parts)) * divisor
      layers[place].layer = layer
    }
    return try network.rebuilt(from: layers)
  }

  /// The fewest and the most units of the scaled layers.
  var widths: ClosedRange<Int>? {
    let widths = scaled.keys.map { network.nodes[$0].units }
    guard let least = widths.min(), let most = widths.max() else { return nil }
    return least...most
  }
}

/// Nodes of one width, by union and find.
private struct WidthGroups {
  private var parents: [Int]
  private var fixed: Set<Int> = []
  private var divisors: [Int]
  /// Nodes whose width follows from those of others in another way than being equal.
  private var derived: [(node: Int, inputs: [Int])] = []

  init(count: Int) {
    parents = Array(0..<count)
    divisors = [Int](repeating: 1, count: count)
  }

  private func root(_ node: Int) -> Int {
    var node = node
    while parents[node] != node { node = parents[node] }
    return node
  }

  mutating func join(_ a: Int, _ b: Int) {
    let (a, b) = (root(a), root(b))
    guard a != b else { return }
    parents[b] = a
    divisors[a] = leastCommonMultiple(divisors[a], divisors[b])
    if fixed.contains(b) { fixed.insert(a) }
  }

  mutating func fix(_ node: Int) { fixed.insert(root(node)) }

  mutating func derive(_ node: Int, from inputs: [Int]) { derived.append((node, inputs)) }

  mutating func divide(_ node: Int, by divisor: Int) {
    let root = root(node)
    divisors[root] = leastCommonMultiple(divisors[root], divisor)
  }

  /// Fixes what a derived width that is fixed follows from, and both where a derived one must equal another.
  mutating func settle() {
    for (node, _) in derived where parents.indices.count(where: { root($0) == root(node) }) > 1 {
      let others = parents.indices.filter { root($0) == root(node) && $0 != node }
      if others.contains(where: { other in derived.contains { $0.node == other } }) || isFixed(node)
      {
        fix(node)
      }
    }
    for (node, inputs) in derived.reversed() where isFixed(node) {
      for input in inputs { fix(input) }
    }
  }

  func isFixed(_ node: Int) -> Bool { fixed.contains(root(node)) }

  func divisor(of node: Int) -> Int { divisors[root(node)] }
}

private func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
  var (x, y) = (a, b)
  while y != 0 { (x, y) = (y, x % y) }
  return a / max(x, 1) * b
}
