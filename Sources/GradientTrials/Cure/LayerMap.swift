import Backpropagation

/// The layers of a recipe as treatments look at them: what each is, what feeds it and what it feeds.
struct LayerMap {
  /// The layers, as they are listed.
  let layers: [LayerNode]
  /// Their names.
  let names: [String]
  /// For each layer the places of those that feed it; nil stands for an input of the network.
  let sources: [[Int?]]
  /// For each layer the places of those that it feeds.
  let consumers: [[Int]]
  /// The layers whose output a loss takes.
  let heads: Set<Int>
  private let nodes: [NeuralNetwork.Node]
  private let inputShapes: [Shape]

  /// Looks at a recipe.
  ///
  /// - Throws: ``Inapplicable`` where its layers make no network.
  init(_ recipe: Recipe) throws(Inapplicable) {
    let network: NeuralNetwork
    do {
      network = try NeuralNetwork(
        inputs: recipe.inputs, losses: recipe.losses, layers: recipe.layers)
    } catch { throw Inapplicable(error.description) }
    layers = recipe.layers
    let names = layers.names
    self.names = names
    let places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    let byName = Dictionary(network.nodes.map { ($0.name, $0) }) { first, _ in first }
    let nodes = names.compactMap { byName[$0] }
    self.nodes = nodes
    inputShapes = nodes.map { network.nodes[$0.inputs[0]].shape }
    let sources = nodes.map { node in node.inputs.map { places[network.nodes[$0].name] } }
    self.sources = sources
    consumers = names.indices.map { place in
      sources.indices.filter { sources[$0].contains(place) }
    }
    heads = Set(network.heads.compactMap { places[network.nodes[$0.output].name] })
  }

  /// The kind of a layer.
  func kind(_ place: Int) -> String { layers[place].layer.kind }

  /// The shape of one example's first input.
  func inputShape(_ place: Int) -> Shape { inputShapes[place] }

  /// The shape of one example's output.
  func shape(_ place: Int) -> Shape { nodes[place].shape }

  /// Whether the output's first axis counts the positions of a sequence.
  func hasPositions(_ place: Int) -> Bool { nodes[place].hasPositions }

  /// Whether a layer has weights whose start can be set.
  func isWeighted(_ place: Int) -> Bool { layers[place].layer is any InitializedLayer }

  /// The only layer that feeds this one, if it is fed by one layer alone.
  func source(of place: Int) -> Int? {
    sources[place].count == 1 ? sources[place][0] : nil
  }

  /// The layer with weights that comes to this one through no more than normalization and dropout.
  func weightedSource(of place: Int) -> Int? {
    var place = source(of: place)
    while let next = place, !isWeighted(next) {
      guard Self.inBetween.contains(kind(next)) else { return nil }
      place = source(of: next)
    }
    return place
  }

  /// The activations behind which there is another layer: not those that a loss takes, nor a gate of a product.
  var hiddenActivations: [Int] {
    layers.indices.filter { place in
      Self.activations.contains(kind(place)) && !heads.contains(place)
        && !consumers[place].contains { kind($0) == "multiply" }
    }
  }

  /// Those of the hidden activations that are flat at both ends.
  var saturatingActivations: [Int] {
    hiddenActivations.filter { Self.saturating.contains(kind($0)) }
  }

  /// Whether what a layer feeds is of the ReLU family.
  func feedsRectifier(_ place: Int) -> Bool {
    hiddenActivations.contains { activation in
      weightedSource(of: activation) == place && Self.rectifiers.contains(kind(activation))
    }
  }

  static let saturating: Set<String> = ["sigmoid", "tanh", "hard-sigmoid", "hard-tanh"]
  static let rectifiers: Set<String> = [
    "relu", "leaky-relu", "prelu", "elu", "selu", "celu", "gelu", "silu", "mish", "softplus",
  ]
  static let activations = saturating.union(rectifiers)
  static let normalizations: Set<String> = [
    "batch-norm", "instance-norm", "layer-norm", "rms-norm", "group-norm",
  ]
  private static let inBetween = normalizations.union(["dropout", "spatial-dropout", "identity"])
}
