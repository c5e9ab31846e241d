import Backpropagation
import GradientModelFiles
import GzipIO

/// What recurrent layers are, and how they start.
enum RecurrenceTreatments {
  static let all = [gatedRecurrence, longerMemory, orthogonal]

  /// Gates in place of a plain recurrent layer, which hold for as long as the sequence from the start.
  private static let gatedRecurrence = Treatment("use-lstm") { recipe, _ throws(Inapplicable) in
    let map = try LayerMap(recipe)
    let places = recipe.layers.indices.filter { recipe.layers[$0].layer is RNN }
    guard !places.isEmpty else { throw Inapplicable("there is no plain rnn") }
    return try applicable(["lstm", "gru"]) { kind throws(Inapplicable) in
      try recipe.dose("rnn → \(kind)") { recipe throws(Inapplicable) in
        for place in places {
          guard let rnn = recipe.layers[place].layer as? RNN else { continue }
          try recipe.apply(
            .replace(layer: place, by: rnn.written(as: kind, memory: map.steps(into: place))))
        }
        try recipe.startAfresh()
      }
    }
  }

  private static let longerMemory = Treatment("longer-memory") { recipe, _ throws(Inapplicable) in
    let map = try LayerMap(recipe)
    let places = recipe.layers.indices.filter { place in
      (recipe.layers[place].layer as? any GatedLayer).map { $0.memory < map.steps(into: place) }
        ?? false
    }
    guard !places.isEmpty else {
      throw Inapplicable("no gates hold for less than the sequence")
    }
    return [
      try recipe.dose(
        "gates that hold for the sequence", setting: "memory", at: places,
        to: { .integer(map.steps(into: $0)) })
    ]
  }

  /// Recurrent weights that keep the length of what they are multiplied with, from step to step.
  private static let orthogonal = Treatment("orthogonal-initialization") {
    recipe, _ throws(Inapplicable) in
    let places = recipe.layers.indices.filter { place in
      guard let layer = recipe.layers[place].layer as? any RecurrentLayer else { return false }
      return !(layer.recurrentInitializer is Orthogonal)
    }
    guard !places.isEmpty else {
      throw Inapplicable("no recurrent layer starts from anything else")
    }
    return [
      try recipe.dose(
        "orthogonal recurrent weights", setting: "recurrent-initializer", at: places,
        to: { _ in .text("orthogonal") })
    ]
  }
}

extension Recipe {
  /// This training with an argument of some layers set, from another start.
  fileprivate func dose(
    _ what: String, setting name: String, at places: [Int], to value: (Int) -> ArgumentValue
  ) throws(Inapplicable) -> Dose {
    try dose("\(what) in \(places.count.counted("layer"))") { recipe throws(Inapplicable) in
      for place in places {
        try recipe.apply(.setArgument(layer: place, name: name, value(place)))
      }
      try recipe.startAfresh()
    }
  }
}

extension LayerMap {
  /// The time steps of what a recurrent layer reads.
  fileprivate func steps(into place: Int) -> Int { inputShape(place)[0] }
}

extension RNN {
  /// Another kind of recurrent layer with the same settings, of which only those that are not the default are written.
  fileprivate func written(as kind: String, memory: Int) -> WrittenMember {
    var arguments = [WrittenMember.Argument("units", .integer(units))]
    if layers != 1 { arguments.append(.init("layers", .integer(layers))) }
    if isBidirectional { arguments.append(.init("bidirectional", .boolean(true))) }
    if output != .last { arguments.append(.init("output", .text(output.rawValue))) }
    if memory > 2 { arguments.append(.init("memory", .integer(memory))) }
    return WrittenMember(kind, arguments)
  }
}
