package import GradientTrace

/// Where the layers of a network stand when it is drawn as a column: each on a row of its own, in lanes side by side.
///
/// A layer keeps its lane down to the last layer that it feeds; so a line can be drawn straight down from each, and none
/// passes through another layer. A residual stream stays in one lane, its branches bulge out to the right.
package struct NetworkLanes: Sendable, Equatable {
  /// For each layer its lane, the leftmost being 0.
  package private(set) var lanes: [Int] = []
  /// The number of lanes.
  package var count: Int { (lanes.max() ?? -1) + 1 }

  /// Assigns lanes to the layers of `graph`, which stand in the order of the forward pass.
  package init(_ graph: LayerGraph) {
    /// For each lane the last layer that needs it; nil where it is free.
    var ends: [Int?] = []
    for layer in graph.inputs.indices {
      for lane in ends.indices where (ends[lane] ?? layer) <= layer { ends[lane] = nil }
      let lane = ends.firstIndex { $0 == nil } ?? ends.count
      if lane == ends.count { ends.append(nil) }
      // One that feeds none holds its lane for its own row alone.
      ends[lane] = graph.consumers[layer].max() ?? layer
      lanes.append(lane)
    }
  }
}
