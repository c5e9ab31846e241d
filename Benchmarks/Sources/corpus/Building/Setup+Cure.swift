import GradientHealth

extension Setup {
  /// The search for a remedy for this training; nil for what no model file describes: two networks against each other, or a
  /// training that goes on from another.
  func cure(seed: UInt64) throws -> Cure? {
    guard duel == nil, earlierSteps == 0 else { return nil }
    let recipe = try Recipe(
      inputs: [NetworkInput(task.shape)],
      losses: [NetworkLoss(loss, output: heads.first, weight: lossWeight)]
        + heads.dropFirst().map { NetworkLoss(loss, output: $0, weight: 0) },
      layers: layers, length: .steps(steps)
    ) {
      Trainer(
        $0, optimizer: optimizer, groups: groups, schedule: schedule, clipping: clipping,
        batch: batch, seed: seed)
    }
    let data = data(seed: seed)
    return try Cure(of: recipe) { normalization, missing in
      (missing == .dropRow ? data.withoutMissingNumbers : data).normalized(normalization)
    }
  }
}

extension DataSplit {
  /// The split without the training examples in which a number is none.
  fileprivate var withoutMissingNumbers: DataSplit {
    let size = training.inputShape.count
    let whole = (0..<training.count).filter { example in
      training.inputs[example * size..<(example + 1) * size].allSatisfy(\.isFinite)
    }
    var split = self
    split.training = training.selecting(whole)
    return split
  }
}
