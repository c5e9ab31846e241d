import GradientHealth

/// Two networks that train against each other, evenly or not.
enum DuelFamilies {
  static var all: [Family] { even + uneven }

  private static var even: [Family] {
    [Duel(), Duel(drawing: 2e-3), Duel(drawing: 5e-4, judging: 5e-4), Duel(steps: 400)].map {
      Family(healthy: "duel-\($0.drawing)-against-\($0.judging)-for-\($0.steps)", Setup($0))
    }
  }

  /// A judge that learns so much faster that nothing is left to learn from it.
  private static var uneven: [Family] {
    [
      Duel(drawing: 1e-5, judging: 0.01, rounds: 2), Duel(drawing: 1e-4, judging: 0.03, rounds: 3),
      Duel(drawing: 3e-5, judging: 0.02, rounds: 5), Duel(drawing: 1e-5, judging: 0.02, rounds: 1),
      Duel(drawing: 1e-4, judging: 0.01, rounds: 5), Duel(drawing: 1e-5, judging: 0.03, rounds: 4),
    ].map { duel in
      Family(
        "duel-\(duel.drawing)-against-\(duel.judging)-times-\(duel.rounds)", Setup(duel),
        Fault("adversarial-imbalance", twin: Setup(Duel()), effects: [.losesTheDuel]))
    }
  }
}
