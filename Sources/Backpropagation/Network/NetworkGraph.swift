import GzipIO

/// The names, edges and order of a list of layers, before shapes are known.
struct NetworkGraph {
  /// The name of each layer.
  var names: [String]
  /// For each layer the places of those that feed it; those below zero are the network's inputs, the last one −1.
  var inputs: [[Int]]
  /// For each layer the place of the one whose weights it uses.
  var weightsOf: [Int?]
  /// The places in an order in which every layer stands behind those that feed it.
  var order: [Int]

  init(of layers: [LayerNode], inputs inputNames: [String]) throws(NetworkError) {
    let names = try Self.names(of: layers, besides: inputNames)
    var places: [String: Int] = [:]
    for (place, name) in inputNames.enumerated() { places[name] = place - inputNames.count }
    for (place, name) in names.enumerated() { places[name] = place }

    var inputs: [[Int]] = []
    var weightsOf: [Int?] = []
    for (place, node) in layers.enumerated() {
      var sources: [Int] = []
      for input in node.inputs {
        sources.append(
          try Self.place(of: input, key: "from", of: place, names, places, inputNames))
      }
      guard place > 0 || inputNames.count == 1 || !node.inputs.isEmpty else {
        throw NetworkError(
          index: place, layer: names[place],
          message: "stands below \(inputNames.count) inputs; say with from which of them feed it")
      }
      inputs.append(node.inputs.isEmpty ? [place - 1] : sources)
      weightsOf.append(
        try node.weightsOf.map { name throws(NetworkError) in
          try Self.place(of: name, key: "weights-of", of: place, names, places, [])
        })
    }
    for place in layers.indices {
      guard let sharer = weightsOf[place] else { continue }
      guard sharer >= 0, sharer != place, weightsOf[sharer] == nil else {
        throw NetworkError(
          index: place, layer: names[place],
          message: "weights-of must name a layer that has weights of its own")
      }
    }
    order = try Self.order(of: names, inputs, weightsOf)
    self.names = names
    self.inputs = inputs
    self.weightsOf = weightsOf
  }

  /// Whether what this layer feeds is of the ReLU family.
  func feedsRectifier(_ place: Int, in layers: [LayerNode]) -> Bool {
    layers.indices.contains { consumer in
      guard inputs[consumer].contains(place) else { return false }
      let nonlinearity = layers[consumer].layer.nonlinearity
      return nonlinearity == .rectifier || nonlinearity == .leakyRectifier
    }
  }

  private static func names(
    of layers: [LayerNode], besides inputs: [String]
  ) throws(NetworkError) -> [String] {
    let names = layers.names
    var taken: Set<String> = []
    for name in inputs {
      guard isLegal(name) else {
        throw NetworkError(
          message: "the input \(name.quoted) has no legal name: letters, digits, '.', '_', '-' and "
            + "single '/'")
      }
      guard taken.insert(name).inserted else {
        throw NetworkError(message: "two inputs are called \(name.quoted)")
      }
    }
    for (place, name) in names.enumerated() {
      guard isLegal(name) else {
        throw NetworkError(
          index: place, layer: name,
          message: "a layer's name is made of letters, digits, '.', '_', '-' and single '/'")
      }
      guard taken.insert(name).inserted else {
        throw NetworkError(
          index: place, layer: name,
          message: inputs.contains(name)
            ? "is the name of the network's input" : "two layers have this name")
      }
    }
    return names
  }

  /// Whether a name matches `[A-Za-z0-9._-]+(/…)*`.
  private static func isLegal(_ name: String) -> Bool {
    name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty
        && part.unicodeScalars.allSatisfy {
          $0.isASCII
            && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
              || "._-".unicodeScalars.contains($0))
        }
    }
  }

  private static func place(
    of name: String, key: String, of place: Int, _ names: [String], _ places: [String: Int],
    _ inputNames: [String]
  ) throws(NetworkError) -> Int {
    guard let found = places[name] else {
      throw NetworkError(
        index: place, layer: names[place],
        message: "\(key) names \(name.quoted), which is no layer"
          + suggestion(for: name, among: names + inputNames))
    }
    return found
  }

  /// Puts the layers in order, those written first first where there is a choice (Kahn, 1962).
  private static func order(
    of names: [String], _ inputs: [[Int]], _ weightsOf: [Int?]
  ) throws(NetworkError) -> [Int] {
    var order: [Int] = []
    var placed: Set<Int> = []
    var remaining = Array(names.indices)
    while !remaining.isEmpty {
      let ready = remaining.firstIndex { place in
        inputs[place].allSatisfy { $0 < 0 || placed.contains($0) }
          && (weightsOf[place].map(placed.contains) ?? true)
      }
      guard let ready else {
        let cycle = cycle(from: remaining[0]) { place in
          (inputs[place] + [weightsOf[place]].compactMap { $0 }).first {
            $0 >= 0 && !placed.contains($0)
          }
        }
        let listed = cycle.prefix(8).map { names[$0].quoted } + (cycle.count > 8 ? ["…"] : [])
        throw NetworkError(
          index: cycle[0], layer: names[cycle[0]],
          message: "feeds itself: there is a cycle among \(listed.joined(separator: ", "))")
      }
      let place = remaining.remove(at: ready)
      placed.insert(place)
      order.append(place)
    }
    return order
  }

  /// The layers of a cycle that `start` belongs to or comes after, in the order in which they are written.
  private static func cycle(from start: Int, waitingFor source: (Int) -> Int?) -> [Int] {
    var way = [start]
    while let next = way.last.flatMap(source) {
      if let first = way.firstIndex(of: next) { return way[first...].sorted() }
      way.append(next)
    }
    return way
  }
}
