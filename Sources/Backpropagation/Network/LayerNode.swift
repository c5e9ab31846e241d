/// A layer as it is placed in a network: with a name, its inputs, and whose weights it uses.
public struct LayerNode: Sendable {
  /// What it computes.
  public var layer: any Layer
  /// Its name; nil for its kind and its place among those of the same kind: `dense-1`.
  public var name: String?
  /// The names of the layers that feed it; empty for the layer above.
  public var inputs: [String]
  /// The name of the layer whose weights it uses, where it has none of its own.
  public var weightsOf: String?

  /// Places a layer.
  public init(
    _ layer: any Layer, name: String? = nil, from inputs: [String] = [], weightsOf: String? = nil
  ) {
    self.layer = layer
    self.name = name
    self.inputs = inputs
    self.weightsOf = weightsOf
  }

  /// This node with a name.
  public func named(_ name: String) -> LayerNode {
    var node = self
    node.name = name
    return node
  }

  /// This node fed by the layers of these names instead of the one above.
  public func from(_ inputs: String...) -> LayerNode {
    var node = self
    node.inputs = inputs
    return node
  }

  /// This node with the weights of the layer of that name.
  public func sharingWeights(of other: String) -> LayerNode {
    var node = self
    node.weightsOf = other
    return node
  }
}

extension Layer {
  /// This layer with a name.
  public func named(_ name: String) -> LayerNode { LayerNode(self, name: name) }

  /// This layer fed by the layers of these names instead of the one above.
  public func from(_ inputs: String...) -> LayerNode { LayerNode(self, from: inputs) }

  /// This layer with the weights of the layer of that name.
  public func sharingWeights(of other: String) -> LayerNode { LayerNode(self, weightsOf: other) }
}

extension [LayerNode] {
  /// The layers' names: their own, or their kind and their place among those of the same kind, `dense-1`.
  package var names: [String] {
    var counts: [String: Int] = [:]
    return map { node in
      counts[node.layer.kind, default: 0] += 1
      return node.name ?? "\(node.layer.kind)-\(counts[node.layer.kind, default: 0])"
    }
  }
}

/// Builds a network's nodes from layers, one a line.
@resultBuilder
public enum NetworkBuilder {
  public static func buildExpression(_ layer: some Layer) -> [LayerNode] { [LayerNode(layer)] }
  public static func buildExpression(_ node: LayerNode) -> [LayerNode] { [node] }
  public static func buildBlock(_ parts: [LayerNode]...) -> [LayerNode] { parts.flatMap { $0 } }
  public static func buildArray(_ parts: [[LayerNode]]) -> [LayerNode] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [LayerNode]?) -> [LayerNode] { part ?? [] }
  public static func buildEither(first part: [LayerNode]) -> [LayerNode] { part }
  public static func buildEither(second part: [LayerNode]) -> [LayerNode] { part }
}
