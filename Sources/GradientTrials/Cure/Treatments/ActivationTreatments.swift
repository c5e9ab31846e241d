import Backpropagation
import GradientModelFiles

/// Other activations, and a last layer that gives what the loss takes.
enum ActivationTreatments {
  static let all = [useReLU, useLeakyReLU, fitOutput]

  /// ReLU, with He's start, where an activation is flat at both ends; never in a gate, a recurrent cell or at the output.
  private static let useReLU = Treatment("use-relu") { recipe, _ throws(Inapplicable) in
    let map = try LayerMap(recipe)
    let places = map.saturatingActivations
    guard !places.isEmpty else {
      throw Inapplicable("no activation between layers is flat at both ends")
    }
    let kinds = Set(places.map(map.kind)).sorted().joined(separator: ", ")
    return [
      try recipe.dose("\(places.count) × \(kinds) → relu") { recipe throws(Inapplicable) in
        for place in places {
          try recipe.apply(.replace(layer: place, by: WrittenMember("relu")))
          guard let source = map.weightedSource(of: place) else { continue }
          if map.initializer(of: source) != nil { try recipe.start(source, "he-normal") }
        }
      }
    ]
  }

  private static let useLeakyReLU = Treatment("use-leaky-relu") { recipe, _ throws(Inapplicable) in
    let map = try LayerMap(recipe)
    let places = map.hiddenActivations.filter { map.kind($0) == "relu" }
    guard !places.isEmpty else { throw Inapplicable("there is no relu between layers") }
    return [
      try recipe.dose("\(places.count) × relu → leaky-relu") { recipe throws(Inapplicable) in
        for place in places {
          try recipe.apply(.replace(layer: place, by: WrittenMember("leaky-relu")))
        }
      }
    ]
  }

  /// Losses take what is linear in the last layer; an activation there is a mistake but for the few that ask for one.
  private static let fitOutput = Treatment("fit-output") { recipe, _ throws(Inapplicable) in
    let map = try LayerMap(recipe)
    let misfits = map.misfits(of: recipe)
    guard !misfits.isEmpty else { throw Inapplicable("the last layer gives what the loss takes") }
    let kinds = Set(misfits.map(map.kind)).sorted().joined(separator: ", ")
    return [
      try recipe.dose("without \(kinds) before the loss") { recipe throws(Inapplicable) in
        for place in misfits.sorted(by: >) {
          if let output = recipe.losses.firstIndex(where: { $0.output == map.names[place] }),
            let source = map.source(of: place)
          {
            try recipe.apply(.setOutput(loss: output, map.names[source]))
          }
          try recipe.apply(.remove(layer: place))
        }
      }
    ]
  }
}

extension LayerMap {
  /// The activations before a loss that has its own: softmax or sigmoid twice, or what cuts off one side of the logits.
  func misfits(of recipe: Recipe) -> [Int] {
    heads.filter { place in
      guard let source = source(of: place), consumers[place].isEmpty, isWeighted(source),
        consumers[source] == [place], layers[place].inputs.isEmpty
      else { return false }
      let output = names[place]
      let loss = recipe.losses.first { $0.output == output } ?? recipe.losses.first
      return switch loss?.loss {
      case is SoftmaxCrossEntropy, is BinaryCrossEntropy:
        Self.activations.union(["softmax", "log-softmax"]).contains(kind(place))
      default: false
      }
    }
  }

  /// How the weights of a layer are said to start; nil where that is left to the network.
  func initializer(of place: Int) -> (any Initializer)? {
    (layers[place].layer as? any InitializedLayer)?.initializer
  }
}
