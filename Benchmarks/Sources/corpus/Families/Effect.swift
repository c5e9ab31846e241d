import GradientHealth

/// What a planted fault does to a run, seen against the twin without it.
enum Effect {
  /// The loss falls by less than half of what the twin's does.
  case learnsLess
  /// The first layer with weights moves, next to its size, by less than a tenth of what the twin's does.
  case firstLayerRests
  /// At least half of the layer's units, or of those beyond what the twin has, are zero over all examples of a window.
  case unitsDie(layer: String)
  /// The layer with this name never moves, though it should.
  case neverMoves(layer: String)
  /// A number is not finite.
  case nonFinite
  /// The loss on the validation part ends above that of the best constant prediction, and above the twin's.
  case answersStrangersWorse

  /// The least share by which a loss has to fall for a network to have learned.
  static let learned = 0.3

  /// Whether it is to be seen.
  func shows(in run: RecordedRun, beside twin: RecordedRun) -> Bool {
    switch self {
    case .learnsLess: return run.fall < twin.fall / 2
    case .firstLayerRests:
      guard let first = run.weightLayers.first, let moved = run.updateRatio(first),
        let usual = twin.updateRatio(first)
      else { return false }
      return moved < usual / 10
    case .unitsDie(let layer):
      guard let dead = run.silentShare(ofLayer: layer) else { return false }
      return dead - (twin.silentShare(ofLayer: layer) ?? 0) >= 0.4
    case .neverMoves(let name):
      guard let layer = run.header.layers.firstIndex(where: { $0.name == name }) else {
        return false
      }
      return run.updateRatio(layer) == 0
    case .nonFinite: return run.hasNonFinite
    case .answersStrangersWorse:
      guard let loss = run.result.part("validation")?.loss,
        let other = twin.result.part("validation")?.loss, let constant = run.header.run.constantLoss
      else { return false }
      return loss > constant && loss > other
    }
  }
}

extension Family {
  /// Whether a run is what its label says: a healthy one learned, a faulty one shows an effect that its twin, which
  /// learned, does not.
  func confirms(_ run: RecordedRun, twin: RecordedRun?) -> Bool {
    guard let fault else { return run.fall >= Effect.learned && !run.hasNonFinite }
    guard let twin, twin.fall >= Effect.learned, !twin.hasNonFinite else { return false }
    return fault.effects.contains { $0.shows(in: run, beside: twin) }
  }
}
