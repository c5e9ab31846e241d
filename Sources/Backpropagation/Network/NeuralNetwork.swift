import GzipIO

/// A network of layers without cycles, and the loss at its end: a description, without values.
///
/// Any layer may feed several later ones. Names, shapes and the order of computation are settled when it is built.
public struct NeuralNetwork: Sendable {
  /// A layer in its place.
  public struct Node: Sendable {
    /// The name, unique in the network.
    public let name: String
    /// What it computes.
    public let layer: any Layer
    /// The indices of the nodes that feed it.
    public let inputs: [Int]
    /// The shape of one example's output.
    public let shape: Shape
    /// The indices of its parameters.
    public let parameters: [Int]
    /// Whether the first axis of its output counts the positions of an input sequence.
    public internal(set) var hasPositions = false
    /// Whether the units are the first axis of its output, the channels of a convolution; else they are the last.
    public internal(set) var hasChannelsFirst = false

    /// The number of units.
    public var units: Int { hasChannelsFirst ? shape[0] : shape.last }
  }

  /// A parameter of the network.
  public struct Parameter: Sendable {
    /// The name: the layer's, a slash, and `weight` or `bias`.
    public let name: String
    /// The name within its layer: `weight`, `bias`, `query/weight`.
    public let nameInLayer: String
    /// The shape.
    public let shape: Shape
    /// How it starts.
    public internal(set) var initializer: any Initializer
    /// The connections of one unit, from which the initializer takes its scale.
    public let fans: Fans
    /// Whether the optimizer changes it; a running statistic is changed by its layer instead.
    public let isTrainable: Bool
  }

  /// The most numbers that one layer's output for one example, or all parameters together, may hold.
  ///
  /// Far more than fits in memory; past it a description is a slip or an attack, and sizes may overflow: matrix products
  /// count in 32 bits.
  public static let mostNumbers = Int(Int32.max)

  /// The nodes in the order of computation, the inputs first.
  public let nodes: [Node]
  /// The number of inputs: the first nodes.
  public let inputCount: Int
  /// The parameters, in the order of the nodes that they belong to first.
  public internal(set) var parameters: [Parameter]
  /// The losses, each with the node whose output it takes.
  public let heads: [Head]

  /// The nodes that compute with a parameter.
  package func users(ofParameter index: Int) -> [Int] {
    nodes.indices.filter { nodes[$0].parameters.contains(index) }
  }

  /// The shape of one example's first input.
  public var inputShape: Shape { nodes[0].shape }
  /// The first loss, in most networks the only one.
  public var loss: any Loss { heads[0].loss }
  /// The index of the node whose output the first loss takes.
  public var output: Int { heads[0].output }
  /// The number of scalars in all parameters that are trained.
  public var parameterCount: Int {
    parameters.reduce(0) { $0 + ($1.isTrainable ? $1.shape.count : 0) }
  }

  /// Builds a network with one input and one loss from layers, one a line.
  ///
  /// - Throws: A ``NetworkError`` that names the layer at fault.
  public init(
    input: Shape, loss: any Loss, @NetworkBuilder layers: () -> [LayerNode]
  ) throws(NetworkError) {
    try self.init(input: input, loss: loss, layers: layers())
  }

  /// Builds a network with one input and one loss from a list of layers.
  ///
  /// - Throws: A ``NetworkError`` that names the layer at fault.
  public init(input: Shape, loss: any Loss, layers: [LayerNode]) throws(NetworkError) {
    try self.init(inputs: [NetworkInput(input)], losses: [NetworkLoss(loss)], layers: layers)
  }

  /// Builds a network with any number of inputs and losses from layers, one a line.
  ///
  /// - Throws: A ``NetworkError`` that names the layer at fault.
  public init(
    inputs: [NetworkInput], losses: [NetworkLoss], @NetworkBuilder layers: () -> [LayerNode]
  ) throws(NetworkError) {
    try self.init(inputs: inputs, losses: losses, layers: layers())
  }

  /// Builds a network with any number of inputs and losses from a list of layers.
  ///
  /// - Throws: A ``NetworkError`` that names the layer at fault.
  public init(
    inputs: [NetworkInput], losses: [NetworkLoss], layers: [LayerNode]
  ) throws(NetworkError) {
    var assembly = try NetworkAssembly(inputs: inputs)
    let graph = try NetworkGraph(of: layers, inputs: inputs.map(\.name))
    for place in graph.order { try assembly.add(layers[place].layer, at: place, of: graph, layers) }
    nodes = assembly.nodesWithAxes
    inputCount = inputs.count
    parameters = assembly.parameters
    heads = try Head.heads(losses, of: nodes, inputCount: inputs.count)
  }

  /// Whether this network can be trained on such data.
  ///
  /// - Throws: A ``NetworkError`` that says what doesn't fit.
  public func check(_ data: Dataset) throws(NetworkError) {
    guard data.features.count == inputCount else {
      throw NetworkError(
        message: "the data have \(data.features.count) inputs an example, but the network has "
          + "\(inputCount)")
    }
    for (node, features) in zip(nodes, data.features) where features.shape != node.shape {
      let which = inputCount == 1 ? "input" : "input \(node.name.quoted)"
      throw NetworkError(
        message: "the data's examples are \(features.shape), but the network's \(which) is "
          + "\(node.shape)")
    }
    for (node, features) in zip(nodes, data.features) {
      guard let vocabulary = vocabulary(ofInput: node.name) else { continue }
      for value in features.values
      where !(value >= 0 && value < Double(vocabulary) && value == value.rounded()) {
        throw NetworkError(
          message: "an index in the data is \(value), but the network's vocabulary is 0 to "
            + "\(vocabulary - 1)")
      }
    }
    guard data.targetSets.count == heads.count else {
      throw NetworkError(
        message: "the data have \(data.targetSets.count) targets, but the network has "
          + "\(heads.count) losses")
    }
    for (head, targets) in zip(heads, data.targetSets) {
      do { try head.check(targets, lengths: data.lengths) } catch {
        throw NetworkError(message: error.message)
      }
    }
  }

  /// Whether what a node reads has the positions of an input sequence.
  func readsPositions(_ node: Int) -> Bool {
    nodes[node].inputs.contains { nodes[$0].hasPositions }
  }

  /// The smallest vocabulary of the layers that read this input as indices, or nil where none does.
  public func vocabulary(ofInput name: String) -> Int? {
    guard let input = nodes.firstIndex(where: { $0.name == name }) else { return nil }
    return nodes.filter { $0.inputs.contains(input) }.compactMap(\.layer.vocabulary).min()
  }
}

/// An input of a network: a name, and the shape of one example.
public struct NetworkInput: Sendable {
  /// The name by which layers refer to it.
  public var name: String
  /// The shape of one example.
  public var shape: Shape

  /// Describes an input; a network's only input is called `input`.
  public init(_ shape: Shape, name: String = "input") {
    self.name = name
    self.shape = shape
  }
}

/// Where examples enter; it computes nothing.
struct Input: Layer {
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
  func forward<S>(_ pass: ForwardPass<S>) {}
  func backward<S>(_ pass: BackwardPass<S>) {}
}
