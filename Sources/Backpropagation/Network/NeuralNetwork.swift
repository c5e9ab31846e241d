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
  }

  /// A parameter of the network.
  public struct Parameter: Sendable {
    /// The name: the layer's, a slash, and `weight` or `bias`.
    public let name: String
    /// The shape.
    public let shape: Shape
    /// How it starts.
    public let initializer: any Initializer
  }

  /// The most numbers that one layer's output for one example, or all parameters together, may hold.
  ///
  /// Far more than fits in memory; past it a description is a slip or an attack, and sizes may overflow: matrix products
  /// count in 32 bits.
  public static let mostNumbers = Int(Int32.max)

  /// The nodes in the order of computation; the first is the input.
  public let nodes: [Node]
  /// The parameters, in the order of the nodes that they belong to first.
  public let parameters: [Parameter]
  /// The loss at the end.
  public let loss: any Loss

  /// The shape of one example's input.
  public var inputShape: Shape { nodes[0].shape }
  /// The index of the node whose output the loss takes.
  public let output: Int
  /// The number of scalars in all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }

  /// Builds a network from layers, one a line.
  ///
  /// - Throws: A ``NetworkError`` that names the layer at fault.
  public init(
    input: Shape, loss: any Loss, @NetworkBuilder layers: () -> [LayerNode]
  ) throws(NetworkError) {
    try self.init(input: input, loss: loss, layers: layers())
  }

  /// Builds a network from a list of layers.
  ///
  /// - Throws: A ``NetworkError`` that names the layer at fault.
  public init(input: Shape, loss: any Loss, layers: [LayerNode]) throws(NetworkError) {
    guard (1...Self.mostNumbers).contains(input.count) else {
      throw NetworkError(
        message: "the input of \(input) holds \(input.count) numbers, expected 1 to "
          + "\(Self.mostNumbers)")
    }
    let graph = try NetworkGraph(of: layers)
    var nodes = [
      Node(name: "input", layer: Input(), inputs: [], shape: input, parameters: [])
    ]
    var parameters: [Parameter] = []
    var parameterCount = 0
    for place in graph.order {
      let (layer, name) = (layers[place].layer, graph.names[place])
      let inputs = graph.inputs[place].map { source in
        source < 0 ? 0 : 1 + (graph.order.firstIndex(of: source) ?? 0)
      }
      let shapes = inputs.map { nodes[$0].shape }
      let shape: Shape
      do { shape = try layer.outputShape(of: shapes) } catch {
        let sources = inputs.map { "\"\(nodes[$0].name)\"" }.joined(separator: " and ")
        throw NetworkError(
          index: place, layer: name, message: "\(layer.kind) \(error.message), from \(sources)")
      }
      guard shape.count > 0 else {
        throw NetworkError(index: place, layer: name, message: "its output of \(shape) is empty")
      }
      guard shape.count <= Self.mostNumbers else {
        throw NetworkError(
          index: place, layer: name,
          message: "its output of \(shape) is more than the \(Self.mostNumbers) numbers that are "
            + "supported")
      }
      let specifications = layer.parameters(for: shapes)
      let indices: [Int]
      if let sharer = graph.weightsOf[place] {
        let other = nodes[1 + (graph.order.firstIndex(of: sharer) ?? 0)]
        indices = other.parameters
        guard indices.map({ parameters[$0].shape }) == specifications.map(\.shape) else {
          throw NetworkError(
            index: place, layer: name,
            message: "its weights don't have the shapes of those of \"\(other.name)\"")
        }
      } else {
        indices = Array(parameters.count..<parameters.count + specifications.count)
        let fallback: any Initializer =
          graph.feedsRectifier(place, in: layers) ? .heUniform : .glorotUniform
        parameterCount += specifications.reduce(0) { $0 + $1.shape.count }
        guard parameterCount <= Self.mostNumbers else {
          throw NetworkError(
            index: place, layer: name,
            message: "with it the network has \(parameterCount) parameters; at most "
              + "\(Self.mostNumbers) are supported")
        }
        parameters += specifications.map {
          Parameter(
            name: "\(name)/\($0.name)", shape: $0.shape, initializer: $0.initializer ?? fallback)
        }
      }
      nodes.append(
        Node(name: name, layer: layer, inputs: inputs, shape: shape, parameters: indices))
    }
    let fed = Set(nodes.flatMap(\.inputs))
    let ends = nodes.indices.dropFirst().filter { !fed.contains($0) }
    guard let output = ends.first, ends.count == 1 else {
      let names = ends.map { "\"\(nodes[$0].name)\"" }.joined(separator: " and ")
      throw NetworkError(
        message: ends.isEmpty
          ? "a network needs at least one layer"
          : "\(names) feed nothing; the loss takes the output of one layer")
    }
    do { try loss.check(output: nodes[output].shape, targets: nil) } catch {
      throw NetworkError(layer: nodes[output].name, message: error.message)
    }
    self.nodes = nodes
    self.parameters = parameters
    self.loss = loss
    self.output = output
  }

  /// Whether this network can be trained on such data.
  ///
  /// - Throws: A ``NetworkError`` that says what doesn't fit.
  public func check(_ data: Dataset) throws(NetworkError) {
    guard data.inputShape == inputShape else {
      throw NetworkError(
        message: "the data's examples are \(data.inputShape), but the network's input is "
          + "\(inputShape)")
    }
    do { try loss.check(output: nodes[output].shape, targets: data.targets) } catch {
      throw NetworkError(message: error.message)
    }
  }
}

/// Where examples enter; it computes nothing.
struct Input: Layer {
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
  func forward<S>(_ pass: ForwardPass<S>) {}
  func backward<S>(_ pass: BackwardPass<S>) {}
}
