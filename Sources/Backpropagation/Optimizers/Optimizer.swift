/// How a gradient becomes an update.
///
/// With the defaults of PyTorch, whose formulas these are; their papers are named where they are written down.
public protocol Optimizer: Sendable {
  /// The id by which model files name this optimizer.
  var id: String { get }
  /// The learning rate, α, before any schedule.
  var learningRate: Double { get set }
  /// The weight decay, λ.
  var weightDecay: Double { get set }
  /// How many tensors of a parameter's shape it keeps from step to step.
  var stateCount: Int { get }
  /// What the elements of these tensors are before the first step; by default 0.
  var initialState: Double { get }

  /// Updates one parameter in place, and its state, in one pass that also takes the statistics.
  func update<Scalar>(
    _ parameter: TensorView<Scalar>, gradient: TensorView<Scalar>, state: [TensorView<Scalar>],
    _ step: UpdateStep
  ) -> UpdateSummary
}

extension Optimizer {
  public var initialState: Double { 0 }

  /// Traps unless gradient and state have the parameter's count and number.
  func expectFit<S>(
    _ parameter: TensorView<S>, _ gradient: TensorView<S>, _ state: [TensorView<S>]
  ) {
    precondition(
      state.count == stateCount, "\(id): expected \(stateCount) states, got \(state.count)")
    precondition(
      gradient.count == parameter.count,
      "\(id): expected a gradient of \(parameter.shape), got \(gradient.shape)")
    for view in state where view.count != parameter.count {
      preconditionFailure("\(id): expected a state of \(parameter.shape), got \(view.shape)")
    }
  }
}
