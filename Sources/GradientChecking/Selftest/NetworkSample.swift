package import Backpropagation

/// A network as people build them, small enough to be checked a thousand times, in which mutations are planted.
package struct NetworkSample: Sendable {
  /// What the table calls it.
  package let id: String
  private let inputs: [NetworkInput]
  private let losses: [NetworkLoss]
  /// In the order of computation, so that a layer's place here is its node's behind the inputs.
  private let layers: [LayerNode]

  /// Describes a network with any number of inputs and losses.
  package init(
    _ id: String, inputs: [NetworkInput], losses: [NetworkLoss],
    @NetworkBuilder layers: () -> [LayerNode]
  ) {
    self.init(id, inputs: inputs, losses: losses, layers: layers())
  }

  /// Describes a network with a list of layers.
  init(_ id: String, inputs: [NetworkInput], losses: [NetworkLoss], layers: [LayerNode]) {
    self.id = id
    self.inputs = inputs
    self.losses = losses
    self.layers = layers
  }

  /// Describes a network with one input and one loss.
  package init(
    _ id: String, input: Shape, loss: any Loss, @NetworkBuilder layers: () -> [LayerNode]
  ) {
    self.init(id, inputs: [NetworkInput(input)], losses: [NetworkLoss(loss)], layers: layers)
  }

  /// A mistake in one of the gradients of one of the layers or losses.
  package struct Planting: Sendable {
    /// The node's index in the network, or the loss's place among the losses.
    var index: Int
    var place: GradientPlace
    var mutation: Mutation
    var passes: PlantedLayer.Passes = .all
  }

  /// The network, right or with a mistake.
  ///
  /// - Throws: A `NetworkError` if the description is of no network.
  package func network(planting: Planting? = nil) throws(NetworkError) -> NeuralNetwork {
    var losses = losses, layers = layers
    if let planting {
      if planting.place == .loss {
        losses[planting.index].loss = PlantedLoss(
          planting.mutation, in: losses[planting.index].loss)
      } else {
        let place = planting.index - inputs.count
        layers[place].layer = PlantedLayer(
          planting.mutation, at: planting.place, in: layers[place].layer, when: planting.passes)
      }
    }
    return try NeuralNetwork(inputs: inputs, losses: losses, layers: layers)
  }

  /// Random examples for the network, of the kind that its layers and losses take.
  func examples(_ count: Int, for network: NeuralNetwork, seed: UInt64) -> Dataset {
    let features = network.nodes.prefix(network.inputCount).map { node in
      var source = RandomSource(seed: seed, stream: "examples/\(node.name)")
      let vocabulary = network.vocabulary(ofInput: node.name)
      return Dataset.Features(
        name: node.name, shape: node.shape,
        values: (0..<count * node.shape.count).map { _ in
          vocabulary.map { Double(source.below($0)) } ?? source.normal()
        })
    }
    let targets = network.heads.enumerated().map { place, head in
      var source = RandomSource(seed: seed, stream: "targets/\(place)")
      return head.loss.sampleTargets(for: head.termShape, count: count, from: &source)
    }
    return Dataset(features: features, targetSets: targets)
  }
}

extension NetworkSample {
  /// The networks of the self-test.
  package static let all = [
    deep, convolutional, residual, recurrent, transformer, twoHeads, sharedWeights,
  ]

  private static let deep = NetworkSample(
    "eight hidden layers", input: [7], loss: .softmaxCrossEntropy
  ) {
    for _ in 0..<4 {
      Dense(5)
      Sigmoid()
      Dense(7)
      Tanh()
    }
    Dense(3)
  }

  private static let convolutional = NetworkSample(
    "convolutions, batch norm, pooling", input: [2, 4, 4], loss: .softmaxCrossEntropy
  ) {
    Convolution2D(3, kernel: 3, padding: .same)
    BatchNorm()
    ReLU()
    MaxPool2D(2)
    Convolution2D(5, kernel: 3, padding: .same)
    BatchNorm()
    LeakyReLU()
    AveragePool2D(2)
    Flatten()
    Dropout(0.2)
    Dense(3)
  }

  private static let residual = NetworkSample(
    "residual blocks", input: [6], loss: .halfSquaredError
  ) {
    Dense(5).named("stem")
    LayerNorm()
    GELU()
    Dense(5).named("left")
    Add().from("left", "stem").named("sum")
    SiLU()
    Dense(5)
    Dropout(0.3).named("dropped")
    Add().from("dropped", "sum")
    RMSNorm()
    Dense(3)
  }

  private static let recurrent = NetworkSample(
    "LSTM and GRU", input: [5, 3], loss: .softmaxCrossEntropy
  ) {
    LSTM(4, output: .sequence)
    GRU(5)
    Dense(3)
  }

  private static let transformer = NetworkSample(
    "transformer block", input: [5], loss: .softmaxCrossEntropy
  ) {
    Embedding(vocabulary: 11, units: 6)
    PositionalEncoding().named("embedded")
    Attention(heads: 2).named("attention")
    Add().from("attention", "embedded")
    LayerNorm().named("normal")
    Dense(7)
    GELU()
    Dense(6).named("fed-forward")
    Add().from("fed-forward", "normal")
    Flatten()
    Dense(3)
  }

  private static let twoHeads = NetworkSample(
    "two inputs, two losses",
    inputs: [NetworkInput([4], name: "left"), NetworkInput([3], name: "right")],
    losses: [
      NetworkLoss(.softmaxCrossEntropy, output: "classes", weight: 0.3),
      NetworkLoss(.halfSquaredError, output: "values", weight: 2),
    ]
  ) {
    Concatenate().from("left", "right")
    Dense(5)
    Tanh().named("trunk")
    Dense(3).named("classes")
    Dense(4).from("trunk")
    ELU()
    Dense(2).named("values")
  }

  private static let sharedWeights = NetworkSample(
    "shared weights", input: [7], loss: .halfSquaredError
  ) {
    Dense(5).named("stem")
    Tanh().named("bend")
    Dense(5).named("once")
    Dense(5).from("bend").named("beside")
    Multiply().from("once", "beside").named("product")
    Dense(5).sharingWeights(of: "once").named("twice")
    Add().from("twice", "bend")
    Dense(3)
  }
}
