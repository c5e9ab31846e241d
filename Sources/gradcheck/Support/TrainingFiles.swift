import GradientHealth

/// The files that a training goes on from and leaves behind, besides its trace.
struct TrainingFiles {
  /// Where the trained weights go.
  var weights: String?
  /// Where the state goes at the end of each epoch and of the training.
  var checkpoint: String?
  /// Where the state comes from.
  var resume: String?

  /// The state to go on from, which must be of such a run.
  func resumedState(
    of trainer: Trainer, examples: Int, limit: Int
  ) throws -> TrainingState? {
    guard let resume else { return nil }
    let checkpoint = try Checkpoint(contentsOf: resume, limit: limit)
    try checkpoint.check(against: trainer, examples: examples, file: resume)
    return checkpoint.state
  }

  /// Writes what is wanted at a moment of the training.
  func save(_ point: SavePoint, of trainer: Trainer, examples: Int) throws {
    guard checkpoint != nil || weights != nil && point.isLast else { return }
    let state = point.state()
    if let checkpoint {
      try Checkpoint(state, of: trainer, examples: examples).write(to: checkpoint)
    }
    if let weights, point.isLast {
      try SafeTensors(state.parameters, type: trainer.precision == .float ? .float32 : .float64)
        .write(to: weights)
    }
  }
}
