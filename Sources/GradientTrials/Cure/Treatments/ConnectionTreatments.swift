import Backpropagation
import GradientModelFiles
import GzipIO

/// Ways around layers, and fewer of them.
enum ConnectionTreatments {
  static let all = [residuals, fewerLayers]

  /// Adds to each activation what came into its layer with weights, where both have one shape.
  private static let residuals = Treatment("residual-connections") {
    recipe, _ throws(Inapplicable) in
    var changed = recipe
    var count = 0
    var seen: Set<String> = []
    while let block = try LayerMap(changed).nextBlock(after: seen) {
      seen.insert(block.name)
      count += 1
      try changed.bypass(block, number: count)
    }
    guard count > 0 else {
      throw Inapplicable("no layer with an activation gives the shape that it takes")
    }
    try changed.startAfresh()
    return [Dose(label: "shortcuts past \(count.counted("layer"))", recipe: changed)]
  }

  /// Every second layer that gives the shape it takes, with its activation, is taken out.
  private static let fewerLayers = Treatment("fewer-layers") { recipe, _ throws(Inapplicable) in
    let map = try LayerMap(recipe)
    let blocks = map.plainBlocks
    guard blocks.count > 1 else { throw Inapplicable("no layers can be left out") }
    let gone = stride(from: 1, to: blocks.count, by: 2).map { blocks[$0] }
    return [
      try recipe.dose("without \(gone.count) of \(blocks.count.counted("layer"))") {
        recipe throws(Inapplicable) in
        for place in gone.flatMap({ Array($0) }).sorted(by: >) {
          try recipe.apply(.remove(layer: place))
        }
        try recipe.startAfresh()
      }
    ]
  }
}

extension LayerMap {
  /// A layer with weights and its activation that give the shape they take.
  struct Block {
    /// The activation's place and name.
    let activation: Int, name: String
    /// The name of what comes in.
    let input: String
  }

  /// The first block whose activation is not among `seen`, and around which nothing leads yet.
  func nextBlock(after seen: Set<String>) -> Block? {
    for place in hiddenActivations where !seen.contains(names[place]) {
      guard let layer = weightedSource(of: place), let input = source(of: layer),
        shape(input) == shape(place), !consumers[place].contains(where: { kind($0) == "add" })
      else { continue }
      return Block(activation: place, name: names[place], input: names[input])
    }
    return nil
  }

  /// The places of layers with weights, with what follows up to their activation, that stand in one line and give the
  /// shape they take.
  fileprivate var plainBlocks: [ClosedRange<Int>] {
    hiddenActivations.compactMap { place in
      guard let layer = weightedSource(of: place), layer < place, let input = source(of: layer),
        shape(input) == shape(place),
        (layer...place).allSatisfy({ layers[$0].inputs.isEmpty && layers[$0].name == nil }),
        (layer..<place).allSatisfy({ consumers[$0] == [$0 + 1] }), consumers[place] == [place + 1],
        layers[place + 1].inputs.isEmpty
      else { return nil }
      return layer...place
    }
  }
}

extension Recipe {
  /// Adds what comes into a block to what comes out of it, for all that took the latter.
  fileprivate mutating func bypass(
    _ block: LayerMap.Block, number: Int
  ) throws(Inapplicable) {
    let map = try LayerMap(self)
    let taken = Set(map.names)
    var name = "shortcut-\(number)"
    while taken.contains(name) { name += "-2" }
    let place = block.activation + 1
    try apply(
      .insert(at: place, WrittenMember("add"), name: name, from: [block.name, block.input]))
    for consumer in map.consumers[block.activation] {
      let now = consumer < place ? consumer : consumer + 1
      guard !layers[now].inputs.isEmpty else { continue }
      try apply(
        .setInputs(layer: now, layers[now].inputs.map { $0 == block.name ? name : $0 }))
    }
  }
}
