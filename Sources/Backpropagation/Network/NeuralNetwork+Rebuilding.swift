extension NeuralNetwork {
  /// The layers with their names and wiring, from which the network can be built again in another form.
  package var layerNodes: [LayerNode] {
    var owners: [Int: String] = [:]
    return nodes.dropFirst(inputCount).map { node in
      let sharer = node.parameters.first.flatMap { owners[$0] }
      for parameter in node.parameters where sharer == nil { owners[parameter] = node.name }
      return LayerNode(
        node.layer, name: node.name, from: node.inputs.map { nodes[$0].name }, weightsOf: sharer)
    }
  }

  /// The network of other layers with the inputs and losses of this one, which name the layers that they take.
  ///
  /// - Throws: A ``NetworkError`` that names the layer that doesn't fit.
  package func rebuilt(from layers: [LayerNode]) throws(NetworkError) -> NeuralNetwork {
    try NeuralNetwork(
      inputs: nodes.prefix(inputCount).map { NetworkInput($0.shape, name: $0.name) },
      losses: heads.map {
        NetworkLoss(
          $0.loss, output: nodes[$0.output].name, weight: $0.weight, target: $0.target)
      }, layers: layers)
  }

  /// This network with nothing dropped, its parameters starting as they do here.
  package var withoutDropout: NeuralNetwork {
    get throws(NetworkError) {
      guard nodes.contains(where: { $0.layer.isDropout }) else { return self }
      var network = try rebuilt(
        from: layerNodes.map { node in
          var node = node
          if node.layer.isDropout { node.layer = Identity() }
          return node
        })
      let initializers = Dictionary(
        parameters.map { ($0.name, $0.initializer) }, uniquingKeysWith: { first, _ in first })
      for index in network.parameters.indices {
        if let initializer = initializers[network.parameters[index].name] {
          network.parameters[index].initializer = initializer
        }
      }
      return network
    }
  }
}

extension Layer {
  fileprivate var isDropout: Bool { self is Dropout || self is SpatialDropout }
}
