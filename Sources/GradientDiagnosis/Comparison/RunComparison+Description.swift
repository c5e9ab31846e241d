extension RunComparison.Quantity {
  /// What it is, for a table's head.
  package var title: String {
    switch self {
    case .weight: "weights (RMS·√inputs)"
    case .delta: "δ (L2 per example) / last layer's"
    case .activation: "output (RMS)"
    case .gradient: "weight gradient / last layer's"
    case .update: "‖ΔW‖/‖W‖ a step"
    }
  }

  /// Its short name.
  package var name: String {
    switch self {
    case .weight: "the weights' scale"
    case .delta: "δ"
    case .activation: "output"
    case .gradient: "weight gradient"
    case .update: "update:weight"
    }
  }
}

extension RunComparison {
  /// What changed where, in a sentence without a full stop.
  package var headline: String {
    guard steps != nil, !entries.isEmpty else { return "nothing that both runs recorded" }
    let parts = Quantity.allCases.compactMap { quantity in
      let all = entries(of: quantity), changed = all.filter(\.isChanged)
      guard !changed.isEmpty else { return String?.none }
      let names = changed.map(\.layer)
      let places = all.indices.filter { all[$0].isChanged }
      let isStretch = places.count > 2 && places[places.count - 1] - places[0] == places.count - 1
      return "\(quantity.name) in "
        + (names.count == all.count && names.count > 2
          ? "all \(names.count) layers" : Wording.list(names, contiguous: isStretch))
    }
    return parts.isEmpty ? "no layer beyond what is noise" : parts.joined(separator: "; ")
  }

  /// What changed most, in a few words.
  package var shortHeadline: String {
    let all = changes.first.map { entries(of: $0.quantity) } ?? []
    let changed = all.filter(\.isChanged)
    let most = changed.max { abs($0.decades ?? .infinity) < abs($1.decades ?? .infinity) }
    guard let most else { return headline }
    return "\(most.quantity.name) changed in \(changed.count) of \(all.count) layers, "
      + "most in \(most.layer): \(most.factor)"
  }

  /// How noise was told.
  package var noiseNote: String {
    switch repeats {
    case 1: "unknown without --repeats: a factor of 3, or ten times the spread from step to step"
    case 2: "unknown of two runs: a factor of 3, or ten times the spread from step to step"
    default: "from \(repeats) runs like the one before"
    }
  }
}

extension RunComparison.Entry {
  /// The factor from before to after: `÷ 2.5e7`, `× 3.1`.
  package var factor: String {
    guard let decades else {
      if !after.isFinite { return after.isNaN && before.isNaN ? "" : "not finite" }
      return after == 0 ? (before == 0 ? "" : "now 0") : "was \(Wording.short(before))"
    }
    return Self.factor(decades)
  }

  /// The factor up to which a difference is noise: `×÷ 3.2`.
  package var noiseFactor: String { "×÷ " + Wording.short(Self.power(noise)) }

  private static func factor(_ decades: Double) -> String {
    (decades < 0 ? "÷ " : "× ") + Wording.short(power(abs(decades)))
  }

  private static func power(_ decades: Double) -> Double { Magnitude.power(decades) }
}
