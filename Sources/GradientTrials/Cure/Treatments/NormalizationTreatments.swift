import Backpropagation
import GradientModelFiles
import GzipIO

/// Normalization between layers, and dropout.
enum NormalizationTreatments {
  static let all = [normalization, dropout]

  /// Examples of a batch below which its statistics say too little.
  private static let leastBatch = 8

  private static let normalization = Treatment("batch-normalization") {
    recipe, _ throws(Inapplicable) in
    let map = try LayerMap(recipe)
    let places = map.hiddenActivations.filter { place in
      map.source(of: place).map(map.isWeighted) ?? false
    }
    guard !places.isEmpty else {
      throw Inapplicable("no activation stands directly behind a layer with weights")
    }
    // Of a sequence the first axis counts positions, which batch-norm would take for channels.
    let isSequence = places.contains { map.hasPositions($0) }
    let kinds =
      isSequence || recipe.trainer.batch < leastBatch
      ? ["layer-norm"] : ["batch-norm", "layer-norm"]
    return try applicable(kinds) { kind throws(Inapplicable) in
      try recipe.dose("\(kind) before \(places.count.counted("activation"))") {
        recipe throws(Inapplicable) in
        for place in places.sorted(by: >) {
          try recipe.insert(WrittenMember(kind), before: place)
        }
        try recipe.startAfresh()
      }
    }
  }

  private static let dropout = Treatment("dropout") { recipe, _ throws(Inapplicable) in
    let map = try LayerMap(recipe)
    let places = map.heads.filter { map.isWeighted($0) && map.source(of: $0) != nil }
    guard !places.isEmpty else { throw Inapplicable("no layer comes before the last one") }
    return try applicable([0.2, 0.5]) { rate throws(Inapplicable) in
      try recipe.dose("dropout of \(rate) before the last layer") { recipe throws(Inapplicable) in
        for place in places.sorted(by: >) {
          try recipe.insert(
            WrittenMember("dropout", [.init("rate", .number(rate))]), before: place)
        }
      }
    }
  }
}

extension Recipe {
  /// Puts a new layer between a layer and what feeds it.
  fileprivate mutating func insert(_ member: WrittenMember, before place: Int) throws(Inapplicable)
  {
    let inputs = layers[place].inputs
    try apply(.insert(at: place, member, from: inputs))
    if !inputs.isEmpty { try apply(.setInputs(layer: place + 1, [])) }
  }
}
