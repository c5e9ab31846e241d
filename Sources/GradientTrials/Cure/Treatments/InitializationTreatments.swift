import Backpropagation
import GradientModelFiles
import GzipIO

/// Other starts of the weights and biases.
enum InitializationTreatments {
  static let all = [
    scaled("he-initialization", "he-normal") { if case .he = $0 { true } else { false } },
    scaled("xavier-initialization", "xavier-normal") {
      if case .glorot = $0 { true } else { false }
    },
    random, zeroBias,
  ]

  /// A known initializer wherever the description names one of its own; at the output the network's choice.
  private static func scaled(
    _ id: String, _ initializer: String, has: @escaping @Sendable (RandomValues.Scale) -> Bool
  ) -> Treatment {
    Treatment(id) { recipe, _ throws(Inapplicable) in
      let map = try LayerMap(recipe)
      let places = recipe.layers.indices.filter { place in
        guard let own = map.initializer(of: place) else { return false }
        return (own as? RandomValues).map { !has($0.scale) } ?? true
      }
      guard !places.isEmpty || recipe.weights != nil else {
        throw Inapplicable("every layer starts at that scale, or from its default")
      }
      return [
        try recipe.dose("\(initializer) in \(places.count.counted("layer"))") {
          recipe throws(Inapplicable) in
          for place in places {
            try recipe.start(place, map.heads.contains(place) ? nil : initializer)
          }
          try recipe.startAfresh()
        }
      ]
    }
  }

  private static let random = Treatment("random-initialization") { recipe, _ throws(Inapplicable) in
    let starts = recipe.layers.enumerated().flatMap { place, node in
      [
        ("initializer", (node.layer as? any InitializedLayer)?.initializer),
        ("recurrent-initializer", (node.layer as? any RecurrentLayer)?.recurrentInitializer),
      ].compactMap { name, own in own is Constant ? (place: place, name: name) : nil }
    }
    guard !starts.isEmpty else { throw Inapplicable("no layer's weights start all alike") }
    var doses: [Dose] = []
    // The network's choice first, then He's scale, which is larger.
    for (suffix, value) in [("", nil), (" by he-normal", ArgumentValue.text("he-normal"))] {
      let label = "random start of \(starts.count.counted("layer"))\(suffix)"
      doses.append(
        try recipe.dose(label) { recipe throws(Inapplicable) in
          for start in starts {
            let isRecurrent = start.name == "recurrent-initializer"
            try recipe.apply(
              .setArgument(
                layer: start.place, name: start.name, isRecurrent ? nil : value))
          }
        })
    }
    return doses
  }

  private static let zeroBias = Treatment("zero-bias") { recipe, _ throws(Inapplicable) in
    let places = recipe.layers.indices.filter { place in
      guard let layer = recipe.layers[place].layer as? any InitializedLayer else { return false }
      return (layer.biasInitializer as? Constant)?.value != 0
    }
    guard !places.isEmpty else { throw Inapplicable("all biases start at zero") }
    return [
      try recipe.dose("zero biases in \(places.count.counted("layer"))") {
        recipe throws(Inapplicable) in
        for place in places {
          try recipe.apply(.setArgument(layer: place, name: "bias-initializer", nil))
        }
      }
    ]
  }
}

extension Recipe {
  /// Lets the weights of a layer start from an initializer, or from the network's choice.
  mutating func start(_ place: Int, _ initializer: String?) throws(Inapplicable) {
    try apply(
      .setArgument(layer: place, name: "initializer", initializer.map { .text($0) }))
  }

  /// Leaves out the trained weights that it started from, which don't fit any more, or would take the place of the new start.
  mutating func startAfresh() throws(Inapplicable) {
    if weights != nil { try apply(.dropWeights) }
  }
}
