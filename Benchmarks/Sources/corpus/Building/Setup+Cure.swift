import GradientHealth

extension Setup {
  /// The search for a remedy for this training.
  func cure(seed: UInt64) throws -> Cure {
    let recipe = try Recipe(
      inputs: [NetworkInput(task.shape)], losses: [NetworkLoss(loss, weight: lossWeight)],
      layers: layers, length: .steps(steps)
    ) {
      Trainer(
        $0, optimizer: optimizer, groups: groups, schedule: schedule, clipping: clipping,
        batch: batch, seed: seed)
    }
    let data = task.data(seed: seed)
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
