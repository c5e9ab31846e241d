public import Backpropagation
public import GzipIO

/// A model as a YAML file describes it: the network, its data, how it is trained, and a health policy.
///
/// Everything is checked when the file is read, but for the data, which ``readData(limit:)`` reads.
public struct ModelFile: Sendable {
  /// The file as the user named it.
  public let path: String
  /// What reports about the model are called: `model.name`, or what the file's name says.
  public let name: String
  /// The network with its loss.
  public private(set) var network: NeuralNetwork
  /// Where the examples come from, where the file says so.
  public var data: DataSettings?
  /// How the network is trained, where the file says so.
  public var training: TrainingSettings?
  /// Which trained weights the network starts from, where the file says so; ``loadWeights(limit:)`` reads them.
  public var weights: WeightSettings?
  /// The health policy, as it was written.
  public let health: AnnotatedValue?

  static let keys = [
    "version", "model", "loss", "losses", "data", "training", "weights", "health",
  ]

  /// What the network is made of.
  package let inputs: [NetworkInput], losses: [NetworkLoss], layers: [LayerNode]
  /// The lines on which the layers stand, by their names.
  package let layerLines: [String: Int]
  /// The lines of what the data can contradict.
  let inputLine: Int, outputLine: Int, dataLine: Int

  /// Reads the model file at `path`.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - allowOutside: Whether data files may lie outside of the model file's folder and that folder's parent.
  /// - Throws: An ``InputError`` with the line of what is wrong.
  public init(contentsOf path: String, allowOutside: Bool = false) throws(InputError) {
    guard let root = try YAMLNode.parse(contentsOf: path), !root.isNull else {
      throw InputError(file: path, "is empty, expected a model")
    }
    try self.init(root, path: path, allowOutside: allowOutside)
  }

  /// Reads a model file that was parsed already.
  init(_ root: YAMLNode, path: String, allowOutside: Bool) throws(InputError) {
    let file = try Section(
      root, path: "", file: path, keys: Self.keys)
    try file.checkVersion()
    let model = try Section(
      try file.required("model", "the network's input and layers"), path: "model", file: path,
      keys: ["name", "input", "layers"])
    self.path = path
    name = runName(ofFileAt: path, declared: try model.text("name"))

    let layers = try LayerList(model)
    let losses = try LossList(file)
    inputs = try model.inputs()
    self.layers = layers.nodes
    self.losses = losses.losses
    let network = try layers.network(inputs: inputs, losses: losses)
    self.network = network
    inputLine = model.line(of: "input")
    layerLines = layers.linesByName
    outputLine = layers.line(of: network.nodes[network.output].name)
    dataLine = file.line(of: "data")

    data = try file["data"].map { node throws(InputError) in
      try DataSettings(
        node, model: path, network: network, allowOutside: allowOutside)
    }
    training = try file["training"].map { node throws(InputError) in
      try TrainingSettings(node, model: path, network: network)
    }
    weights = try file["weights"].map { _ throws(InputError) in
      try WeightSettings(file, folder: ModelFolder(path, allowOutside: allowOutside))
    }
    health = try file["health"].map { node throws(InputError) in
      try AnnotatedValue(node, file: path)
    }
  }

  /// Lets the network start from the trained weights that the model file names, if it names any.
  ///
  /// - Throws: An ``InputError`` if they can't be read or don't fit the network.
  public mutating func loadWeights(limit: Int = FileReader.defaultLimit) throws(InputError) {
    if let weights { network = try network.loading(weights, limit: limit) }
  }

  /// A trainer for the network, or nil if the file doesn't say how to train.
  public var trainer: Trainer? {
    training.map {
      Trainer(
        network, optimizer: $0.optimizer, groups: $0.groups, schedule: $0.schedule,
        clipping: $0.clipping, regularization: $0.regularization, batch: $0.batch,
        accumulate: $0.accumulate, stopping: $0.stopping, seed: $0.seed,
        precision: $0.precision)
    }
  }

  /// How to train and for how long, for whoever can't do without.
  ///
  /// - Throws: An ``InputError`` if the file doesn't say.
  package func requireTraining() throws(InputError) -> (trainer: Trainer, length: Trainer.Length) {
    guard let trainer, let length = training?.length else {
      throw InputError(file: path, "has no \"training\", which says how long and with what")
    }
    return (trainer, length)
  }

  /// What to tell whoever wants to train a model without data.
  package var lackOfData: InputError {
    InputError(file: path, "has no \"data\", which training needs")
  }
}

extension Section {
  /// Refuses a version that this program doesn't know.
  fileprivate func checkVersion() throws(InputError) {
    let version = try read("version") { arguments throws(ArgumentError) in
      try arguments.integer("version", in: 1...1000, default: 1)
    }
    guard version == 1 else {
      throw error("version", "is of version \(version), expected version 1")
    }
  }

  /// The network's inputs: one shape, or a map of names and shapes.
  fileprivate func inputs() throws(InputError) -> [NetworkInput] {
    let node = try required("input", "the shape of one example, such as [64]")
    guard case .map(let entries) = node.content else {
      return [NetworkInput(try shape(node, title("input")))]
    }
    guard (1...64).contains(entries.count) else {
      throw error("input", "\(title("input")) has \(entries.count) inputs, expected 1 to 64")
    }
    var inputs: [NetworkInput] = []
    for entry in entries {
      inputs.append(
        NetworkInput(
          try shape(entry.value, "\(title("input")).\(entry.key.shortened)"), name: entry.key))
    }
    return inputs
  }

  /// The shape of one example.
  private func shape(_ node: YAMLNode, _ title: String) throws(InputError) -> Shape {
    let expected = "expected the shape of one example, such as [64] or [1, 28, 28]"
    guard case .list(let nodes) = node.content else {
      throw InputError(file: file, line: node.line, "\(title) is \(node.written), \(expected)")
    }
    guard (1...8).contains(nodes.count) else {
      throw InputError(
        file: file, line: node.line, "\(title) has \(nodes.count) sizes, expected 1 to 8")
    }
    var sizes: [Int] = []
    var count = 1
    for node in nodes {
      guard let size = node.text.flatMap({ Int($0) }), size >= 1 else {
        throw InputError(
          file: file, line: node.line,
          "a size in \(title) is \(node.written), expected a whole number from 1")
      }
      sizes.append(size)
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows, product <= NeuralNetwork.mostNumbers else {
        throw InputError(
          file: file, line: node.line,
          "\(title) holds more than \(NeuralNetwork.mostNumbers) numbers")
      }
      count = product
    }
    return Shape(sizes)
  }
}
