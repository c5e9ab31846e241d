import Backpropagation

/// A network with a residual, a diamond, a weight that is used twice, and a given layer in it twice where it keeps a shape.
struct LayerGraph {
  let network: NeuralNetwork

  /// The graphs for features, a sequence and an image, with one and with three inputs, those that the layer takes.
  static func all(with layer: any Layer) throws -> [LayerGraph] {
    let shapes: [Shape] = [[5], [9], [5, 3], [3, 6, 4]]
    return try shapes.flatMap { shape in
      try [1, 3].filter { (try? layer.outputShape(of: repeated(shape, $0))) != nil }
        .map { try LayerGraph(layer, inputs: $0, of: shape) }
    }
  }

  private init(_ layer: any Layer, inputs count: Int, of input: Shape) throws {
    let bent = try layer.outputShape(of: Self.repeated(input, count))
    let readsIndices = layer.vocabulary != nil
    let isKept = bent == input && !readsIndices
    let start = Self.trained(input), joint = Self.trained(bent)
    var nodes: [LayerNode] = []
    if !readsIndices { nodes.append(start.named("stem")) }
    if count == 3 { nodes.append(LayerNode(start, name: "side", from: ["input"])) }
    let sources = count == 3 ? ["stem", "side", "stem"] : [readsIndices ? "input" : "stem"]
    nodes += [
      LayerNode(layer, name: "bend", from: sources),
      joint.named("left"),
      joint.from("bend").named("right"),
      LayerNode(Add(), name: "sum", from: ["left", "right"] + (isKept ? ["stem"] : [])),
      joint.sharingWeights(of: "left").named("again"),
      isKept
        ? LayerNode(
          layer, name: "bend-again", from: count == 3 ? ["again", "sum", "again"] : [])
        : Tanh().named("bend-again"),
      Concatenate().from("bend-again", "bend"),
    ]
    network = try NeuralNetwork(input: input, loss: .halfSquaredError, layers: nodes)
  }

  private static func repeated(_ shape: Shape, _ count: Int) -> [Shape] {
    [Shape](repeating: shape, count: count)
  }

  /// A layer with parameters that keeps the shape.
  private static func trained(_ shape: Shape) -> any Layer {
    guard shape.rank < 3 else { return LayerNorm() }
    return Dense(shape.last, biasInitializer: .normal(standardDeviation: 0.5))
  }

  /// Random examples: indices where the first layer looks them up, else numbers.
  func examples(_ count: Int) -> Dataset {
    var source = RandomSource(seed: 5, stream: "graph")
    let vocabulary = network.vocabulary(ofInput: "input")
    let inputs = (0..<count * network.inputShape.count).map { _ in
      vocabulary.map { Double(source.below($0)) } ?? Double(Float(source.normal()))
    }
    let outputs = network.nodes[network.output].shape.count
    return Dataset(
      inputShape: network.inputShape, inputs: inputs,
      targets: .values(
        (0..<count * outputs).map { _ in Double(Float(source.normal())) }, perExample: outputs))
  }

  /// The gradients of one pass over all of `data`.
  func gradients<S: TensorScalar>(on data: Dataset, _: S.Type) -> [[Double]] {
    guard case .values(let numbers, let perExample) = data.targets else { return [] }
    let workspace = Workspace<S>(
      network, parameters: ParameterStore(network, seed: 1), capacity: data.count)
    workspace.input(examples: data.count).assign(
      Tensor(shape: data.inputShape.batch(of: data.count), scalars: data.inputs.map { S($0) }))
    workspace.forward(examples: data.count)
    var targets = Tensor<S>(shape: [data.count, perExample], scalars: numbers.map { S($0) })
    targets.withMutableView {
      workspace.backward(.values($0), examples: data.count, divisor: Double(data.count))
    }
    return workspace.gradients.views.map { $0.copy.scalars.map { Double($0) } }
  }
}
