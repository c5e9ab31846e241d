package import GradientTrace

/// A network as a drawing shows it: its layers in blocks, in columns from the inputs to the outputs, in lanes side by side.
///
/// What follows a layer with weights and has no way around it (an activation, a norm, dropout) stands in its block, as does
/// what prepares its input. A block keeps its lane as far as the last block that it feeds; so a line can be drawn straight
/// along each lane, and none passes through a block. A residual stream stays in one lane, its branches lie beside it.
package struct NetworkPlan: Sendable, Equatable {
  /// The blocks, in the order of the forward pass.
  package private(set) var blocks: [Block] = []
  /// The number of columns.
  package var columnCount: Int { (blocks.map(\.column).max() ?? -1) + 1 }

  /// Layers that are drawn as one.
  package struct Block: Sendable, Equatable {
    /// Its layers' indices, in order.
    package var layers: [Int]
    /// The layer that gives it its name: the one with weights, or else the first.
    package var main: Int
    /// The blocks that feed it.
    package var inputs: [Int]
    /// The blocks that it feeds.
    package var consumers: [Int] = []
    package var column = 0
    package var lane = 0
    /// The column up to which its lane is its own: that of the last block that it feeds.
    package var end = 0
  }

  /// Plans the drawing of `graph`, the layers of which are described by `layers`.
  package init(_ graph: LayerGraph, _ layers: [LayerDescription]) {
    gatherBlocks(graph, layers)
    assignColumns()
    assignLanes()
  }

  private mutating func gatherBlocks(_ graph: LayerGraph, _ layers: [LayerDescription]) {
    let weighted = Set(graph.weightLayers)
    var blockOf: [Int] = []
    for layer in graph.inputs.indices {
      let inputs = graph.inputs[layer]
      if let input = inputs.first, inputs.count == 1, graph.consumers[input].count == 1,
        layers[input].kind != "input"
      {
        let block = blockOf[input]
        let hasWeights = blocks[block].layers.contains(where: weighted.contains)
        if !(hasWeights && weighted.contains(layer)) {
          blocks[block].layers.append(layer)
          if weighted.contains(layer) { blocks[block].main = layer }
          blockOf.append(block)
          continue
        }
      }
      let feeding = Set(inputs.map { blockOf[$0] }).sorted()
      for block in feeding { blocks[block].consumers.append(blocks.count) }
      blockOf.append(blocks.count)
      blocks.append(Block(layers: [layer], main: layer, inputs: feeding))
    }
  }

  /// A block stands behind all that feed it, an input right before the first that reads it.
  private mutating func assignColumns() {
    for index in blocks.indices {
      blocks[index].column = (blocks[index].inputs.map { blocks[$0].column }.max() ?? -1) + 1
    }
    for index in blocks.indices where blocks[index].inputs.isEmpty {
      let first = blocks[index].consumers.map { blocks[$0].column }.min() ?? 1
      blocks[index].column = first - 1
    }
    for index in blocks.indices {
      let last = blocks[index].consumers.map { blocks[$0].column }.max() ?? 0
      blocks[index].end = max(last, blocks[index].column + 1)
    }
  }

  /// Each block takes the lane of one that feeds it if that ends here, else the first that is free.
  private mutating func assignLanes() {
    var ends: [Int] = []
    let byColumn = Dictionary(grouping: blocks.indices) { blocks[$0].column }
    for column in byColumn.keys.sorted() {
      var waiting: [Int] = []
      for index in byColumn[column] ?? [] {
        let lanes = blocks[index].inputs.map { blocks[$0].lane }
        if let lane = lanes.filter({ ends[$0] <= column }).min() {
          blocks[index].lane = lane
          ends[lane] = blocks[index].end
        } else {
          waiting.append(index)
        }
      }
      for index in waiting {
        let lane = ends.firstIndex { $0 <= column } ?? ends.count
        if lane == ends.count { ends.append(0) }
        blocks[index].lane = lane
        ends[lane] = blocks[index].end
      }
    }
  }

  /// For each column the number of lanes that blocks take there, and lines right before it.
  package var lanesByColumn: [Int] {
    var lanes = [Int](repeating: 0, count: columnCount)
    for block in blocks {
      for column in block.column...min(block.end, columnCount - 1) {
        lanes[column] = max(lanes[column], block.lane + 1)
      }
    }
    return lanes
  }
}
