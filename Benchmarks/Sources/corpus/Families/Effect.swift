import GradientHealth

/// What a planted fault does to a run, seen against the twin without it.
enum Effect: Sendable, Equatable {
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
  /// The loss ends at more than five times the twin's, and more than a twentieth of the best constant prediction's.
  case stopsShort
  /// The loss ends at more than three times its start, and that of the network it trains against at less than a fifth.
  case losesTheDuel
  /// At least half of the layer's units say less than a hundredth of what the loudest says, at the end.
  case unitsAreQuiet(layer: String)

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
      guard let loss = run.result?.part("validation")?.loss,
        let other = twin.result?.part("validation")?.loss
      else { return false }
      return run.answersStrangersWorseThanAConstant && loss > other
    case .losesTheDuel:
      return (RecordedRun.lossRatio(run.steps) ?? 0) > 3
        && (RecordedRun.lossRatio(run.paired) ?? 1) < 0.2
    case .stopsShort:
      return 1 - run.fall > max(0.05, 5 * (1 - twin.fall))
    case .unitsAreQuiet(let layer):
      return (run.quietShare(ofLayer: layer) ?? 0) >= 0.5
        && (twin.quietShare(ofLayer: layer) ?? 1) < 0.5
    }
  }
}

extension Family {
  /// Whether a run is what its label says: a healthy one learned, a faulty one shows an effect that its twin, which
  /// learned, does not.
  func confirms(_ run: RecordedRun, twin: RecordedRun?) -> Bool {
    guard let fault else {
      guard run.paired.isEmpty else { return isBalanced(run) }
      return run.fall >= Effect.learned && !run.hasNonFinite
        && !run.answersStrangersWorseThanAConstant
    }
    guard let twin, twin.paired.isEmpty ? twin.fall >= Effect.learned : isBalanced(twin),
      !twin.hasNonFinite
    else { return false }
    return fault.effects.contains { $0.shows(in: run, beside: twin) }
  }

  /// The last step of the first window that shows the fault, where a run has to be looked at for that: δ may fade through
  /// time only once weights have grown, and a loss may have fallen nearly as far as the twin's before it climbs back.
  func firstWindow(in run: RecordedRun, twin: RecordedRun?) -> Int? {
    guard let fault, let twin else { return nil }
    let fading =
      fault.symptom == "vanishing-through-time" ? run.step(atWhichDeltaHasFadedBy: 3) : nil
    let isLearning = fault.effects.filter { $0.shows(in: run, beside: twin) } == [.learnsLess]
    let lapse = isLearning ? run.step(fromWhichTheFallIsBelow: twin.fall / 2) : nil
    return [fading, lapse].compactMap(\.self).max()
  }

  /// Whether two networks that train against each other both end within a factor of three of where they began.
  private func isBalanced(_ run: RecordedRun) -> Bool {
    [run.steps, run.paired].allSatisfy { steps in
      RecordedRun.lossRatio(steps).map { (1.0 / 3...3).contains($0) } ?? false
    }
  }
}
