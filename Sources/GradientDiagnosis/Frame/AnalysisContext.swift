public import GradientTrace

/// What an analyzer knows before the first step: the run's header, its graph and the policy.
public struct AnalysisContext: Sendable {
  /// What was known of the run before its first step.
  public let header: TraceHeader
  /// How the layers feed each other.
  public let graph: LayerGraph
  /// The thresholds in force.
  public let policy: HealthPolicy
  /// What was found out before the first step, where somebody looked.
  public let preflight: Preflight?
  /// The name of the run that this one is paired with, where it has one.
  package internal(set) var pairedName: String?
  /// For each layer, whether some path from an input to an output goes around it.
  package let bypassed: [Bool]
  /// For each layer, whether it feeds a layer with weights, through however many others.
  package private(set) var feedsWeights: [Bool] = []
  /// For each layer, its parameters of rank 2 or more.
  package let weights: [[Weight]]
  /// The weight layers of each depth, the one nearest the input first.
  package let levels: [[Int]]

  /// Creates the context of a run with `header`, judged by `policy`.
  public init(
    header: TraceHeader, policy: HealthPolicy = .standard, preflight: Preflight? = nil
  ) {
    self.header = header
    self.policy = policy
    self.preflight = preflight
    let graph = LayerGraph(header)
    self.graph = graph
    bypassed = Self.bypassed(graph)
    weights = header.layers.map(Weight.all)
    levels = Self.levels(graph)
    feedsWeights = feeding(where: hasWeights)
  }

  /// The name of the layer at `index`.
  package func name(_ index: Int) -> String { header.layers[index].name }

  /// The name of the layer at `index` as it stands in a sentence.
  package func cited(_ index: Int) -> String { Wording.name(name(index)) }

  /// The catalog id of the layer at `index`.
  package func kind(_ index: Int) -> String { header.layers[index].kind }

  /// The value of `threshold` for the layer at `index`, or for the whole run.
  package func value(_ threshold: Threshold, layer index: Int? = nil) -> Double {
    policy.value(threshold, layer: index.map(name))
  }

  /// The nearest layers above `index` that have weights: those that feed it.
  package func weightLayersFeeding(_ index: Int) -> [Int] {
    nearest(from: graph.inputs[index], along: graph.inputs) { hasWeights($0) }
  }

  /// The layers between `index`, a weight layer, and the next weight layers that it feeds.
  package func layersFollowing(_ index: Int) -> [Int] {
    var found: [Int] = []
    var open = graph.consumers[index]
    var seen = Set<Int>()
    while let layer = open.popLast() {
      guard !hasWeights(layer), seen.insert(layer).inserted else { continue }
      found.append(layer)
      open += graph.consumers[layer]
    }
    return found.sorted()
  }

  /// For each layer, whether it feeds a layer for which `condition` holds, through however many others.
  package func feeding(where condition: (Int) -> Bool) -> [Bool] {
    var feeds = [Bool](repeating: false, count: graph.consumers.count)
    for layer in feeds.indices.reversed() {
      feeds[layer] = graph.consumers[layer].contains { feeds[$0] || condition($0) }
    }
    return feeds
  }

  /// For each layer, whether a layer for which `condition` holds feeds it, through however many others.
  package func fed(where condition: (Int) -> Bool) -> [Bool] {
    var isFed = [Bool](repeating: false, count: graph.inputs.count)
    for layer in isFed.indices {
      isFed[layer] = graph.inputs[layer].contains { isFed[$0] || condition($0) }
    }
    return isFed
  }

  /// Whether the layer at `index` has a parameter of rank 2 or more.
  package func hasWeights(_ index: Int) -> Bool {
    header.layers[index].parameters.contains(where: \.isWeight)
  }

  private func nearest(
    from start: [Int], along edges: [[Int]], where condition: (Int) -> Bool
  ) -> [Int] {
    var found: [Int] = []
    var open = start
    var seen = Set<Int>()
    while let layer = open.popLast() {
      guard seen.insert(layer).inserted else { continue }
      if condition(layer) { found.append(layer) } else { open += edges[layer] }
    }
    return found.sorted()
  }

  /// A layer is bypassed when an edge of the graph leaps over its place in the forward order.
  private static func bypassed(_ graph: LayerGraph) -> [Bool] {
    var furthest = -1
    return graph.inputs.indices.map { layer in
      defer { furthest = max(furthest, graph.consumers[layer].max() ?? -1) }
      return furthest > layer
    }
  }

  private static func levels(_ graph: LayerGraph) -> [[Int]] {
    var levels: [[Int]] = []
    for layer in graph.weightLayers {
      let depth = graph.depths[layer]
      while levels.count < depth { levels.append([]) }
      levels[depth - 1].append(layer)
    }
    return levels.filter { !$0.isEmpty }
  }
}
