import GzipIO

/// Nodes and parameters while a network is put together, layer by layer in the order of computation.
struct NetworkAssembly {
  private(set) var nodes: [NeuralNetwork.Node] = []
  private(set) var parameters: [NeuralNetwork.Parameter] = []
  private let inputCount: Int
  private var parameterCount = 0
  /// For each layer's place in the list its index among the nodes.
  private var indices: [Int: Int] = [:]

  init(inputs: [NetworkInput]) throws(NetworkError) {
    inputCount = inputs.count
    guard !inputs.isEmpty else { throw NetworkError(message: "a network needs an input") }
    for input in inputs {
      guard (1...NeuralNetwork.mostNumbers).contains(input.shape.count) else {
        throw NetworkError(
          message: "the input of \(input.shape) holds \(input.shape.count) numbers, expected 1 to "
            + "\(NeuralNetwork.mostNumbers)")
      }
      nodes.append(
        NeuralNetwork.Node(
          name: input.name, layer: Input(), inputs: [], shape: input.shape, parameters: []))
    }
  }

  /// Adds the layer that stands at `place` of the list, behind those that feed it.
  mutating func add(
    _ layer: any Layer, at place: Int, of graph: NetworkGraph, _ layers: [LayerNode]
  ) throws(NetworkError) {
    let name = graph.names[place]
    let inputs = graph.inputs[place].map { $0 < 0 ? $0 + inputCount : indices[$0] ?? 0 }
    let shapes = inputs.map { nodes[$0].shape }
    let shape: Shape
    do { shape = try layer.outputShape(of: shapes) } catch {
      let sources = inputs.map { "\"\(nodes[$0].name)\"" }.joined(separator: " and ")
      throw NetworkError(
        index: place, layer: name, message: "\(layer.kind) \(error.message), from \(sources)")
    }
    let specifications: [ParameterSpecification]
    do {
      specifications = try parameters(
        of: layer, from: shapes, to: shape, hasOwn: graph.weightsOf[place] == nil)
    } catch { throw NetworkError(index: place, layer: name, message: error.message) }
    let own: [Int]
    if let sharer = graph.weightsOf[place] {
      let other = nodes[indices[sharer] ?? 0]
      own = other.parameters
      let theirs = own.map { parameters[$0].shape }, wanted = specifications.map(\.shape)
      guard theirs == wanted else {
        func written(_ shapes: [Shape]) -> String {
          shapes.isEmpty ? "none" : shapes.map(\.description).joined(separator: " and ")
        }
        throw NetworkError(
          index: place, layer: name,
          message: "needs weights of \(written(wanted)), but those of \"\(other.name)\" are "
            + "\(written(theirs))")
      }
    } else {
      own = Array(parameters.count..<parameters.count + specifications.count)
      let fallback: any Initializer =
        graph.feedsRectifier(place, in: layers) ? .heUniform : .glorotUniform
      parameters += specifications.map {
        NeuralNetwork.Parameter(
          name: "\(name)/\($0.name)", nameInLayer: $0.name, shape: $0.shape,
          initializer: $0.initializer ?? fallback,
          fans: $0.fans, isTrainable: $0.isTrainable)
      }
    }
    indices[place] = nodes.count
    nodes.append(
      NeuralNetwork.Node(name: name, layer: layer, inputs: inputs, shape: shape, parameters: own))
  }

  /// The parameters that a layer needs, once all that it needs is known to be no larger than is supported.
  ///
  /// This is the one guard of sizes: it asks for the next only when the one before is in bounds, and sizes saturate, so
  /// that no number overflows on the way.
  private mutating func parameters(
    of layer: any Layer, from inputs: [Shape], to output: Shape, hasOwn: Bool
  ) throws(ShapeError) -> [ParameterSpecification] {
    let most = NeuralNetwork.mostNumbers
    guard output.count > 0 else { throw ShapeError("its output of \(output) is empty") }
    guard output.count <= most else {
      throw ShapeError(
        "its output of \(output) is more than the \(most) numbers that are supported")
    }
    let parameters = layer.parameters(for: inputs)
    let count = parameters.reduce(hasOwn ? parameterCount : 0) { saturatingSum($0, $1.shape.count) }
    guard count <= most else {
      throw ShapeError(
        "with it the network has \(count) parameters; at most \(most) are supported")
    }
    if hasOwn { parameterCount = count }
    let memory = layer.memory(for: inputs).reduce(0) { saturatingSum($0, $1.shape.count) }
    guard memory <= most else {
      throw ShapeError("needs more than the \(most) numbers of memory that are supported")
    }
    return parameters
  }

  /// The nodes, each told whether its output has the positions of an input sequence, and which axis its units are.
  ///
  /// An input has them if it is positions × features, or indices that an embedding looks up.
  var nodesWithAxes: [NeuralNetwork.Node] {
    var nodes = nodes
    for index in nodes.indices {
      let node = nodes[index]
      if index < inputCount {
        let consumers = nodes.filter { $0.inputs.contains(index) }
        nodes[index].hasPositions =
          node.shape.rank == 2
          || node.shape.rank == 1 && !consumers.isEmpty
            && consumers.allSatisfy { $0.layer.vocabulary != nil }
      } else {
        nodes[index].hasPositions =
          node.layer.keepsPositions && node.shape.rank == 2
          && node.inputs.allSatisfy {
            nodes[$0].hasPositions && nodes[$0].shape[0] == node.shape[0]
          }
      }
      nodes[index].hasChannelsFirst = hasChannelsFirst(index, of: nodes)
    }
    return nodes
  }

  /// Whether the units are channels: those of C × H × W, or of C × length behind a convolution, as long as no other layer
  /// with weights of its own has made new units.
  private func hasChannelsFirst(_ index: Int, of nodes: [NeuralNetwork.Node]) -> Bool {
    let node = nodes[index]
    guard node.shape.rank == 2 else { return node.shape.rank == 3 }
    guard let input = node.inputs.first.map({ nodes[$0] }), !node.hasPositions else {
      return false
    }
    if node.layer is Convolution1D { return true }
    let hasWeights = node.parameters.contains { parameters[$0].shape.rank > 1 }
    guard input.shape.rank == 2, !hasWeights else { return false }
    return input.hasChannelsFirst != (node.layer is Transpose)
  }
}
