/// How the layers of a recorded network feed each other, and how deep each stands.
public struct LayerGraph: Sendable {
  /// For each layer, the indices of the layers that feed it.
  public let inputs: [[Int]]
  /// For each layer, the indices of the layers that it feeds.
  public let consumers: [[Int]]
  /// For each layer, the number of layers with weights (rank 2 or more) on the longest path from an input to it, itself included.
  public let depths: [Int]
  /// The indices of the layers that have a parameter of rank 2 or more, in order of depth.
  public let weightLayers: [Int]

  /// Reads the graph off a header; names that no layer bears are ignored.
  public init(_ header: TraceHeader) {
    let layers = header.layers
    let index = Dictionary(
      layers.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    // A layer can only be fed by an earlier one, whatever a hostile header says.
    let inputs = layers.enumerated().map { position, layer in
      layer.inputs.compactMap { index[$0] }.filter { $0 < position }
    }
    var consumers = [[Int]](repeating: [], count: layers.count)
    var depths = [Int](repeating: 0, count: layers.count)
    for (layer, feeding) in inputs.enumerated() {
      for input in feeding { consumers[input].append(layer) }
      let above = feeding.map { depths[$0] }.max() ?? 0
      depths[layer] = above + (layers[layer].parameters.contains(where: \.isWeight) ? 1 : 0)
    }
    self.inputs = inputs
    self.consumers = consumers
    self.depths = depths
    weightLayers = layers.indices
      .filter { layers[$0].parameters.contains(where: \.isWeight) }
      .sorted { (depths[$0], $0) < (depths[$1], $1) }
  }
}
