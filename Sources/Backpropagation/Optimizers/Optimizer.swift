/// How a gradient becomes an update.
public protocol Optimizer: Sendable {
  /// The id by which model files name this optimizer.
  var id: String { get }
  /// The learning rate, α.
  var learningRate: Double { get }
  /// How many tensors of a parameter's shape it keeps from step to step.
  var stateCount: Int { get }

  /// Updates one parameter in place, and its state, in one pass that also takes the statistics.
  func update<Scalar>(
    _ parameter: TensorView<Scalar>, gradient: TensorView<Scalar>, state: [TensorView<Scalar>]
  ) -> UpdateSummary
}
