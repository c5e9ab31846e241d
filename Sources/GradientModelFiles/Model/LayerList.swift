import Backpropagation
import GzipIO

/// The layers of a model file, each with its line.
struct LayerList {
  private static let mostLayers = 4096
  /// What a layer of any kind may carry besides its own arguments.
  private static let placement = ["name", "from", "weights-of"]

  private let file: String
  private let line: Int
  private(set) var nodes: [LayerNode] = []
  private var lines: [Int] = []

  /// Reads `layers` of the section `model`.
  init(_ model: Section) throws(InputError) {
    let list = try model.required("layers", "a list of layers")
    guard case .list(let items) = list.content else {
      throw model.error("layers", "model.layers is \(list.written), expected a list of layers")
    }
    guard (1...Self.mostLayers).contains(items.count) else {
      throw model.error(
        "layers", "model.layers has \(items.count) layers, expected 1 to \(Self.mostLayers)")
    }
    file = model.file
    line = model.line(of: "layers")
    for item in items {
      nodes.append(try layer(item))
      lines.append(item.line)
    }
  }

  /// The network of these layers.
  func network(inputs: [NetworkInput], losses: LossList) throws(InputError) -> NeuralNetwork {
    do {
      return try NeuralNetwork(inputs: inputs, losses: losses.losses, layers: nodes)
    } catch {
      let place =
        error.index.map { lines[$0] } ?? error.loss.map { losses.lines[$0] }
        ?? (error.layer == nil ? line : losses.line)
      throw InputError(file: file, line: place, error.description)
    }
  }

  /// The line of the layer called `name`.
  func line(of name: String) -> Int {
    nodes.names.firstIndex(of: name).map { lines[$0] } ?? line
  }

  /// The lines of all layers, by their names.
  var linesByName: [String: Int] {
    Dictionary(zip(nodes.names, lines), uniquingKeysWith: { first, _ in first })
  }

  /// Reads one item of the list: what it computes, and how it is placed.
  private func layer(_ item: YAMLNode) throws(InputError) -> LayerNode {
    var item = item
    var placing: [YAMLNode.Entry] = []
    if case .map(var pairs) = item.content {
      guard pairs.count == 1 else {
        let keys = pairs.prefix(4).map(\.key.quoted).joined(separator: ", ")
        throw InputError(
          file: file, line: item.line,
          "expected one layer, found \(pairs.count) keys (\(keys)); a layer's own keys stand in "
            + "its braces: dense: {units: 10, name: output}")
      }
      if case .map(let arguments) = pairs[0].value.content {
        placing = arguments.filter { Self.placement.contains($0.key) }
        let others = arguments.filter { !Self.placement.contains($0.key) }
        pairs[0].value.content = .map(others)
        item.content = .map(pairs)
      }
    }
    let made = try LayerCatalog.all.member(item, path: "model.layers", file: file)
    let section = try Section(
      YAMLNode(line: item.line, content: .map(placing)), path: made.kind, file: file,
      keys: Self.placement)
    return LayerNode(
      made, name: try section.text("name"), from: try section.names("from"),
      weightsOf: try section.text("weights-of"))
  }
}

extension Section {
  /// One word or a list of words.
  fileprivate func names(_ key: String) throws(InputError) -> [String] {
    guard let node = self[key] else { return [] }
    guard case .list(let nodes) = node.content else { return try text(key).map { [$0] } ?? [] }
    guard !nodes.isEmpty else { throw error(key, "\(title(key)) names no layer") }
    var names: [String] = []
    for node in nodes {
      guard let name = node.text else {
        throw InputError(
          file: file, line: node.line,
          "\(title(key)) holds \(node.written), expected the name of a layer")
      }
      names.append(name)
    }
    return names
  }
}
