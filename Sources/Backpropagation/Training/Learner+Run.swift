extension Learner {
  /// What is known of a run before its first step.
  ///
  /// `probe` are inputs, examples first, on which the network can be run besides; of them the first
  /// ``TrainingRun/probeSize`` count.
  package func run(
    plannedSteps: Int, examplesPerEpoch: Int?, constantLoss: Double?, probe: Tensor<Scalar>
  ) -> TrainingRun {
    let size = network.inputShape.count, count = probe.scalars.count / max(size, 1)
    let data = Dataset(
      inputShape: network.inputShape, inputs: probe.scalars.map { Double($0) },
      targets: .values([Double](repeating: 0, count: count), perExample: 1)
    ).prefix(TrainingRun.probeSize)
    let evaluation = Evaluation(self, like: data)
    return run(
      plannedSteps: plannedSteps, examplesPerEpoch: examplesPerEpoch, constantLoss: constantLoss,
      probe: data, evaluation)
  }

  /// What is known of a run before its first step.
  func run(
    plannedSteps: Int, examplesPerEpoch: Int?, constantLoss: Double?, probe: Dataset,
    _ evaluation: Evaluation<Scalar>
  ) -> TrainingRun {
    TrainingRun(
      network: network, initialRMS: parameters.views.map(\.summary.rms),
      isFrozen: summary.parameters.map(\.isFrozen), examplesPerEpoch: examplesPerEpoch,
      plannedSteps: plannedSteps, constantLoss: constantLoss,
      probe: evaluation.probe(on: probe))
  }
}
