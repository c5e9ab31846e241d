extension Learner {
  /// Updates the parameters, at the rate that a schedule makes of each optimizer's own.
  func update(_ learningRate: (Double) -> Double) {
    summary.step = updates
    summary.learningRate = learningRate(rule.optimizer.learningRate)
    regularize()
    var step = UpdateStep(number: updates + 1, learningRate: 0)
    clip(&step)
    for index in parameters.views.indices where network.parameters[index].isTrainable {
      let weights = parameters.views[index]
      guard let optimizer = optimizers[index] else {
        if !knowsFrozen {
          summary.parameters[index].update = UpdateSummary(unchanged: weights.summary)
        }
        continue
      }
      let gradient = gradient(of: index)
      if summary.endsWindow, workspace.isRecording {
        summary.parameters[index].gradientHistogram?.setAll(to: 0)
        gradient.addHistogram(times: 1, to: &summary.parameters[index].gradientHistogram)
      }
      guard !summary.wasRefused else {
        summary.parameters[index].update = UpdateSummary(
          unchanged: weights.summary, gradient: gradientSummaries[index])
        continue
      }
      step.learningRate = learningRate(optimizer.learningRate)
      if case .norm(let limit) = rule.clipping {
        step.gradientFactor = Clipping.factor(
          norm: gradientSummaries[index].sumOfSquares.squareRoot(), limit: limit)
        summary.clipFactor = min(summary.clipFactor ?? 1, step.gradientFactor)
      }
      summary.parameters[index].update = optimizer.update(
        weights, gradient: gradient, state: states[index], step)
      countRows(of: index)
      if case .value(let limit) = rule.clipping {
        let largest = summary.parameters[index].update.gradient.maxMagnitude
        if largest > limit {
          summary.clipFactor = min(summary.clipFactor ?? 1, limit / largest)
        }
      }
    }
    knowsFrozen = true
    if workspace.isTiming { workspace.times.steps += 1 }
    updates += 1
  }

  private func countRows(of index: Int) {
    let isDue = workspace.isRecording && (summary.endsWindow || updates == 0)
    summary.parameters[index].distinctRows =
      isDue
      ? DistinctRows.count(
        of: parameters.views[index], rms: summary.parameters[index].update.weightRMS) : nil
  }

  /// The gradient of a parameter over all passes of the step.
  private func gradient(of index: Int) -> TensorView<Scalar> {
    (sums ?? workspace.gradients).views[index]
  }

  /// Adds the regularizer's gradients, and its share of the loss to the summary.
  private func regularize() {
    guard rule.regularization.isActive else { return }
    var sum = 0.0
    for index in network.parameters.indices
    where optimizers[index] != nil && network.parameters[index].shape.rank >= 2 {
      sum += rule.regularization.add(to: gradient(of: index), of: parameters.views[index])
    }
    summary.regularization = sum
  }

  /// Takes the norms that must be known before the update, and decides by them.
  private func clip(_ step: inout UpdateStep) {
    summary.clipFactor = rule.clipping == nil ? nil : 1
    summary.wasRefused = false
    if case .value(let limit) = rule.clipping { step.gradientLimit = limit }
    let needsNorms =
      switch rule.clipping {
      case .norm, .globalNorm: true
      case .value, nil: rule.refusesNonFinite
      }
    guard needsNorms else { return }
    var squares = 0.0, nonFinite = 0
    for index in parameters.views.indices where optimizers[index] != nil {
      gradientSummaries[index] = gradient(of: index).summary
      squares += gradientSummaries[index].sumOfSquares
      nonFinite += gradientSummaries[index].nonFinite
    }
    if case .globalNorm(let limit) = rule.clipping {
      step.gradientFactor = Clipping.factor(norm: squares.squareRoot(), limit: limit)
      summary.clipFactor = step.gradientFactor
    }
    summary.wasRefused = rule.refusesNonFinite && (nonFinite > 0 || !summary.loss.isFinite)
  }
}
