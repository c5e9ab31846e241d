import Backpropagation

/// The errors of a network's losses over dual numbers, at the outputs of its passes.
struct HeadErrors {
  private let heads: [WholeNetwork.WeighedLoss]
  private let passes: DualPasses
  private let errors: [Buffer<Dual>]

  init(_ heads: [WholeNetwork.WeighedLoss], at passes: DualPasses) {
    self.heads = heads
    self.passes = passes
    errors = heads.map { Buffer([$0.weights.count]) }
  }

  /// The error of the network as a sum over the terms of its losses.
  var terms: [TangentFunction.Term] {
    zip(heads, errors).map { TangentFunction.Term(output: $1.view, cotangent: $0.weights) }
  }

  /// Computes the errors of the outputs as they are.
  func compute() {
    for (head, errors) in zip(heads, errors) {
      head.loss.forward(
        passes.output(of: head.output).reshaped(head.shape), head.targets.duals,
        errors: errors.view)
    }
  }
}
